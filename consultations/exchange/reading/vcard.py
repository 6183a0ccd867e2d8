"""Contacts as vCard 2.1, 3 and 4: one row a card, with the parts of a patient as its columns.

Card by card: one that cannot be read is listed by its number, never left out or cut in silence.
"""

import binascii
import quopri
import re
from base64 import b64decode
from codecs import lookup
from dataclasses import dataclass, field, replace
from datetime import date
from io import BufferedReader
from urllib.parse import unquote

from django.utils.translation import gettext as _

from .base import LONGEST_CELL, Failure, UnreadableFileError, Window, table_of
from .encodings import looks_western

HEADINGS = (
    *("family_name", "given_name", "middle_name", "preferred_name", "date_of_birth", "sex"),
    *("mobile_phone", "phone", "home_phone", "work_phone", "email", "address", "medical_notes"),
    "other_number",
)
CHARSET = re.compile(r"utf-(?:8|16|32)|ascii|iso|cp\d|koi8|mac-|gb|big5|shift_jis|euc_|tis")
LONGEST_LINE = 1_000_000
LONGEST = 4 * LONGEST_CELL  # bytes of a property
# What no patient is made of: pictures, sounds, keys.
LEFT_OUT = {"PHOTO", "LOGO", "SOUND", "KEY", "LABEL", "X-ABSHOWAS"}
SEXES = {"F": "female", "M": "male", "O": "other", "N": "unknown", "U": "unknown"}
PHONES = (("CELL", "mobile_phone"), ("WORK", "work_phone"), ("HOME", "home_phone"))
NO_PHONES = {"FAX", "PAGER", "BBS", "MODEM", "VIDEO"}
HEAD = re.compile(
    rb"(?:[\w-]+\.)?(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;(?:[^\":;]|\"[^\"]*\")*)*):(?P<value>.*)",
    re.DOTALL,
)
BIRTH = re.compile(r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)(?:T.*|\s.*)?")
NO_YEAR = 1604  # what Apple writes where a birthday has no year
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
BETWEEN_NAMES = re.compile(r"(?<!\\)((?:\\\\)*),")
UNESCAPED_SEMICOLON = re.compile(r"(?<!\\)((?:\\\\)*);")


class UnreadableCardError(Exception):
    """Why one card cannot be read."""


def open_vcards(file, name):
    """The table of a file of contacts; `failed` lists the cards that are no row."""
    cards = Cards(file)
    table = table_of(name, cards.records)
    return [replace(table, failed=tuple(cards.failed))]


@dataclass
class Cards:
    """The cards of a file; gone through once, it knows which `failed`."""

    file: object
    failed: list = field(default_factory=list)

    def records(self):
        """Headings as record 0, then the cards that can be read, by their numbers."""
        yield 0, list(HEADINGS)
        failed = []
        for number, lines in enumerate(_cards(self.file), start=1):
            try:
                yield number, _row(lines)
            except UnreadableCardError as error:
                failed.append(Failure(number, str(error)))
        self.failed = failed


def _cards(file):
    """The lines of each card, unfolded, as bytes; None in place of an end that is missing."""
    lines, within = None, 0
    for line in _lines(file):
        sign = line.strip().upper()
        if sign == b"BEGIN:VCARD":
            if lines and lines[-1].upper().startswith(b"AGENT") and lines[-1].endswith(b":"):
                within += 1  # version 2.1 puts the card of an agent in the card
                continue
            if lines is not None:
                yield [*lines, None]
            lines, within = [], 0
        elif sign == b"END:VCARD" and within:
            within -= 1
        elif sign == b"END:VCARD" and lines is not None:
            yield lines
            lines = None
        elif lines is not None and not within:
            _add(lines, line)
    if lines is not None:
        yield [*lines, None]


