"""How large a picture may be: its decoder takes the time and memory that the file tells it to."""

import re

from .refused import Refused

# Held whole while they are decoded, a WebP several times over: above any phone's.
MOST_PIXELS = {"HEIF": 60_000_000, "PNG": 30_000_000, "WEBP": 20_000_000}
# A JPEG is decoded at a fraction of its size: above any camera's. Where it comes in several scans,
# as a progressive one does, libjpeg holds it whole all the same.
MOST_PIXELS_OF_JPEG, MOST_PIXELS_IN_SCANS = 170_000_000, 60_000_000
# A JPEG may draw its pixels over and over, in a few bytes each time: cameras do once, others ten
# times.
MOST_SCANS = 20
MOST_SEGMENTS = 2000
LONGEST_SIDE = 3000

NEXT_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
START_OF_SCAN, END_OF_IMAGE = b"\xda", b"\xd9"
WITHOUT_LENGTH = {b"\x01", b"\xd8"}


def refuse_too_many_pixels(most, *sizes):
    if any(width * height > most for width, height in sizes):
        raise Refused("pixels")


def shrink_jpeg(image, content):
    """Have a JPEG decoded at the smallest fraction that is still large enough."""
    scans = scans_of(content)
    if scans > MOST_SCANS:
        raise Refused("scans")
    most = MOST_PIXELS_OF_JPEG if scans == 1 else MOST_PIXELS_IN_SCANS
    refuse_too_many_pixels(most, image.size)
    longest = max(image.size)
    image.draft(None, tuple(max(1, side * LONGEST_SIDE // longest) for side in image.size))


def scans_of(content):
    """How many scans a JPEG has up to its end, counted no further than one more than are taken."""
    place, scans = 2, 0
    for _segment in range(MOST_SEGMENTS):
        found = NEXT_MARKER.search(content, place)
        if found is None or found[1] == END_OF_IMAGE:
            return scans
        scans += found[1] == START_OF_SCAN
        if scans > MOST_SCANS:
            return scans
        place = found.end()
        if found[1] not in WITHOUT_LENGTH:
            place += int.from_bytes(content[place : place + 2], "big")
    return MOST_SCANS + 1
