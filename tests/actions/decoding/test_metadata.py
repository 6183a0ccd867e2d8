"""What stands beside a picture: its turn by EXIF alone, and every day that the file tells."""

import io
import struct

import pytest
from PIL import Image, PngImagePlugin

from consultations.actions.decoding import decode
from consultations.actions.decoding.metadata import moment_of
from tests.pictures import chunk, file_named, half_blue, picture, png_with, tiff

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of what is odd

BLUE = (40, 60, 200)
TURNED = (0x0112, 3, 1, struct.pack("<H", 6))  # stand it on its side
ORIGINAL, DIGITIZED, CHANGED, GPS_DAY = 0x9003, 0x9004, 0x0132, 0x001D


def decoded(content):
    return decode(io.BytesIO(content))


def size(content):
    return decoded(content)[0].size


def moments(content):
    return decoded(content)[1]


def words(tag, text):
    text = text.encode() + b"\0"
    return tag, 2, len(text), text


def taken(*details, first=(), **options):
    return picture(exif=tiff(list(first), list(details)), **options)


# The turn


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_orientation_in_xmp_does_not_count(kind):
    """Written by sharp 0.35.5, autoOrient().keepXmp(), from a phone's photo of somebody upright."""
    image, _moments = decoded(file_named(f"upright_stale_xmp.{kind}"))
    assert image.size == (480, 640)
    pixel = image.getpixel((60, 80))
    assert max(abs(a - b) for a, b in zip(pixel, BLUE, strict=True)) < 30


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_exif_counts_beside_xmp(kind):
    xmp = b'<x tiff:Orientation="3"/>'
    turned = picture(kind=kind, xmp=xmp, exif=tiff([TURNED]))
    assert size(turned) == (48, 64)


@pytest.mark.parametrize("place", [33, -12], ids=["before the pixels", "behind them"])
def test_png_is_turned_by_its_exif_wherever_it_stands(place):
    plain = png_with(Image.new("RGB", (64, 48)))
    assert size(plain[:place] + chunk(b"eXIf", tiff([TURNED])[6:]) + plain[place:]) == (48, 64)


def test_png_is_turned_by_what_imagemagick_writes():
    told = PngImagePlugin.PngInfo()
    block = tiff([TURNED])
    told.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n", zip=True)
    assert size(picture(kind="PNG", pnginfo=told)) == (48, 64)


