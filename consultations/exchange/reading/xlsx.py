"""XLSX: each sheet that is not hidden is a table.

Rows are read as the file is unpacked, one by one, so a bomb is met before it is in memory. openpyxl
tells what a number format is and what day a number means; it does not read the cells, as it gives
nothing for a formula without a stored value and keeps what was unpacked.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal
from math import isinf
from posixpath import dirname, join, normpath
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import (
    CALENDAR_MAC_1904,
    CALENDAR_WINDOWS_1900,
    from_excel,
    from_ISO8601,
)

from .base import LONGEST_CELL, NoValue, UnreadableFileError, table_of, too_long

MOST_UNPACKED = 500_000_000
MOST_OF_A_PART = 10_000_000  # of one that is held in memory, beside the sheets and the texts
MOST_OF_TEXTS = 100_000_000
MOST_RATIO = 250  # of what is larger than this:
RATIO_COUNTS_FROM = 10_000_000
MOST_PARTS = 5000
LAST_COLUMN = 16_384
DEEPEST = 30
EAST_ASIAN_DATES = {*range(27, 37), *range(50, 59)}  # built into Excel, without a format
CHUNK = 1 << 16

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d{1,3})?")
TEXTS = "xl/sharedStrings.xml"
UNCOUNTED = gettext_lazy(
    "The formula has no stored value. Open the file in a spreadsheet program and save it."
)
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError),
    *(ParseError, ExpatError, DefusedXmlException, LookupError, ValueError, TypeError),
    *(AttributeError, OverflowError),
)
# What of a zip file's parts shows that it is another thing than a workbook.
OTHERS = (
    ("vbaProject", gettext_lazy("%(name)s holds macros. Save it as .xlsx, without them.")),
    ("macrosheets/", gettext_lazy("%(name)s holds macros. Save it as .xlsx, without them.")),
    ("xl/workbook.bin", gettext_lazy("%(name)s is a binary workbook (.xlsb). Save it as .xlsx.")),
    ("content.xml", gettext_lazy("%(name)s is no .xlsx. Save it as .xlsx or as CSV.")),
    ("Index/Document.iwa", gettext_lazy("%(name)s is a Numbers file. Export it as .xlsx or CSV.")),
    ("word/document.xml", gettext_lazy("%(name)s is a Word document, no table.")),
)


def open_xlsx(file, name):
    """The tables of the sheets of a workbook that anybody sees, with notes on the others."""
    try:
        archive = zipfile.ZipFile(file)
        _check_parts(archive, name)
        book = _book(archive)
        return _tables(archive, book)
    except BROKEN as error:
        raise UnreadableFileError(
            _(
                "%(name)s is damaged, or no spreadsheet. Open it in a spreadsheet program and"
                " save it again as .xlsx."
            )
            % {"name": name}
        ) from error


def _check_parts(archive, name):
    """Refuse what is no workbook, or would unpack to more than anybody has in one.

    `zipfile` gives no more of a part than its directory says, so what that says is enough.
    """
    parts = archive.infolist()
    for sign, words in OTHERS:
        if any(sign in part.filename for part in parts):
            raise UnreadableFileError(words % {"name": name})
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFileError(_("%(name)s is protected by a password.") % {"name": name})
    total = sum(part.file_size for part in parts)
    is_bomb = (
        len(parts) > MOST_PARTS
        or total > MOST_UNPACKED
        or any(
            part.file_size > MOST_RATIO * max(part.compress_size, 1)
            and part.file_size > RATIO_COUNTS_FROM
            for part in parts
        )
    )
    if is_bomb:
        raise UnreadableFileError(
            _("%(name)s would unpack to more than any table needs (%(size)s MB).")
            % {"name": name, "size": f"{total // 1_000_000:,}"}
        )


@dataclass(frozen=True)
class Book:
    """What all sheets of a workbook share. `kinds` says of each style whether its numbers are a
    "date", a "timedelta", a "percent", shown with zeros before them (as many zeros as digits), or
    nothing of these ("")."""

    sheets: tuple[tuple[str, str, str], ...]  # title, state, part
    epoch: datetime
    kinds: tuple[str, ...]
    texts: list[str]


def _book(archive):
    (start,) = (
        target for kind, target in _relations(archive, "").values() if kind == "officeDocument"
    )
    root = _tree(archive, start)
    relations = _relations(archive, start)
    setup = next(_each(root, "workbookPr"), None)
    is_mac = setup is not None and setup.get("date1904") in {"1", "true"}
    sheets = []
    for sheet in _each(root, "sheet"):
        key = next(value for name, value in sheet.attrib.items() if _local(name) == "id")
        kind, target = relations[key]
        if kind == "worksheet":
            sheets.append((sheet.get("name"), sheet.get("state", "visible"), target))
    by_kind = dict(relations.values())
    texts = _texts(archive, by_kind["sharedStrings"]) if "sharedStrings" in by_kind else []
    kinds = _kinds(_tree(archive, by_kind["styles"])) if "styles" in by_kind else ()
    epoch = CALENDAR_MAC_1904 if is_mac else CALENDAR_WINDOWS_1900
    return Book(tuple(sheets), epoch, kinds, texts)


def _tree(archive, part):
    info = archive.getinfo(part)
    if info.file_size > MOST_OF_A_PART:
        raise ValueError(part)
    return fromstring(archive.read(info), forbid_dtd=True)


def _relations(archive, part):
    """The kind and the part of each relation of a part, by its key."""
    place = dirname(part)
    name = part[len(place) :].lstrip("/")
    root = _tree(archive, join(place, "_rels", f"{name}.rels"))
    return {
        one.get("Id"): (
            one.get("Type").rpartition("/")[2],
            normpath(join("/", place, one.get("Target"))).lstrip("/"),
        )
        for one in _each(root, "Relationship")
        if one.get("TargetMode") != "External"
    }


def _each(root, name):
    return (one for one in root.iter() if _local(one.tag) == name)


def _local(name):
    return name.rpartition("}")[2].rpartition(":")[2]


def _kinds(root):
    formats = {int(one.get("numFmtId")): one.get("formatCode", "") for one in _each(root, "numFmt")}
    cells = next(_each(root, "cellXfs"), ())
    numbers = [int(one.get("numFmtId") or 0) for one in cells]
    return tuple(
        "date" if n in EAST_ASIAN_DATES else _kind(formats.get(n) or BUILTIN_FORMATS.get(n, ""))
        for n in numbers
    )


def _kind(number_format):
    if number_format.endswith("%"):
        return "percent"
    if re.fullmatch("00+", number_format):
        return number_format
    if is_timedelta_format(number_format):
        return "timedelta"
    return "date" if is_date_format(number_format) else ""


# Reading parts as they are unpacked


def _pieces(archive, part, reader):
    """What a reader found, as its part is unpacked."""
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.start_element
    parser.EndElementHandler = reader.end_element
    parser.CharacterDataHandler = reader.characters
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
            yield from reader.take()
    parser.Parse(b"", True)
    yield from reader.take()


def _refuse(*_args):
    """No workbook defines entities: only a bomb does."""
    raise ValueError("doctype")


class Reader:
    """Collects the text between tags, and no more of it than a cell may have."""

    def __init__(self):
        self.found, self.text, self.length, self.depth = [], None, 0, 0

    def take(self):
        found, self.found = self.found, []
        return found

    def start_element(self, name, attrs):
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError("too deep")
        self.start(name.rpartition(":")[2], attrs)

    def end_element(self, name):
        self.depth -= 1
        self.end(name.rpartition(":")[2])

    def characters(self, content):
        if self.text is None:
            return
        self.length += len(content)
        if self.length > LONGEST_CELL:
            raise self.too_long()
        self.text.append(content)

    def collect(self):
        self.text = []

    def collected(self):
        text, self.text = "".join(self.text or ()), None
        return text


class TextReader(Reader):
    """The texts that cells share, without the readings above them (Japanese)."""

    is_reading = False

    def start(self, name, attrs):
        if name == "si":
            self.parts, self.length = [], 0
        elif name == "rPh":
            self.is_reading = True
        elif name == "t" and not self.is_reading:
            self.collect()

    def end(self, name):
        if name == "t" and self.text is not None:
            self.parts.append(self.collected())
        elif name == "rPh":
            self.is_reading = False
        elif name == "si":
            self.found.append(unescaped("".join(self.parts)))

    def too_long(self):
        return UnreadableFileError(_("A cell has more than 100,000 characters."))


def _texts(archive, part):
    if archive.getinfo(part).file_size > MOST_OF_TEXTS:
        raise UnreadableFileError(
            _("The workbook holds more than %(most)s MB of text. Split it into several files.")
            % {"most": MOST_OF_TEXTS // 1_000_000}
        )
    return list(_pieces(archive, part, TextReader()))


def unescaped(text):
    """Text with the characters that Excel writes as _x000D_, and its ends of lines as \\n."""
    if "_x" in text:
        text = ESCAPED.sub(_unescaped, text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.strip() else ""


def _unescaped(found):
    character = chr(int(found[1], 16))
    return character if character.isprintable() or character in "\t\r\n" else found[0]


class SheetReader(Reader):
    """The rows of a sheet, numbered; and what of it the user should know (`merged`, `hidden`)."""

    def __init__(self, book):
        super().__init__()
        self.book = book
        self.row, self.column, self.cells = 0, 0, []
        self.merged = self.hidden = 0

    def start(self, name, attrs):
        if name == "row":
            self.row, self.column, self.cells = int(attrs.get("r") or self.row + 1), 0, []
            self.hidden += attrs.get("hidden") in {"1", "true"}
        elif name == "c":
            self.start_cell(attrs)
        elif name == "f":
            self.has_formula = True
        elif name == "rPh":
            self.is_reading = True
        elif name == "v" or (name == "t" and not self.is_reading):
            self.collect()
        elif name == "mergeCell":
            self.merged += 1

    def start_cell(self, attrs):
        found = REFERENCE.fullmatch(attrs.get("r") or "")
        self.column = column_index_from_string(found[1]) if found else self.column + 1
        if self.column > LAST_COLUMN or self.column <= len(self.cells):
            raise ValueError("cells out of order")
        self.type, self.style = attrs.get("t") or "n", int(attrs.get("s") or 0)
        self.has_formula = self.is_reading = False
        self.parts, self.length = [], 0

    def end(self, name):
        if name in {"v", "t"} and self.text is not None:
            self.parts.append(self.collected())
        elif name == "rPh":
            self.is_reading = False
        elif name == "c":
            value = self.value("".join(self.parts))
            if value != "":
                self.cells += [""] * (self.column - 1 - len(self.cells))
                self.cells.append(value)
        elif name == "row":
            self.found.append((self.row, self.cells))

    def too_long(self):
        return too_long(self.row, self.column)

    def value(self, raw):
        """What a cell of this type and style holds."""
        if not raw:
            is_uncounted = self.has_formula and self.type != "str"
            return NoValue("", str(UNCOUNTED)) if is_uncounted else ""
        if self.type == "s":
            return self.book.texts[int(raw)]
        if self.type in {"str", "inlineStr"}:
            return unescaped(raw)
        if self.type == "b":
            return raw in {"1", "true"}
        if self.type == "e":
            return NoValue(raw, _("%(error)s is an error of the spreadsheet.") % {"error": raw})
        if self.type == "d":
            return _day(from_ISO8601(raw))
        kinds = self.book.kinds
        return _number(raw, kinds[self.style] if self.style < len(kinds) else "", self.book.epoch)


def _number(raw, kind, epoch):
    raw = raw.strip()
    if not NUMBER.fullmatch(raw) or isinf(float(raw)):
        return NoValue(raw, _("“%(raw)s” is no number.") % {"raw": raw[:30]})
    if not kind:
        return _plain(raw)
    if kind.startswith("0"):
        return str(_plain(raw)).zfill(len(kind))
    if kind == "percent":
        return _plain(f"{Decimal(raw) * 100:f}")  # as it is shown
    try:
        return _day(from_excel(float(raw), epoch, timedelta=kind == "timedelta"))
    except (OverflowError, ValueError):
        return NoValue(raw, _("%(raw)s is no date.") % {"raw": raw})


def _day(value):
    """A moment at midnight is the day: no more was typed."""
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date()
    return value


def _plain(raw):
    """A number as a spreadsheet shows it, with 15 digits; a whole one as text."""
    if raw.isdecimal():
        return raw
    number = Decimal(f"{float(raw):.15g}")
    return f"{number:.0f}" if number == number.to_integral_value() else number


# Tables


@dataclass
class Sheet:
    """A sheet of a workbook; gone through once, it knows how many cells are `merged` and how many
    rows `hidden`."""

    archive: zipfile.ZipFile
    book: Book
    part: str
    merged: int = 0
    hidden: int = 0

    def records(self):
        reader, last = SheetReader(self.book), 0
        for number, cells in _pieces(self.archive, self.part, reader):
            if number <= last:
                raise ValueError("rows out of order")
            last = number
            yield number, cells
        self.merged, self.hidden = reader.merged, reader.hidden

    def notes(self):
        if self.book.epoch == CALENDAR_MAC_1904:
            yield _("Days counted from 1904")
        if self.merged:
            yield _("Merged cells: only the first of each holds anything")
        if self.hidden:
            yield ngettext(
                "%(n)s hidden row is read too", "%(n)s hidden rows are read too", self.hidden
            ) % {"n": self.hidden}


def _tables(archive, book):
    left_out = tuple(
        _("Hidden sheet left out: %(title)s") % {"title": title}
        for title, state, _part in book.sheets
        if state != "visible"
    )
    tables = []
    for title, state, part in book.sheets:
        sheet = Sheet(archive, book, part)
        table = table_of(title, sheet.records) if state == "visible" else None
        if table:
            tables.append(replace(table, notes=(*sheet.notes(), *left_out)))
    return tables
