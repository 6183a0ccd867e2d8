"""What stands beside a picture: its turn, its days and what it says of its colours.

Cameras and programs write odd things here. What cannot be read is left out; none of it ever makes a
picture "broken".
"""

import re
import warnings
from datetime import datetime
from email.utils import parsedate_to_datetime

from PIL import Image, IptcImagePlugin

ORIENTATION, CHANGED = 0x0112, 0x0132
WHITE_POINT, PRIMARIES = 0x013E, 0x013F
DETAILS, TAKEN, DIGITIZED = 0x8769, 0x9003, 0x9004
OFFSETS = {CHANGED: 0x9010, TAKEN: 0x9011, DIGITIZED: 0x9012}
COLOUR_SPACE, GAMMA, INTEROPERABILITY, INDEX = 0xA001, 0xA500, 0xA005, 0x0001
PLACE, DAY_OF_PLACE = 0x8825, 0x001D
IPTC_CREATED, IPTC_DIGITIZED = ((2, 55), (2, 60)), ((2, 62), (2, 63))
XMP_TAKEN = ("exif:DateTimeOriginal", "photoshop:DateCreated")
XMP_DIGITIZED = ("exif:DateTimeDigitized", "xmp:CreateDate", "xap:CreateDate")
LONGEST_XMP, LONGEST_MOMENT = 1_000_000, 64
# Parted by signs, or all figures together: what is parted in one place only is no day.
DAY = r"(?P<year>\d{4})(?:\W\s?(?P<month>\d\d?)\W\s?(?P<day>\d\d?)(?!\d)|(?P<md>\d{4}))"
CLOCK = (
    r"(?:(?P<hour>\d\d?):\s?(?P<minute>\d\d?)(?::\s?(?P<second>\d\d?))?|(?P<hms>\d{4}(?:\d\d)?))"
)
OFFSET = r"(?:[.,]\d+)?\s*(?P<offset>Z|[+-][01]\d:?[0-5]\d)?"
MOMENT = re.compile(rf"{DAY}(?:[T\W]?\s*{CLOCK}{OFFSET})?")


class Metadata:
    """What a picture has beside its pixels, as `Image.info` of any format holds it."""

    def __init__(self, info, iptc=None):
        self.exif = _exif(info)
        self.details = self._folder(DETAILS)
        self.xmp = _xmp(info)
        self.iptc = iptc or {}
        self.creation_time = info.get("Creation Time")  # PNG's

    @property
    def orientation(self):
        """The way up by EXIF, from 1 to 8, 1 being upright. What XMP says of it does not count: it
        stays behind when a program turns the pixels, and no browser reads it."""
        found = _value(self.exif, ORIENTATION)
        return found if found in range(1, 9) else 1

    @property
    def moments(self):
        """Every day that is told, as ISO 8601, with the time and its offset from UTC where there is
        one: when it was taken, when it was digitized, when its place was found, and when it was
        changed last."""
        told = [
            *self._of_exif(TAKEN),
            *self._of_xmp(XMP_TAKEN),
            self._of_iptc(IPTC_CREATED),
            self.creation_time,
            *self._of_exif(DIGITIZED),
            *self._of_xmp(XMP_DIGITIZED),
            self._of_iptc(IPTC_DIGITIZED),
            _value(self._folder(PLACE), DAY_OF_PLACE),
            *self._of_exif(CHANGED),
        ]
        moments = [moment for text in told if (moment := moment_of(text))]
        return list(dict.fromkeys(moments))

    @property
    def colours(self):
        """What EXIF says of the colours: space, index, white, primaries and gamma; None unsaid."""
        return {
            "space": _value(self.details, COLOUR_SPACE),
            "index": _text(_value(self._folder(INTEROPERABILITY), INDEX))[:3],
            "white": _value(self.exif, WHITE_POINT),
            "primaries": _value(self.exif, PRIMARIES),
            "gamma": _value(self.details, GAMMA),
        }

    def _folder(self, tag):
        try:
            return self.exif.get_ifd(tag)
        except Exception:  # a folder written wrongly raises anything
            return {}

    def _of_exif(self, tag):
        """From its own folder, and from the first one, where some programs put it."""
        offset = _text(_value(self.details, OFFSETS[tag]))
        for folder in (self.details, self.exif):
            yield _text(_value(folder, tag)).strip() + offset.strip()

    def _of_xmp(self, names):
        for name in names:
            yield from re.findall(rf"""\b{name}(?:\s*=\s*["']|>)([^"'<]{{4,40}})""", self.xmp)

    def _of_iptc(self, names):
        day, time = (_text(self.iptc.get(name)) for name in names)
        return f"{day} {time}" if day else None


def moment_of(text):
    """One moment in words of ISO 8601, to the day or to the second; None for what is none. A time
    without an offset is that of the place."""
    text = _text(text).strip()[:LONGEST_MOMENT]
    found = MOMENT.match(text)
    if not found:
        return _in_a_mail(text)
    together, clock = found["md"] or "", found["hms"] or ""
    day = found["year"], found["month"] or together[:2], found["day"] or together[2:]
    hour, minute = found["hour"] or clock[:2], found["minute"] or clock[2:4]
    time, offset = (hour, minute, found["second"] or clock[4:]), found["offset"]
    try:
        zone = datetime.strptime(offset, "%z").tzinfo if offset else None
        moment = datetime(*map(int, day), *(int(one or 0) for one in time), tzinfo=zone)
    except ValueError:
        return _day_alone(day)
    return moment.isoformat() if hour else str(moment.date())


def _in_a_mail(text):
    """A moment as RFC 1123 has it, which PNG recommends: Fri, 3 May 2024 10:11:12 +0200."""
    try:
        return parsedate_to_datetime(text).isoformat()
    except (LookupError, OverflowError, TypeError, ValueError):
        return None


def _day_alone(day):
    try:
        return str(datetime(*map(int, day)).date())  # noqa: DTZ001
    except ValueError:
        return None


def iptc_of(image):
    """The IPTC records of a JPEG by their numbers."""
    try:
        return IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:  # so does IPTC
        return {}


def _exif(info):
    exif = Image.Exif()
    written = info.get("exif") or _in_words(info.get("Raw profile type exif"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exif.load(written)
    except Exception:  # and so does EXIF
        return Image.Exif()
    return exif


def _in_words(profile):
    """The bytes of what ImageMagick writes into PNG: a name, a length and hexadecimal digits."""
    try:
        return bytes.fromhex("".join(profile.split("\n")[3:]))
    except (AttributeError, ValueError):
        return b""


def _xmp(info):
    xmp = info.get("xmp") or info.get("XML:com.adobe.xmp") or b""
    return _text(xmp[:LONGEST_XMP])


def _value(folder, tag):
    try:
        return folder.get(tag)
    except Exception:
        return None


def _text(value):
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(value or "").replace("\0", " ")
