"""Reading pictures: what is kept, what is left behind, and what is refused in words."""

import contextlib
import io
import struct
import subprocess
import zlib
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from consultations.actions import pictures
from consultations.actions.decoding import Refused, decode
from consultations.actions.pictures import read_picture
from tests.pictures import HEIC, from_phone, half_blue, picture, png_with, upload

NOT_A_PICTURE = "This is not a JPEG, PNG, WebP or HEIC picture."
BROKEN = "The picture is broken or incomplete."
TOO_MANY_PIXELS = "The picture has too many pixels. Save it smaller, then try again."


def read(content, name="photo.jpg"):
    return read_picture(upload(content, name))


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def refusal(content, name="photo.jpg"):
    with pytest.raises(ValidationError) as refused:
        read(content, name)
    return refused.value.messages


SOUND = b'{"size": [1, 1], "taken": [], "length": 4}'
START = b"\xff\xd8\xff\xe0"


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"[]", b"1", b"{}", b"[" * 9000, b'{"refused": "odd"}', b'{"refused": []}'),
        *(SOUND.replace(b"4", length) for length in (b"-1", b"0", b"true", b'"4"', b"9", b"3")),
        *(SOUND.replace(b"[1, 1]", size) for size in (b"[1]", b"1", b"[0, 1]", b'["1", 1]')),
        *(SOUND.replace(b"[]", days) for days in (b'["noon"]', b'["T"]', b"[7]", b"7", b'"noon"')),
    ],
)
def test_odd_answer_of_the_decoder_is_one_sentence(monkeypatch, answer):
    def decoder(command, **options):
        return subprocess.CompletedProcess(command, 0, answer + b"\n" + 2 * START)

    monkeypatch.setattr(pictures.subprocess, "run", decoder)
    assert refusal(b"any") == [BROKEN]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_format_becomes_jpeg(kind):
    kept = opened(read(picture(kind=kind)).image)
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (64, 48))


def test_heic_of_a_phone_becomes_jpeg_without_maker_and_place():
    content = HEIC.read_bytes()
    assert b"SecretCamera" in content
    read_one = read(content, "IMG_0001.HEIC")
    kept = opened(read_one.image)
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (64, 48), {})
    red, green, blue = kept.getpixel((8, 8))
    assert blue > red + 60
    assert blue > green + 60
    assert read_one.taken_on == date(2024, 5, 3)


def test_what_the_camera_wrote_is_left_behind():
    content = picture(exif=from_phone(), comment=b"Eva", dpi=(72, 72))
    assert b"SecretCamera" in content
    read_one = read(content)
    for kept in (read_one.image, read_one.thumbnail):
        assert b"SecretCamera" not in kept
        assert b"Eva" not in kept
        assert b"Exif" not in kept
        assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_what_png_and_webp_carry_is_left_behind():
    for kind in ("PNG", "WEBP"):
        content = picture(kind=kind, exif=from_phone(), xmp=b"<x>SecretCamera</x>")
        assert b"SecretCamera" not in read(content).image


def test_what_hides_behind_the_picture_is_left_behind():
    content = picture() + b"PK\x03\x04<script>alert(1)</script>"
    assert b"script" not in read(content).image


@pytest.mark.parametrize(
    ("orientation", "blue", "white"),
    [
        (1, (8, 24), (56, 24)),
        (3, (56, 24), (8, 24)),
        (6, (24, 8), (24, 56)),
        (8, (24, 56), (24, 8)),
    ],
)
def test_picture_is_turned_upright(orientation, blue, white):
    kept = opened(read(half_blue(exif=from_phone(orientation=orientation))).image)
    assert kept.getpixel(blue)[0] < 60
    assert kept.getpixel(white)[0] > 200
    assert kept.size == ((64, 48) if orientation < 5 else (48, 64))


def test_picture_is_shrunk_and_has_a_thumbnail():
    read_one = read(picture((4000, 2000)))
    assert (read_one.width, read_one.height) == (3000, 1500)
    assert opened(read_one.image).size == (3000, 1500)
    assert opened(read_one.thumbnail).size == (400, 200)


def test_small_picture_stays_small():
    assert opened(read(picture()).thumbnail).size == (64, 48)


def test_fine_red_vessels_stay_red():
    """Two pixels wide on skin. Colours stored at half the size would mix them with the skin, which
    is 114 away in green."""
    skin, red = (224, 172, 140), (178, 58, 60)
    image = Image.new("RGB", (600, 200), skin)
    for x in range(20, 580, 41):
        image.paste(red, (x, 0, x + 2, 200))
    kept = opened(read(png_with(image)).image)
    vessels = [kept.getpixel((x + 1, 100)) for x in range(20, 580, 41)]
    assert max(abs(a - b) for one in vessels for a, b in zip(one, red, strict=True)) <= 16