def _lines(file):
    """The lines of a file without their ends; of UTF-16 as UTF-8."""
    window = BufferedReader(Window(file))
    start = window.peek(3)[:3]
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            text = window.read().decode("utf-16")
        except UnicodeDecodeError as error:
            raise UnreadableFileError(_("The file is not in UTF-16, as it begins.")) from error
        yield from text.encode().splitlines()
        return
    if start == b"\xef\xbb\xbf":
        window.read(3)
    while line := window.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UnreadableFileError(_("A line of the file does not end. These are no contacts."))
        # Old ends of lines stand alone: whatever the last, no line has one within.
        yield from line.splitlines() or [b""]


def _add(lines, line):
    """Add a line to those of its card, or to the end of the one before where it goes on."""
    last = lines[-1] if lines else b""
    head = last.partition(b":")[0].upper()
    is_short = len(last) < LONGEST
    if b"QUOTED-PRINTABLE" in head and last.endswith(b"="):
        lines[-1] = last[:-1] + line if is_short else last
    elif line[:1] in {b" ", b"\t"} and lines:
        if head.partition(b";")[0].decode("ascii", "ignore") in LEFT_OUT:
            return
        is_old = any(one.strip().upper() == b"VERSION:2.1" for one in lines[:2])
        lines[-1] = last + (line if is_old else line[1:]) if is_short else last
    elif line.strip():
        lines.append(line)


def _row(lines):
    """The cells of a card; raises UnreadableCardError."""
    if lines and lines[-1] is None:
        raise UnreadableCardError(_("The card has no end."))
    card = {}
    for line in lines:
        name, params, value = _property(line)
        card.setdefault(name, []).append((params, value))
    if card.get("KIND", [((), "individual")])[0][1].lower() in {"group", "org", "location"}:
        raise UnreadableCardError(_("The card is not of a person."))
    cells = dict.fromkeys(HEADINGS, "")
    _take_names(card, cells)
    _take_phones(card, cells)
    cells["date_of_birth"] = _birth(card)
    cells["email"] = " ::: ".join(
        _unescaped(value).removeprefix("mailto:") for value in _preferred(card.get("EMAIL", ()))
    )
    cells["address"] = _address(next(iter(_preferred(card.get("ADR", ()))), ""))
    notes = [_unescaped(value) for _params, value in card.get("NOTE", ())]
    cells["medical_notes"] = "\n".join(filter(None, notes))
    gender = next(iter(_preferred(card.get("GENDER", card.get("X-GENDER", ())))), "")
    cells["sex"] = SEXES.get(gender.partition(";")[0].strip().upper()[:1], "")
    cells["other_number"] = next(iter(_preferred(card.get("UID", ()))), "")
    return list(cells.values())


def _property(line):
    """Name, parameters and value (still escaped) of a line."""
    found = HEAD.fullmatch(line)
    if not found:
        words = line[:60].decode("utf-8", "replace")
        raise UnreadableCardError(_("“%(line)s” cannot be read.") % {"line": words})
    name, raw = found["name"].decode().upper(), found["value"]
    params = found["params"].decode("latin-1").replace('"', "").upper().split(";")[1:]
    if name in LEFT_OUT:
        return name, params, ""
    if len(line) >= LONGEST:
        raise UnreadableCardError(_("%(name)s is longer than any answer.") % {"name": name})
    charset = next((one[8:] for one in params if one.startswith("CHARSET=")), "utf-8")
    encodings = {one.removeprefix("ENCODING=") for one in params}
    if "QUOTED-PRINTABLE" in encodings:
        raw = quopri.decodestring(raw)
    elif encodings & {"BASE64", "B"}:
        try:
            raw = b64decode(raw)
        except binascii.Error as error:
            raise UnreadableCardError(_("%(name)s is cut off.") % {"name": name}) from error
    return name, params, _decoded(raw, charset)


