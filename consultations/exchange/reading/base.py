"""A table as it was found in a file, and what every table has to keep to."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import RawIOBase

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

MOST_BYTES = 100_000_000
MOST_COLUMNS = 300
MOST_ROWS = 200_000
LAST_ROW = 1_048_576  # of any spreadsheet program; blank ones count
LONGEST_CELL = 100_000  # characters


class UnreadableFileError(Exception):
    """Why a file cannot be read, in words that name row and column as the user sees them."""


@dataclass(frozen=True, slots=True)
class NoValue:
    """A cell that holds something, but no value: an error, or a formula never calculated."""

    shown: str
    why: str

    def __str__(self):
        return self.shown


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank, numbered as in a spreadsheet program, with a cell a heading.

    A cell of CSV is str. One of a spreadsheet may also be bool, date, datetime, time, timedelta,
    Decimal (a number that is not whole; whole ones are str) or NoValue. Blank is "".
    """

    number: int
    cells: tuple


@dataclass(frozen=True)
class Failure:
    """A part of a file that is no row: its number as the user counts it, and why."""

    number: int
    why: str


@dataclass(frozen=True)
class Table:
    """A sheet, or a file that is one table.

    `rows` can be gone through again and again, and was once: it raises nothing. A column without
    anything in it may have the heading "". `count` is how many rows there are; `notes` say how the
    file was read; `failed` lists what could not be.
    """

    name: str
    headings: tuple[str, ...]
    rows: Iterable[Row]
    notes: tuple[str, ...] = ()
    count: int = 0
    failed: tuple[Failure, ...] = ()


Records = Callable[[], Iterator[tuple[int, list]]]


@dataclass(frozen=True)
class _Rows:
    """The rows below the headings, read anew each time."""

    records: Records
    headings_in: int
    width: int

    def __iter__(self):
        for number, cells in self.records():
            if number > self.headings_in and any(cell != "" for cell in cells):
                yield Row(number, tuple(fitted(cells, self.width)))


def fitted(cells, width):
    """So many cells: blank ones are added, or left out at the end."""
    return cells[:width] + [""] * (width - len(cells))


def table_of(name, records: Records, notes=()):
    """A table of numbered records, the first of which that is not blank are the headings.

    Goes through all of them once. Returns None where there is none, not even headings. Raises
    UnreadableFileError for what no table may be.
    """
    headings, headings_in, count, filled = None, 0, 0, set()
    for number, cells in records():
        cells = _without_end(cells)
        if not cells:
            continue
        _check_size(number, cells)
        if headings is None:
            headings, headings_in = _headings(number, cells), number
            continue
        count += 1
        if count > MOST_ROWS:
            raise UnreadableFileError(
                _("%(name)s has more than %(most)s rows. Split it into several files.")
                % {"name": name, "most": f"{MOST_ROWS:,}"}
            )
        if len(cells) > len(headings):
            raise UnreadableFileError(
                _(
                    "Row %(row)s goes on to column %(column)s, but the headings in row %(top)s end"
                    " with column %(last)s."
                )
                % {
                    "row": number,
                    "column": get_column_letter(len(cells)),
                    "top": headings_in,
                    "last": get_column_letter(len(headings)),
                }
            )
        filled.update(place for place, cell in enumerate(cells) if cell != "")
    if headings is None:
        return None
    for place in sorted(filled):
        if not headings[place]:
            raise UnreadableFileError(
                _("Column %(column)s has no heading in row %(row)s.")
                % {"column": get_column_letter(place + 1), "row": headings_in}
            )
    rows = _Rows(records, headings_in, len(headings))
    return Table(name, headings, rows, tuple(notes), count)


def _without_end(cells):
    """Cells up to the last that is not blank."""
    width = len(cells)
    while width and cells[width - 1] == "":
        width -= 1
    return cells[:width]


def _check_size(number, cells):
    if number > LAST_ROW:
        raise UnreadableFileError(_("There are more than 1,048,576 rows."))
    for place, cell in enumerate(cells, start=1):
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            raise too_long(number, place)


def too_long(row, column):
    """The error of a cell that is no answer any more but a book."""
    return UnreadableFileError(
        _(
            "Row %(row)s, column %(column)s has more than 100,000 characters. Is a quotation mark"
            " missing?"
        )
        % {"row": row, "column": get_column_letter(column)}
    )


def _headings(number, cells):
    """The headings of a row; raises UnreadableFileError where they are none."""
    headings = tuple(" ".join(str(cell).split()) for cell in cells)
    if len(headings) > MOST_COLUMNS:
        raise UnreadableFileError(
            _("Row %(row)s has %(found)s headings; at most %(most)s can be read.")
            % {"row": number, "found": len(headings), "most": MOST_COLUMNS}
        )
    seen = {}
    for place, heading in enumerate(headings, start=1):
        first = seen.setdefault(heading.casefold(), place)
        if heading and first != place:
            raise UnreadableFileError(
                _(
                    "Columns %(one)s and %(other)s are both headed “%(heading)s”. Give each its own"
                    " heading."
                )
                % {
                    "one": get_column_letter(first),
                    "other": get_column_letter(place),
                    "heading": heading,
                }
            )
        if "@" in heading or (heading and heading.replace("-", "").replace("/", "").isdigit()):
            raise UnreadableFileError(
                _(
                    "Row %(row)s has no headings: “%(heading)s” in column %(column)s is an answer."
                    " Put the headings above it."
                )
                % {"row": number, "heading": heading, "column": get_column_letter(place)}
            )
    return headings


class Window(RawIOBase):
    """A seekable file read from its start, whoever else reads it meanwhile; closing it closes
    nothing."""

    def __init__(self, file):
        super().__init__()
        self.file, self.place = file, 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self.file.seek(self.place)
        data = self.file.read(len(buffer))
        buffer[: len(data)] = data
        self.place += len(data)
        return len(data)
