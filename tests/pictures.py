"""Files as cameras and attackers make them.

pi-heif reads HEIC and writes none, so one is kept in `tests/data`: 64 by 48 pixels, blue on the
left, drawn for these tests, with a made-up maker and place beside it.
"""

import io
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

HEIC = Path(__file__).parent / "data" / "tiny.heic"
ORIENTATION, MAKER, DETAILS, TAKEN, PLACE = 0x0112, 0x010F, 0x8769, 0x9003, 0x8825


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content)


def picture(size=(64, 48), colour="tan", kind="JPEG", **options):
    """A picture of one colour, in the bytes of its format."""
    written = io.BytesIO()
    mode = options.pop("mode", "RGB")
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def half_blue(**options):
    """Blue on the left, white on the right: which way is up can be seen."""
    image = Image.new("RGB", (64, 48), "white")
    image.paste("blue", (0, 0, 32, 48))
    written = io.BytesIO()
    image.save(written, "JPEG", **options)
    return written.getvalue()


def from_phone(day="2024:05:03 10:11:12", orientation=1):
    """What a phone keeps beside a picture: its maker, the moment and the place."""
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = "SecretCamera", orientation
    if day:
        exif.get_ifd(DETAILS)[TAKEN] = day
    exif.get_ifd(PLACE).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    return exif
