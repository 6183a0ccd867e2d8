"""Photos in a ZIP, by the number of the patient in the name of their folder or of the file."""

import re
import unicodedata
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from .base import UnreadableFileError

MOST_PHOTOS = 20_000
MOST_BYTES = 50_000_000  # of one photo
UTF_8 = 0x800  # the flag of an entry that says its name is
ENCRYPTED = 0x1
NUMBER = re.compile(r"(?<![A-Za-z0-9])P-?(?P<digits>\d{1,9})(?!\d)", re.IGNORECASE)
DAY = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-_.]?(?P<m>\d\d)[-_.]?(?P<d>\d\d)(?!\d)")


@dataclass(frozen=True)
class PhotoEntry:
    """One photo of a ZIP: its place among the photos from 1, its name as a hint, and what that says
    of patient and day, None where nothing or two things."""

    number: int
    name: str
    record_number: str | None
    taken_on: date | None
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    def read(self):
        """Its bytes. Raises UnreadableFileError, and never holds more than a photo may have."""
        words = {"number": self.number, "name": self.name}
        if self.info.flag_bits & ENCRYPTED:
            raise UnreadableFileError(
                _("Photo %(number)s (%(name)s) is protected by a password.") % words
            )
        try:
            with self.archive.open(self.info) as stream:
                data = stream.read(MOST_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise UnreadableFileError(
                _("Photo %(number)s (%(name)s) is damaged.") % words
            ) from error
        if len(data) > MOST_BYTES:
            raise UnreadableFileError(
                _("Photo %(number)s (%(name)s) has more than %(most)s MB.")
                % {**words, "most": MOST_BYTES // 1_000_000}
            )
        return data


def photos_in(file, name):
    """Yield each photo of a ZIP, entry by entry: two may have one name.

    `file` is seekable and stays open while they are read. Raises UnreadableFileError.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFileError(
            _("%(name)s is damaged, or no ZIP file.") % {"name": name}
        ) from error
    number = 0
    for info in archive.infolist():
        path = _path(info)
        if info.is_dir() or path.endswith("/") or _is_beside(path):
            continue
        number += 1
        if number > MOST_PHOTOS:
            raise UnreadableFileError(
                _("%(name)s has more than %(most)s photos.")
                % {"name": name, "most": f"{MOST_PHOTOS:,}"}
            )
        yield PhotoEntry(number, path, _record_number(path), _taken_on(path), archive, info)


def _path(info):
    """The name of an entry as it was meant: with slashes, composed, and of UTF-8 where it is."""
    path = info.orig_filename
    if not info.flag_bits & UTF_8:
        with suppress(UnicodeError):  # else the name of an old program: a hint, and no more
            path = path.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", path.partition("\0")[0].replace("\\", "/"))


def _is_beside(path):
    """What macOS and Windows put beside the photos."""
    *folders, name = path.split("/")
    return "__MACOSX" in folders or name.startswith(("._", ".DS_Store")) or name == "Thumbs.db"


def _record_number(path):
    found = {int(one["digits"]) for one in NUMBER.finditer(path.replace("_", " "))}
    return f"P-{found.pop():06d}" if len(found) == 1 else None


def _taken_on(path):
    """The day in the name of the file, or in those of its folders."""
    for part in reversed(path.split("/")):
        days = set()
        for one in DAY.finditer(part):
            try:
                days.add(date(int(one["y"]), int(one["m"]), int(one["d"])))
            except ValueError:
                continue
        if days:
            return days.pop() if len(days) == 1 else None
    return None
