"""Files as cameras and attackers make them.

pi-heif reads HEIC and writes none, so one is kept in `tests/data`: 64 by 48 pixels, blue on the
left, drawn for these tests, with a made-up maker and place beside it.
"""

import io
import struct
import zlib
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

DATA = Path(__file__).parent / "data"
HEIC = DATA / "tiny.heic"
ORIENTATION, MAKER, DETAILS, TAKEN, PLACE = 0x0112, 0x010F, 0x8769, 0x9003, 0x8825


def file_named(name):
    """The content of one of the files in `tests/data`."""
    return (DATA / name).read_bytes()


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content)


def picture(size=(64, 48), colour="tan", kind="JPEG", **options):
    """A picture of one colour, in the bytes of its format."""
    written = io.BytesIO()
    mode = options.pop("mode", "RGB")
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def resized(content, width, height):
    """A JPEG whose frame says that it is as large as that."""
    frame = max(content.find(b"\xff\xc0"), content.find(b"\xff\xc2"))
    sides = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return content[: frame + 5] + sides + content[frame + 9 :]


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


def png_with(image, *chunks):
    """A PNG of an image, with chunks of its own between the header and the pixels."""
    written = io.BytesIO()
    image.save(written, "PNG")
    content = written.getvalue()
    return content[:33] + b"".join(chunks) + content[33:]


def chunk(kind, data):
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tiff(entries, details=()):
    """An EXIF block written by hand, with the slips that cameras make: each entry is a tag, a type,
    a count and the bytes of the value; `details` are those of the EXIF folder."""
    entries = sorted(entries)
    if details:
        where = 8 + len(_folder([*entries, (DETAILS, 4, 1, b"\0" * 4)], 8))
        entries.append((DETAILS, 4, 1, struct.pack("<I", where)))
    first = _folder(entries, 8)
    block = first + (_folder(sorted(details), 8 + len(first)) if details else b"")
    return b"Exif\0\0II*\0" + struct.pack("<I", 8) + block


def _folder(entries, base):
    head, body, data = struct.pack("<H", len(entries)), b"", b""
    start = base + 2 + 12 * len(entries) + 4
    for tag, kind, count, raw in entries:
        value = raw if len(raw) <= 4 else struct.pack("<I", start + len(data))
        data += raw if len(raw) > 4 else b""
        body += struct.pack("<HHI4s", tag, kind, count, value)
    return head + body + struct.pack("<I", 0) + data


def heic_with(content, *properties):
    """A HEIC whose picture has more properties: each is a whole box. They come last, and so apply
    after the file's own."""
    for box in properties:
        content = _with_property(content, box)
    return content


def _with_property(content, box):
    content = bytearray(content)
    kept, tied = content.index(b"ipco") - 4, content.index(b"ipma") - 4
    number = _count(content, kept) + 1
    [length] = struct.unpack_from(">I", content, tied)
    content[tied + length : tied + length] = bytes([number])
    content[tied + 18] += 1  # of the first item, which is the only one
    _lengthen(content, tied, 1)
    end = kept + struct.unpack_from(">I", content, kept)[0]
    content[end:end] = box
    _lengthen(content, kept, len(box))
    for kind in (b"iprp", b"meta"):
        _lengthen(content, content.index(kind) - 4, len(box) + 1)
    _move(content, content.index(b"iloc"), len(box) + 1)
    return bytes(content)


def _count(content, box):
    place, end, number = box + 8, box + struct.unpack_from(">I", content, box)[0], 0
    while place < end:
        place, number = place + struct.unpack_from(">I", content, place)[0], number + 1
    return number


def _lengthen(content, box, by):
    [length] = struct.unpack_from(">I", content, box)
    struct.pack_into(">I", content, box, length + by)


def _move(content, place, by):
    """What iloc (version 0) names now lies further back."""
    has_base = content[place + 9] >> 4
    [items] = struct.unpack_from(">H", content, place + 10)
    place += 12
    for _item in range(items):
        place += 4 if has_base else 6  # either the base is an offset, or each extent's own is
        [offset] = struct.unpack_from(">I", content, place)
        struct.pack_into(">I", content, place, offset + by)
        place += 14 if has_base else 8
