"""HEIC: cropped and turned as its own file says, and as EXIF says only where the file is silent."""

import contextlib
import io
import struct

import pytest

from consultations.actions.decoding import Refused, decode
from tests.pictures import HEIC, file_named, heic_with

# 640 by 480 pixels are stored, of which the 320 by 240 in the middle are shown.
CROPPED = file_named("cropped.heic")
RED, GREEN, BLUE, YELLOW = "red", "green", "blue", "yellow"
COLOURS = {RED: (200, 30, 30), GREEN: (30, 160, 60), BLUE: (40, 60, 200), YELLOW: (230, 200, 40)}


def box(kind, *values):
    return struct.pack(">I4s", 8 + len(values), kind) + bytes(values)


def quarter_turn_left(times=1):
    return box(b"irot", times)


UPSIDE_DOWN, LEFT_TO_RIGHT = box(b"imir", 0), box(b"imir", 1)


def corners(content):
    """The size, and the colours of the corners: top left, top right, bottom left, bottom right."""
    image, _moments = decode(io.BytesIO(content))
    width, height = image.size
    places = [(x, y) for y in (9, height - 9) for x in (9, width - 9)]
    return image.size, [colour_of(image.getpixel(place)) for place in places]


def colour_of(pixel):
    far = {
        name: max(abs(a - b) for a, b in zip(pixel, one, strict=True))
        for name, one in COLOURS.items()
    }
    return min(far, key=far.get) if min(far.values()) < 12 else pixel


def cropped_to(width, height, right=0, down=0, *, content=CROPPED):
    """The same file with another window: its size, and how far its middle is off, in halves."""
    place = content.index(b"clap") + 4
    window = struct.pack(">IIIIiIiI", width, 1, height, 1, right, 2, down, 2)
    return content[:place] + window + content[place + len(window) :]


def test_picture_is_cropped_as_it_is_shown():
    assert corners(CROPPED) == ((320, 240), [RED, GREEN, BLUE, YELLOW])


@pytest.mark.parametrize(
    ("window", "shown"),
    [
        ((640, 480), ((640, 480), [RED, GREEN, BLUE, YELLOW])),
        ((100, 100, -400, -300), ((100, 100), [RED] * 4)),
        ((100, 100, 400, -300), ((100, 100), [GREEN] * 4)),
        ((300, 40, 0, 400), ((300, 40), [BLUE, YELLOW, BLUE, YELLOW])),
        ((100, 100, 640, 0), ((50, 100), [GREEN, GREEN, YELLOW, YELLOW])),  # out of the frame
        ((2**31, 2**31), ((640, 480), [RED, GREEN, BLUE, YELLOW])),
    ],
)
def test_window_lies_where_the_file_says(window, shown):
    assert corners(cropped_to(*window)) == shown


@pytest.mark.parametrize("window", [(0, 0), (100, 100, 3000, 0), (100, 100, 0, -3000)])
def test_window_without_a_pixel_is_refused(window):
    with pytest.raises(Refused, match="broken"):
        corners(cropped_to(*window))


def test_window_that_divides_by_nothing_is_refused():
    place = CROPPED.index(b"clap") + 8
    with pytest.raises(Refused, match="broken"):
        corners(CROPPED[:place] + b"\0\0\0\0" + CROPPED[place + 4 :])


@pytest.mark.parametrize(
    ("properties", "shown"),
    [
        ([quarter_turn_left()], ((240, 320), [GREEN, YELLOW, RED, BLUE])),
        ([quarter_turn_left(2)], ((320, 240), [YELLOW, BLUE, GREEN, RED])),
        ([quarter_turn_left(3)], ((240, 320), [BLUE, RED, YELLOW, GREEN])),
        ([UPSIDE_DOWN], ((320, 240), [BLUE, YELLOW, RED, GREEN])),
        ([LEFT_TO_RIGHT], ((320, 240), [GREEN, RED, YELLOW, BLUE])),
        ([quarter_turn_left(), LEFT_TO_RIGHT], ((240, 320), [YELLOW, GREEN, BLUE, RED])),
    ],
)
def test_cropped_picture_is_turned_as_the_file_says(properties, shown):
    assert corners(heic_with(CROPPED, *properties)) == shown


@pytest.mark.parametrize(
    ("properties", "right", "down", "colour"),
    [
        ([], -400, -300, RED),
        ([quarter_turn_left()], -400, -300, RED),
        ([quarter_turn_left(3), UPSIDE_DOWN], 400, -300, GREEN),
        ([LEFT_TO_RIGHT], -400, 300, BLUE),
        ([UPSIDE_DOWN], 400, 300, YELLOW),
    ],
)
def test_window_off_the_middle_is_turned_along(properties, right, down, colour):
    content = cropped_to(200, 100, right, down)
    size, seen = corners(heic_with(content, *properties))
    assert (sorted(size), seen) == ([100, 200], [colour] * 4)


# Turned by EXIF


def from_a_camera(orientation, *properties):
    """A picture that is blue on the left and red on the right as it is stored; the entry of its
    maker says the orientation instead."""
    content = HEIC.read_bytes()
    place = content.index(struct.pack(">HH", 0x010F, 2))
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return heic_with(content[:place] + entry + content[place + 12 :], *properties)


def blue_corners(content):
    """Which of the corners are blue, in the order of `corners`."""
    size, seen = corners(content)
    return size, "".join("b" if blue > red else "r" for red, _green, blue in seen)


@pytest.mark.parametrize(
    ("orientation", "shown"),
    [
        (1, ((64, 48), "brbr")),
        (3, ((64, 48), "rbrb")),
        (6, ((48, 64), "bbrr")),
        (8, ((48, 64), "rrbb")),
    ],
)
def test_exif_turns_what_the_file_itself_does_not(orientation, shown):
    """As phones of Samsung (SM-G781B) and cameras of Fujifilm write it."""
    assert blue_corners(from_a_camera(orientation)) == shown


@pytest.mark.parametrize(
    ("turn", "shown"),
    [
        (quarter_turn_left(3), ((48, 64), "bbrr")),  # as a phone of Apple: both say the same
        (quarter_turn_left(0), ((64, 48), "brbr")),
        (UPSIDE_DOWN, ((64, 48), "brbr")),
    ],
)
def test_exif_does_not_turn_again_what_the_file_itself_turns(turn, shown):
    assert blue_corners(from_a_camera(6, turn)) == shown


# Forged


def test_boxes_that_make_no_sense_are_left_to_the_decoder():
    """Every byte before the pixels overwritten in turn: read or refused, never anything else."""
    for place in range(0, CROPPED.index(b"mdat"), 5):
        forged = bytearray(CROPPED)
        forged[place] ^= 0xFF
        with contextlib.suppress(Refused):
            image, _moments = decode(io.BytesIO(forged))
            assert image.mode == "RGB"
