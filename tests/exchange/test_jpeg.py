"""What DICOM has to say of a JPEG is read from the JPEG itself."""

import io

import pytest
from PIL import Image

from consultations.actions.decoding import as_jpeg
from consultations.exchange.jpeg import Frame, NotBaselineError, frame_of
from tests.pictures import picture


def test_what_the_program_stores():
    assert frame_of(as_jpeg(Image.new("RGB", (64, 48)))) == Frame(64, 48, "YBR_FULL_422")


def test_colours_that_were_not_converted():
    assert frame_of(picture(keep_rgb=True)) == Frame(64, 48, "RGB")


@pytest.mark.parametrize(
    "content",
    [
        picture(progressive=True),
        picture(mode="L"),
        picture(mode="CMYK", colour=(1, 2, 3, 4)),
        picture(kind="PNG"),
        picture()[:30],
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe0\0\0" + bytes(40),
        b"\xff\xd8\xff\xc0\0\x04ab" + bytes(40),
        b"\xff\xd8\xff\xda" + bytes(40),
    ],
)
def test_what_no_archive_takes_as_baseline(content):
    with pytest.raises(NotBaselineError):
        frame_of(content)


def test_the_frame_is_found_behind_other_segments():
    written = io.BytesIO()
    Image.new("RGB", (64, 48)).save(written, "JPEG", exif=b"Exif\0\0" + bytes(5000), comment=b"x")
    assert frame_of(written.getvalue()) == Frame(64, 48, "YBR_FULL_422")
