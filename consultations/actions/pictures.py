"""Taking in a picture as a camera made it: pixels stay, all else is left behind.

What comes in is decided by its content, never by its name, and decoded in a process of its own.
"""

import hashlib
import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Run, never imported: the server holds no decoder.
DECODER = Path(__file__).with_name("decoding")
MOST_BYTES = 25 * 1024 * 1024
LONGEST_WAIT = 60  # seconds; longer than the decoder's own limit, on a busy machine
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG"
BROKEN = gettext_lazy("The picture is broken or incomplete.")
REASONS = {
    "unknown": gettext_lazy("This is not a JPEG, PNG, WebP or HEIC picture."),
    "pixels": gettext_lazy("The picture has too many pixels. Save it smaller, then try again."),
    "scans": gettext_lazy("The picture is drawn in more steps than any camera takes."),
    "colours": gettext_lazy("The picture has colours that cannot be read here."),
    "hdr": gettext_lazy("This is an HDR picture. Save it as a standard one (SDR), then try again."),
    "broken": BROKEN,
    "small": gettext_lazy("The picture is too small to be printed. Each side needs 24 pixels."),
    "narrow": gettext_lazy(
        "The picture is too narrow for a letter’s head: one side is over 8 times the other."
    ),
}


@dataclass(frozen=True)
class Moment:
    """The day a picture was taken, and the time of that day where it is known."""

    day: date
    at: time | None = None


@dataclass(frozen=True)
class Picture:
    """A picture ready to be stored: JPEG in sRGB, upright, without a word about where or by what it
    was taken. `taken` holds each moment that the file tells, the likeliest first."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int
    taken: tuple[Moment, ...] = ()

    @property
    def taken_on(self):
        """The first day that the file tells, believable or not, or None."""
        return self.taken[0].day if self.taken else None

    @property
    def digest(self):
        return hashlib.sha256(self.image).hexdigest()

    @property
    def thumbnail_digest(self):
        return hashlib.sha256(self.thumbnail).hexdigest()


def read_picture(file):
    """The picture in an uploaded file. Raises ValidationError, in words, for anything else."""
    return _picture(*decoded(_content_of(file)))


def read_logo(file):
    """The picture in an uploaded file as a PNG in RGB, to be printed. Raises ValidationError."""
    known, pixels = decoded(_content_of(file), "logo")
    if "refused" in known or not pixels.startswith(PNG):
        raise ValidationError(REASONS.get(known.get("refused"), BROKEN))
    return pixels


def _content_of(file):
    if file.size > MOST_BYTES:
        raise ValidationError(
            _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1024**2}
        )
    file.seek(0)
    return file.read()


def turned_picture(content, degrees):
    """A stored picture turned to the right by 90, 180 or 270 degrees. Raises ValidationError."""
    if degrees not in {90, 180, 270}:
        raise ValidationError(_("Choose which way to turn the photo."))
    return _picture(*decoded(content, degrees))


def _picture(known, pixels):
    if "refused" in known:
        raise ValidationError(REASONS.get(known["refused"], BROKEN))
    try:
        return _told(known, pixels)
    except (KeyError, TypeError, ValueError):
        raise ValidationError(BROKEN) from None


def _told(known, pixels):
    """The picture that the decoder's answer describes; raises what a forged answer deserves."""
    length, (width, height) = known["length"], known["size"]
    if any(type(one) is not int or one <= 0 for one in (length, width, height)):
        raise ValueError("no picture has such a size")
    image, thumbnail = pixels[:length], pixels[length:]
    if not (image.startswith(JPEG) and thumbnail.startswith(JPEG)):
        raise ValueError("this is not what was asked for")
    return Picture(image, thumbnail, width, height, tuple(map(_moment, known["taken"])))


def _moment(text):
    """A time with an offset becomes the clinic's; one without is taken to be so already."""
    if "T" not in text:
        return Moment(date.fromisoformat(text))
    moment = datetime.fromisoformat(text)
    if moment.tzinfo:
        with suppress(OverflowError):  # in the years 1 and 9999, which nobody believes
            moment = timezone.localtime(moment)
    return Moment(moment.date(), moment.time())


def decoded(content, what=None):
    """What the decoder says of a picture, of a stored one that is to be turned by so many degrees,
    or of a logo.

    It has a process of its own, with an empty environment and limits of time and memory, so that
    its end is not ours and our secrets are not in it. It runs as the same user and on the same file
    system: what takes it over could read what that user can read, but not write a byte to a file.
    """
    try:
        done = subprocess.run(  # noqa: S603  our own file, by our own Python
            [sys.executable, "-I", DECODER, *([str(what)] if what else [])],
            input=content,
            capture_output=True,
            env={},
            timeout=LONGEST_WAIT,
            check=True,
        )
        known, _line, pixels = done.stdout.partition(b"\n")
        known = json.loads(known)
        if not isinstance(known, dict) or not isinstance(known.get("refused", ""), str):
            raise ValueError("the answer is of another kind")
        return known, pixels
    except (RecursionError, subprocess.SubprocessError, ValueError):
        raise ValidationError(BROKEN) from None
