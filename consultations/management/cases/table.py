"""Read a CSV file of cases as a table: column names, and cells as they were written."""

import csv
import difflib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .columns import KNOWN, REQUIRED, name_of
from .errors import CasesError, printable

SEPARATORS = {";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, as written; `number` is the spreadsheet's."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was written: column names, and the rows that are not blank."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the facts that the columns are about, in their order."""
        return tuple(name_of(column) for column in self.header)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return a line for each column that is not used, with the name that was perhaps meant."""
        unknown = [
            (place, column)
            for place, column in enumerate(self.header)
            if column.strip().lower() not in KNOWN
        ]
        return tuple(note for place, column in unknown if (note := self._note(place, column)))

    def _note(self, place: int, column: str) -> str:
        if not column.strip():
            filled = any(cell.strip() for row in self.rows for cell in row.cells[place : place + 1])
            return f"Column not used, it has no name: column {place + 1}" if filled else ""
        free = [name for name in KNOWN if name_of(name) not in self.names]
        close = difflib.get_close_matches(column.strip().lower(), free, n=1)
        meant = f" (did you mean {close[0]}?)" if close else ""
        return f"Column not known, not used: {printable(column)}{meant}"


def read_table(content: bytes) -> Table:
    """Return the header and rows of a file: CSV with commas, in UTF-8.

    Raises CasesError, in one line, for anything else and for a file without cases.
    """
    text = _text(content)
    rows = _rows(text)
    header = _header(text, rows)
    table = Table(header, tuple(rows))
    twice = _twice(header)
    if twice:
        raise CasesError(f"Columns given twice: {', '.join(twice)}.")
    if not table.rows:
        raise CasesError("The file has a header and no cases.")
    return table


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CasesError("The file is not text in UTF-8; save it as CSV UTF-8.") from None
    if "\0" in text:
        raise CasesError("The file is not a CSV file: it has NUL bytes.")
    if not text.strip():
        raise CasesError("The file is empty.")
    return text


def _rows(text: str) -> Iterator[Row]:
    # If not strict, a quotation mark left open would silently swallow the cases after it.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield Row(number, tuple(cells))
    except csv.Error as error:
        raise CasesError(f"Row {number + 1} cannot be read as CSV: {error}.") from None


def _header(text: str, rows: Iterator[Row]) -> tuple[str, ...]:
    try:
        header = next(rows, Row(1, ())).cells
    except CasesError:
        header = ()
    if {*map(name_of, header)} & {*REQUIRED, "severity", "grade"}:
        return header
    line = text.lstrip().partition("\n")[0]
    found = [words for separator, words in SEPARATORS.items() if separator in line]
    seems = f" (this one seems to use {found[0]})" if found else ""
    raise CasesError(
        "The header was not understood: it names consulted_on, area and severity, "
        f"separated by commas{seems}."
    )


def _twice(header: tuple[str, ...]) -> list[str]:
    count = Counter(name_of(column) for column in header if column.strip())
    columns = [printable(column) for column in header if count[name_of(column)] > 1]
    return list(dict.fromkeys(columns))
