"""How large a picture may be, by what its decoder holds of it."""

import io
import random

import pytest
from PIL import Image

from consultations.actions.decoding import Refused, decode, written_anew
from tests.pictures import picture, resized


def size(content):
    return decode(io.BytesIO(content))[0].size


@pytest.mark.parametrize(
    ("shot", "kept"),
    [
        ((9504, 6336), (3000, 2000)),  # 61 megapixels
        ((12000, 9000), (3000, 2250)),  # 108 megapixels
        ((6000, 4000), (3000, 2000)),
        ((3001, 2000), (3000, 1999)),
        ((3000, 2000), (3000, 2000)),
        ((20000, 8), (3000, 1)),
    ],
)
def test_jpeg_is_kept_at_three_thousand_pixels(shot, kept):
    assert size(picture(shot, mode="L", colour=128)) == kept


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (resized(picture(), 14000, 13000), "pixels"),
        (resized(picture(progressive=True), 9504, 6336), "pixels"),
    ],
    ids=["182 megapixels", "61 megapixels in several scans"],
)
def test_jpeg_that_would_take_too_much_is_refused(content, reason):
    with pytest.raises(Refused, match=reason):
        size(content)


def test_a_grainy_picture_is_written_whole():
    """Pillow gives an optimised JPEG a byte a pixel; grain in full colour takes more."""
    grain = Image.frombytes("RGB", (600, 600), random.Random(1).randbytes(3 * 600**2))
    file = io.BytesIO()
    grain.save(file, "JPEG", quality=100, subsampling=0)
    known, content = written_anew(file.getvalue())
    assert known["size"] == (600, 600)
    assert known["length"] > 600**2
    assert Image.open(io.BytesIO(content)).size == (600, 600)
