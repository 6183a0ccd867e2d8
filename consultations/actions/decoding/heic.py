"""HEIC: the picture as its own file shows it, cropped and turned.

libheif 1.23 takes its limit of memory from the size after the crop, and so refuses what was cropped
to much less (strukturag/libheif#1856). So the crop is taken out of our copy and made here, and the
limit is that of the whole picture.
"""

import math
import re
import struct
from fractions import Fraction

import pi_heif
from pi_heif import options
from PIL import Image

from .limits import MOST_PIXELS, refuse_too_many_pixels
from .refused import Refused

options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False

BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
STORED_SIZE = re.compile(rb"ispe\x00{4}(.{8})", re.DOTALL)
MOST_BOXES = 5000
MODES = {"L", "LA", "RGB", "RGBA"}


def is_heic(content):
    return content[4:8] == b"ftyp" and content[8:12] in BRANDS


def open_heic(content):
    """The decoded picture, with what is written beside it, and whether the file itself turns it.

    Raises Refused, and whatever the decoder raises.
    """
    # A small window may hide a huge image.
    stored = [struct.unpack(">II", size) for size in STORED_SIZE.findall(content)]
    refuse_too_many_pixels(MOST_PIXELS["HEIF"], *stored)
    content, window, is_turned = without_crop(content)
    file = pi_heif.open_heif(content)
    found = file[file.primary_index]
    refuse_too_many_pixels(MOST_PIXELS["HEIF"], found.size)
    if found.mode not in MODES:
        raise Refused("colours")
    data = found.data
    image = Image.frombytes(found.mode, found.size, data, "raw", found.mode, found.stride)
    image.info = found.info
    return (image.crop(window) if window else image), is_turned


def without_crop(content):
    """The file without its crop, the window that was shown (or None), and whether it is turned.

    The window lies in the picture as it is after turning.
    """
    content, size, window, is_turned = bytearray(content), (0, 0), None, False
    for kind, place in properties_of_picture(bytes(content)):
        if kind == b"ispe":
            size = struct.unpack_from(">II", content, place + 4)
        elif kind == b"clap" and window is None:
            window = _window(content, place, size)
            whole = (size[0], 1, size[1], 1, 0, 1, 0, 1)
            struct.pack_into(">8I", content, place, *whole)
        elif kind == b"irot":
            is_turned = True
            for _quarter in range(content[place] & 3):
                window, size = _turned_left(window, size), size[::-1]
        elif kind == b"imir":
            is_turned = True
            window = _mirrored(window, size, across=content[place] & 1)
    return bytes(content), window, is_turned


def _window(content, place, size):
    """Left, top, right and bottom of a clean aperture: its size, and how far its middle is off."""
    numbers = struct.unpack_from(">IIIIiIiI", content, place)
    if 0 in numbers[1::2]:
        raise Refused("broken")
    width, height, right, down = (Fraction(*numbers[n : n + 2]) for n in (0, 2, 4, 6))
    left, top = (
        math.floor(off + (whole - part) / 2)
        for off, whole, part in ((right, size[0], width), (down, size[1], height))
    )
    window = (
        max(left, 0),
        max(top, 0),
        min(left + round(width), size[0]),
        min(top + round(height), size[1]),
    )
    if window[0] >= window[2] or window[1] >= window[3]:
        raise Refused("broken")
    return window


def _turned_left(window, size):
    if window is None:
        return None
    left, top, right, bottom = window
    return top, size[0] - right, bottom, size[0] - left


def _mirrored(window, size, *, across):
    if window is None:
        return None
    left, top, right, bottom = window
    if across:
        return size[0] - right, top, size[0] - left, bottom
    return left, size[1] - bottom, right, size[1] - top


# Boxes


def properties_of_picture(content):
    """Kind and place of each property of the primary picture, in their order; none where the file
    cannot be understood: then the decoder says what is wrong with it."""
    try:
        return _properties(content)
    except (IndexError, KeyError, struct.error):
        return []


def boxes(content, start, end):
    """Kind, beginning and end of what each box of this stretch holds."""
    for _box in range(MOST_BOXES):
        if end - start < 8:
            return
        length, kind = struct.unpack_from(">I4s", content, start)
        inside = start + 8
        if length == 1:
            length, inside = struct.unpack_from(">Q", content, inside)[0], inside + 8
        length = length or end - start
        if length < inside - start or length > end - start:
            return
        yield kind, inside, start + length
        start += length


def _properties(content):
    meta = {kind: place for kind, *place in boxes(content, 0, len(content))}[b"meta"]
    inside = {kind: place for kind, *place in boxes(content, meta[0] + 4, meta[1])}
    wide, place = content[inside[b"pitm"][0]], inside[b"pitm"][0] + 4
    primary = struct.unpack_from(">I" if wide else ">H", content, place)[0]
    tables = list(boxes(content, *inside[b"iprp"]))
    [kept] = [place for kind, *place in tables if kind == b"ipco"]
    known = [(kind, start) for kind, start, _end in boxes(content, *kept)]
    numbers = [
        number
        for kind, start, _end in tables
        if kind == b"ipma"
        for item, number in _associations(content, start)
        if item == primary
    ]
    return [known[number - 1] for number in numbers if number]


def _associations(content, place):
    """Each item with the number of each of its properties."""
    wide, large = content[place], content[place + 3] & 1
    [count] = struct.unpack_from(">I", content, place + 4)
    place += 8
    for _item in range(min(count, MOST_BOXES)):
        [item] = struct.unpack_from(">I" if wide else ">H", content, place)
        place += 4 if wide else 2
        properties, place = content[place], place + 1
        for _property in range(properties):
            [number] = struct.unpack_from(">H" if large else ">B", content, place)
            place += 2 if large else 1
            yield item, number & (0x7FFF if large else 0x7F)