@pytest.mark.parametrize("profile", [b"not a profile", b""])
def test_profile_that_cannot_be_read_is_left_out(profile):
    kept = opened(read(picture(icc_profile=profile)).image)
    assert (kept.mode, "icc_profile" in kept.info) == ("RGB", False)


@pytest.mark.parametrize(
    ("mode", "colour"), [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("L", 255), ("1", 1)]
)
def test_transparent_and_grey_pictures_stand_on_white(mode, colour):
    kept = opened(read(picture(kind="PNG", mode=mode, colour=colour)).image)
    assert (kept.mode, kept.getpixel((5, 5))) == ("RGB", (255, 255, 255))


def test_picture_for_print_is_read():
    assert opened(read(picture(mode="CMYK", colour=(0, 0, 0, 0))).image).mode == "RGB"


def test_phone_that_keeps_two_pictures_in_one_file():
    written = io.BytesIO()
    first, second = Image.new("RGB", (64, 48), "blue"), Image.new("RGB", (32, 24))
    first.save(written, "MPO", save_all=True, append_images=[second])
    kept = opened(read(written.getvalue()).image)
    assert (kept.format, kept.size) == ("JPEG", (64, 48))


def test_same_picture_has_the_same_digest():
    one, other = read(picture(exif=from_phone())), read(picture())
    assert one.digest == other.digest != read(picture(colour="navy")).digest


# Refused


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a/*" + picture(),
        b"<html>" + picture(),
        b"%PDF-1.7\n" + picture(),
        picture(kind="GIF"),
        picture(kind="BMP"),
        picture(kind="TIFF"),
        picture(kind="ICO"),
    ],
    ids=["empty", "text", "svg", "gif+jpeg", "html+jpeg", "pdf+jpeg", "gif", "bmp", "tiff", "ico"],
)
@pytest.mark.parametrize("name", ["photo.jpg", "photo.heic", "photo.svg"])
def test_what_is_no_photo_is_refused_whatever_its_name(content, name):
    assert refusal(content, name) == [NOT_A_PICTURE]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_truncated_picture_is_refused(kind):
    content = picture((640, 480), kind=kind)
    assert refusal(content[: len(content) // 2])[0] in {BROKEN, NOT_A_PICTURE}


def test_truncated_heic_is_refused():
    content = HEIC.read_bytes()
    for end in range(12, len(content) - 1, 50):
        assert refusal(content[:end])[0] in {BROKEN, NOT_A_PICTURE}


def test_forged_pictures_are_refused_in_words():
    """Every byte of a small file overwritten in turn: read or refused, never anything else."""
    for content in (picture((8, 8)), picture((8, 8), kind="PNG")):
        for place in range(0, len(content), 7):
            forged = bytearray(content)
            forged[place] ^= 0xFF
            with contextlib.suppress(Refused):
                decode(io.BytesIO(forged))


def bomb(width, height):
    """A PNG of a few bytes that says it is as large as that."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 1000)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [5478, 9500, 14000, 60000])
def test_bomb_is_refused_before_it_is_opened(side):
    assert refusal(bomb(side, side)) == [TOO_MANY_PIXELS]


@pytest.mark.parametrize("side", [8000, 30000])
def test_huge_heic_behind_a_small_window_is_refused(side):
    content = HEIC.read_bytes()
    size = content.index(b"ispe") + 8
    forged = content[:size] + struct.pack(">II", side, side) + content[size + 8 :]
    assert refusal(forged) == [TOO_MANY_PIXELS]


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_bomb_is_refused_where_warnings_are_errors():
    assert refusal(bomb(9500, 9500)) == [TOO_MANY_PIXELS]


def test_file_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 1024 * 1024)
    assert refusal(b"x" * (1024 * 1024 + 1)) == ["The file is larger than 1 MB."]


def test_sixteen_bits_a_colour_are_refused_rather_than_washed_out():
    assert refusal(picture(kind="PNG", mode="I;16", colour=60000)) == [
        "The picture has colours that cannot be read here."
    ]


def test_decoder_that_crashes_or_hangs_takes_nobody_along(monkeypatch, tmp_path):
    for words in ("import os; os.abort()", "import time; time.sleep(9)", "print('no answer')"):
        decoder = tmp_path / "decoder.py"
        decoder.write_text(words)
        monkeypatch.setattr(pictures, "DECODER", decoder)
        monkeypatch.setattr(pictures, "LONGEST_WAIT", 0.5)
        assert refusal(picture()) == [BROKEN]
