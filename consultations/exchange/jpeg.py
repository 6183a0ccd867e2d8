"""The frame of a JPEG, read from its markers: what DICOM has to say of it."""

import struct
from dataclasses import dataclass

START, END_OF_IMAGE, START_OF_SCAN = b"\xff\xd8", 0xD9, 0xDA
BASELINE = 0xC0
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # tables and extensions are no frames
JFIF, ADOBE = 0xE0, 0xEE
RGB_BY_ADOBE = 0


class NotBaselineError(Exception):
    """This is no JPEG of the baseline kind, 8 bits in three colours."""


@dataclass(frozen=True)
class Frame:
    width: int
    height: int
    photometric: str  # PhotometricInterpretation


def frame_of(content):
    """Return the frame of a baseline JPEG in colour. Raises NotBaselineError."""
    is_rgb, frame = False, None
    for marker, data in _segments(content):
        if marker == JFIF and data.startswith(b"JFIF\0"):
            is_rgb = False  # by its own standard always YCbCr
        elif marker == ADOBE and data.startswith(b"Adobe"):
            is_rgb = data[11:12] == bytes([RGB_BY_ADOBE])
        elif marker in FRAMES:
            frame = (marker, data)
    if frame is None or frame[0] != BASELINE or len(frame[1]) < 15:
        raise NotBaselineError
    bits, height, width, colours = struct.unpack_from(">BHHB", frame[1])
    if (bits, colours) != (8, 3) or not (width and height):
        raise NotBaselineError
    return Frame(width, height, "RGB" if is_rgb else "YBR_FULL_422")


def _segments(content):
    """Yield (marker, data) of what stands before the first scan."""
    if not content.startswith(START):
        raise NotBaselineError
    place = len(START)
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == START_OF_SCAN:
            return
        [length] = struct.unpack_from(">H", content, place + 2)
        if length < 2:
            raise NotBaselineError
        yield marker, content[place + 4 : place + 2 + length]
        place += 2 + length
    raise NotBaselineError
