"""A file that is made for a request, sent and forgotten."""

import tempfile

from django.http import FileResponse


def download(write, name, content_type):
    """Return the answer that sends what `write(file)` writes, under this name. What `write` raises
    is raised."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed once it is sent
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