def _decoded(raw, charset):
    """Text of a charset; of what claims to be UTF-8 and is not, as Windows writes it."""
    if not _is_charset(charset):
        raise UnreadableCardError(
            _("The charset %(charset)s is not known.") % {"charset": charset[:40]}
        )
    try:
        return raw.decode(charset)
    except UnicodeError as error:
        if charset.lower() not in {"utf-8", "us-ascii"}:
            raise UnreadableCardError(
                _("The card is not in %(charset)s, as it says.") % {"charset": charset}
            ) from error
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if not text or not looks_western(text):
        raise UnreadableCardError(
            _("The card is in no encoding that is known. Export it as vCard 3 or 4.")
        )
    return text


def _is_charset(name):
    """Whether a program writes texts in it: Python's codecs for web names and the like are slow."""
    try:
        return bool(CHARSET.match(lookup(name).name))
    except (LookupError, ValueError):
        return False


def _unescaped(value):
    """A value without the backslashes that keep its commas and semicolons."""
    text = ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    return text.replace("\r\n", "\n").strip()


def _parts(value):
    """The parts between semicolons, each as text."""
    marked = UNESCAPED_SEMICOLON.sub("\\1\0", value)
    return [_unescaped(part) for part in marked.split("\0")]


def _preferred(properties):
    """Values, the preferred ones first."""
    by_preference = sorted(properties, key=lambda one: _preference(one[0]))
    return [value for _params, value in by_preference if value.strip()]


def _preference(params):
    for one in params:
        if re.fullmatch(r"PREF=\d{1,3}", one):
            return int(one[5:])
        if "PREF" in re.split(r"[=,]", one):
            return 0
    return 101


def _take_names(card, cells):
    family, given, middle = "", "", ""
    for value in _preferred(card.get("N", ()))[:1]:
        value = BETWEEN_NAMES.sub(r"\1 ", value)
        family, given, middle = (*_parts(value), "", "", "")[:3]
    whole = _unescaped(next(iter(_preferred(card.get("FN", ()))), ""))
    if not (family or given):
        given, _space, family = whole.rpartition(" ")
    if not (family or given):
        raise UnreadableCardError(_("The card has no name."))
    nickname = _unescaped(next(iter(_preferred(card.get("NICKNAME", ()))), ""))
    cells |= {
        "family_name": family,
        "given_name": given,
        "middle_name": middle,
        "preferred_name": nickname,
    }


def _take_phones(card, cells):
    for params, value in sorted(card.get("TEL", ()), key=lambda one: _preference(one[0])):
        kinds = {kind for one in params for kind in re.split(r"[=,]", one)}
        number = _phone(value)
        if not number or kinds & NO_PHONES:
            continue
        key = next((key for kind, key in PHONES if kind in kinds), "phone")
        cells[key] = " ::: ".join(filter(None, [cells[key], number]))


def _phone(value):
    """A number as it would be typed; of an address (tel:) with its extension in words."""
    number = _unescaped(value)
    if not number.lower().startswith("tel:"):
        return number
    number, *parts = unquote(number[4:]).split(";")
    extension = next((part[4:] for part in parts if part.lower().startswith("ext=")), "")
    return f"{number} ext. {extension}" if extension else number


def _birth(card):
    """The birth date as 1980-03-05; what is none as it stands: `people` says so. Without its year
    it is --03-05, whichever way that was written."""
    for params, value in card.get("BDAY", ()):
        text = _unescaped(value)
        found = BIRTH.fullmatch(text)
        omits = any(one.startswith("X-APPLE-OMIT-YEAR") for one in params)
        if found and not omits and int(found["year"]) != NO_YEAR:
            try:
                day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                return text  # refused where days are read, in words
            return day.isoformat()
        if found:
            return f"--{found['month']}-{found['day']}"
        if text:
            return text
    return ""


def _address(value):
    """An address as it stands on a letter."""
    box, extended, street, city, region, postcode, country = (*_parts(value), *[""] * 7)[:7]
    town = " ".join(filter(None, [city, postcode]))
    lines = [box, extended, street, town, region, country]
    return "\n".join(line for line in lines if line)
