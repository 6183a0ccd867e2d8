"""Taking in a picture as a camera made it: pixels stay, all else is left behind.

What comes in is decided by its content, never by its name, and decoded in a process of its own.
"""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import decoding

MOST_BYTES = 25 * 1024 * 1024
LONGEST_WAIT = 60  # seconds; longer than the decoder's own limit, on a busy machine
BROKEN = gettext_lazy("The picture is broken or incomplete.")
REASONS = {
    "unknown": gettext_lazy("This is not a JPEG, PNG, WebP or HEIC picture."),
    "pixels": gettext_lazy("The picture has too many pixels. Save it smaller, then try again."),
    "scans": gettext_lazy("The picture is drawn in more steps than any camera takes."),
    "colours": gettext_lazy("The picture has colours that cannot be read here."),
    "broken": BROKEN,
}


@dataclass(frozen=True)
class Picture:
    """A picture ready to be kept: JPEG in sRGB, upright, without a word about where or by what it
    was taken. `taken_on` is the day the camera kept, if any."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_on: date | None

    @property
    def digest(self):
        return hashlib.sha256(self.image).hexdigest()


def read_picture(file):
    """The picture in an uploaded file. Raises ValidationError, in words, for anything else."""
    if file.size > MOST_BYTES:
        raise ValidationError(
            _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1024**2}
        )
    file.seek(0)
    known, pixels = decoded(file.read())
    if "refused" in known:
        raise ValidationError(REASONS[known["refused"]])
    image, thumbnail = pixels[: known["length"]], pixels[known["length"] :]
    day = known["taken_on"]
    return Picture(image, thumbnail, *known["size"], date.fromisoformat(day) if day else None)


def decoded(content):
    """What the decoder says, asked in a process that knows nothing of this one: not its files, not
    its secrets, and its end is not ours."""
    try:
        done = subprocess.run(  # noqa: S603  our own file, by our own Python
            [sys.executable, "-I", decoding.__file__],
            input=content,
            capture_output=True,
            env={},
            timeout=LONGEST_WAIT,
            check=True,
        )
        known, _line, pixels = done.stdout.partition(b"\n")
        return json.loads(known), pixels
    except (subprocess.SubprocessError, ValueError):
        raise ValidationError(BROKEN) from None
