"""The photos of a person's export, and their digests."""

import hashlib
import zipfile

from django.utils import timezone
from django.utils.translation import gettext as _

from .records import AT_ONCE, file_of


def add_photos(archive, photos):
    """Add the photos as stored, and the digest of each file, as `sha256sum -c` reads it."""
    digests = []
    for photo in photos.exclude(image="").iterator(chunk_size=AT_ONCE):
        name = file_of(photo)
        try:
            with photo.image.open("rb") as image:
                content = image.read()
        except OSError:
            digests.append(f"# {name}: " + _("the file is missing"))
            continue
        archive.writestr(zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6]), content)
        digests.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
    archive.writestr("photos/SHA256SUMS", "".join(f"{line}\n" for line in digests))
