"""The files of a person's export, photos and documents, and their digests."""

import hashlib
import zipfile

from django.utils import timezone
from django.utils.translation import gettext as _

from .records import AT_ONCE, file_of


def add_files(archive, folder, records, field):
    """Add the files of these records as stored to a folder of the archive, and the digest of each,
    as `sha256sum -c` reads it."""
    digests = []
    for record in records.exclude(**{field: ""}).iterator(chunk_size=AT_ONCE):
        name = file_of(record)
        try:
            with getattr(record, field).open("rb") as file:
                content = file.read()
        except OSError:
            digests.append(f"# {name}: " + _("the file is missing"))
            continue
        archive.writestr(zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6]), content)
        digests.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
    archive.writestr(f"{folder}/SHA256SUMS", "".join(f"{line}\n" for line in digests))
