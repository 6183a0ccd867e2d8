"""The files of a person's export, photos and documents, and their digests."""

import hashlib
import zipfile

from django.utils import timezone
from django.utils.translation import gettext as _

from .records import file_of


def add_files(archive, folder, records, field, *, always=True):
    """Add the files of these records as stored to a folder of the archive, and the digest of each,
    as `sha256sum -c` reads it; the list of digests `always`, or only if there are any.

    Returns the names of those that are missing.
    """
    digests, missing = [], []
    for record in records:
        if not getattr(record, field):
            continue
        name = file_of(record)
        try:
            with getattr(record, field).open("rb") as file:
                content = file.read()
        except OSError:
            digests.append(f"# {name}: " + _("the file is missing"))
            missing.append(name)
            continue
        archive.writestr(zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6]), content)
        digests.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
    if digests or always:
        archive.writestr(f"{folder}/SHA256SUMS", "".join(f"{line}\n" for line in digests))
    return missing