@pytest.mark.parametrize(
    "odd",
    [
        (0x011A, 2, 3, b"72\0"),
        (0x0213, 5, 1, struct.pack("<II", 1, 1)),
        (0x9997, 16, 1, struct.pack("<Q", 2**40)),
        (0x0100, 9, 1, struct.pack("<i", -1)),
        (0x0132, 3, 1, b"\1\0"),
        (0x8769, 4, 1, struct.pack("<I", 2**31)),
        (0x8825, 4, 1, struct.pack("<I", 8)),
        (0x9286, 7, 5000, b"cut"),
        (0x0001, 77, 1, b"\1\0"),
    ],
    ids=[
        *("resolution in words", "positioning as a fraction", "64-bit number", "width below zero"),
        *("day as a number", "folder beyond the end", "folder in a circle", "longer than the file"),
        "unknown type",
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_odd_tag_beside_the_turn_breaks_nothing(odd, kind):
    assert size(picture(kind=kind, exif=tiff([TURNED, odd]))) == (48, 64)


@pytest.mark.parametrize(
    "turn",
    [
        (0x0112, 3, 1, struct.pack("<H", 0)),
        (0x0112, 3, 1, struct.pack("<H", 9)),
        (0x0112, 2, 2, b"6\0"),
        (0x0112, 5, 1, struct.pack("<II", 1, 0)),
        (0x0112, 3, 0, b""),
    ],
)
def test_turn_that_is_none_leaves_the_picture_as_it_is(turn):
    assert size(half_blue(exif=tiff([turn]))) == (64, 48)


@pytest.mark.parametrize("exif", [b"", b"Exif\0\0", b"Exif\0\0MM", b"Exif\0\0" + b"\xff" * 40])
def test_exif_that_is_none_breaks_nothing(exif):
    assert size(picture(exif=exif)) == (64, 48)


# The days


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024:05:03 10:11:12", "2024-05-03T10:11:12"),
        ("2024-05-03 10:11:12", "2024-05-03T10:11:12"),
        ("2024/05/03 10:11:12", "2024-05-03T10:11:12"),
        ("2024-05-03T10:11:12", "2024-05-03T10:11:12"),
        ("2024-05-03T10:11:12.345+02:00", "2024-05-03T10:11:12+02:00"),
        ("2024-05-03T10:11Z", "2024-05-03T10:11:00+00:00"),
        ("2024-05-03T10:11:12+77:00", "2024-05-03T10:11:12"),
        ("2024.05.03 10:11", "2024-05-03T10:11:00"),
        (" 2024:5:3 10:11:12", "2024-05-03T10:11:12"),
        (" " * 70 + "2024:05:03 10:11:12   ", "2024-05-03T10:11:12"),
        ("\0\0002024:05:03\00010:11:12\0\0", "2024-05-03T10:11:12"),
        ("2024: 5: 3  9: 1: 2", "2024-05-03T09:01:02"),
        ("20240503101112", "2024-05-03T10:11:12"),
        ("20240503", "2024-05-03"),
        ("20240503 101112+0200", "2024-05-03T10:11:12+02:00"),
        ("2024:05:03", "2024-05-03"),
        ("2024:05:03 24:00:00", "2024-05-03"),
        ("2024:05:03   :  :  ", "2024-05-03"),
        ("Fri, 03 May 2024 10:11:12 +0200", "2024-05-03T10:11:12+02:00"),
        ("3 May 2024 10:11:12 GMT", "2024-05-03T10:11:12+00:00"),
        ("3 May 2024 10:11:12 +" + "9" * 20, None),
        ("Fri, 33 May 2024 10:11:12 +0200", None),
        ("2024:02:30 10:11:12", None),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("\0" * 19, None),
        ("03.05.2024", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_moment_however_it_is_written(text, moment):
    assert moments(taken(words(ORIGINAL, text))) == [moment] * bool(moment)


def test_camera_that_says_nothing():
    assert moments(picture()) == []


def xmp(**named):
    """As attributes and as elements: programs write both."""
    names = {name.replace("_", ":", 1): text for name, text in named.items()}
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in names.items())
    return f"<rdf:Description>{inner}</rdf:Description>".encode()


def iptc(**records):
    """The block of Photoshop that JPEG keeps IPTC in; records by number, such as `r55`."""
    data = b"".join(
        struct.pack(">BBBH", 0x1C, 2, int(name[1:]), len(text)) + text.encode()
        for name, text in records.items()
    )
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)
    content = picture()
    segment = b"Photoshop 3.0\0" + block
    return content[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + content[2:]


DAY, MOMENT, OFFSET = "2024-05-03", "2024-05-03T10:11:12", "+02:00"
PLACES = {
    "EXIF, taken": (taken(words(ORIGINAL, "2024:05:03 10:11:12")), MOMENT),
    "EXIF, taken, in the first folder": (
        taken(first=[words(ORIGINAL, "2024:05:03 10:11:12")]),
        MOMENT,
    ),
    "EXIF, taken, with its offset": (
        taken(words(ORIGINAL, "2024:05:03 10:11:12"), words(0x9011, OFFSET)),
        MOMENT + OFFSET,
    ),
    "EXIF, taken, with a blank offset": (
        taken(words(ORIGINAL, "2024:05:03 10:11:12"), words(0x9011, "   :  ")),
        MOMENT,
    ),
    "EXIF, changed, with its offset": (
        taken(words(0x9010, OFFSET), first=[words(CHANGED, "2024:05:03 10:11:12")]),
        MOMENT + OFFSET,
    ),
    "EXIF, digitized": (taken(words(DIGITIZED, "2024:05:03 10:11:12")), MOMENT),
    "EXIF, changed": (taken(first=[words(CHANGED, "2024:05:03 10:11:12")]), MOMENT),
    "XMP, taken": (picture(xmp=xmp(exif_DateTimeOriginal=MOMENT)), MOMENT),
    "XMP, Photoshop": (picture(xmp=xmp(photoshop_DateCreated=DAY)), DAY),
    "XMP, digitized": (picture(xmp=xmp(exif_DateTimeDigitized=MOMENT)), MOMENT),
    "XMP, made": (picture(xmp=xmp(xmp_CreateDate=MOMENT + OFFSET)), MOMENT + OFFSET),
    "XMP, an attribute": (picture(xmp=f'<x photoshop:DateCreated = "{DAY}"/>'.encode()), DAY),
    "XMP of WebP": (picture(kind="WEBP", xmp=xmp(photoshop_DateCreated=DAY)), DAY),
    "XMP of PNG": (
        png_with(
            Image.new("RGB", (64, 48)),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(photoshop_DateCreated=DAY)),
        ),
        DAY,
    ),
    "IPTC": (iptc(r55="20240503"), DAY),
    "IPTC with the time": (iptc(r55="20240503", r60="101112+0200"), MOMENT + OFFSET),
    "IPTC, digitized": (iptc(r62="20240503", r63="101112"), MOMENT),
    "PNG's own": (
        png_with(Image.new("RGB", (64, 48)), chunk(b"tEXt", b"Creation Time\0" + MOMENT.encode())),
        MOMENT,
    ),
}


@pytest.mark.parametrize(("content", "moment"), PLACES.values(), ids=PLACES)
def test_moment_wherever_it_stands(content, moment):
    assert moments(content) == [moment]


def test_moment_of_the_place():
    exif = Image.Exif()
    exif.get_ifd(0x8825)[GPS_DAY] = "2024:05:03"
    assert moments(picture(exif=exif)) == [DAY]


def test_taken_comes_before_digitized_and_that_before_changed():
    exif = tiff(
        [words(CHANGED, "2024:05:06 00:00:00")],
        [words(ORIGINAL, "2024:05:01"), words(DIGITIZED, "2024:05:04")],
    )
    told = xmp(photoshop_DateCreated="2024-05-02", xmp_CreateDate="2024-05-05")
    days = [f"2024-05-0{day}" for day in (1, 2, 4, 5)]
    assert moments(picture(exif=exif, xmp=told)) == [*days, "2024-05-06T00:00:00"]


def test_same_moment_is_told_once():
    both = [words(tag, "2024:05:03 10:11:12") for tag in (ORIGINAL, DIGITIZED)]
    assert moments(taken(*both)) == [MOMENT]


@pytest.mark.parametrize("broken", [iptc(r55="x" * 40), picture(xmp=b"\xff\xfe<" + b"<" * 99)])
def test_days_that_cannot_be_read_break_nothing(broken):
    assert moments(broken) == []


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024:05:03 10", "2024-05-03"),
        ("2024-12", None),
        ("2024-12T10:11:12", None),
        ("20240503", "2024-05-03"),
        ("20240503101112", "2024-05-03T10:11:12"),
    ],
)
def test_no_day_or_hour_is_made_up(text, moment):
    assert moment_of(text) == moment
