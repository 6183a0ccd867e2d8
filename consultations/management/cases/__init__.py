"""Interchange: a CSV file of cases becomes facts, or the list of cells that are not understood."""

import csv
import difflib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from consultations.rules.calendar import age_on
from consultations.rules.candidacy import Verdict
from consultations.rules.facts import CHOICES, DATES, FACTS, YES_NO, AreaFacts
from consultations.rules.protocol import HIGHEST_GRADE, LOWEST_GRADE
from consultations.vocabulary import LaserType, Outcome, Severity

YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
FIRST_YEAR, LAST_YEAR = 1900, 2100
OLDEST_AGE = 130
GRADES_IN_WORDS = "0 to 1.5 mild, 2 to 2.5 moderate, 3 to 4 severe"

ALIASES = {"consulted_on": "on"}
REQUIRED = ("on", "area")
KNOWN = (
    *FACTS,
    "case",
    "consulted_on",
    "date_of_birth",
    "laser_considered",
    "expected",
    "source",
)
SEPARATORS = {";": "semicolons", "\t": "tabs"}
SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True)
class CellError:
    """One cell that is not understood; `row` is the spreadsheet's, where the header is row 1."""

    row: int
    column: str
    value: str
    accepted: str

    def __str__(self) -> str:
        value = f'"{printable(self.value)}"' if self.value else "blank"
        return f"Row {self.row}, {self.column}: {value} is not accepted; {self.accepted}."


class CasesError(Exception):
    """The file cannot be used: one line for what is wrong with it, or one for each bad cell."""

    def __init__(self, *problems: str | CellError) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.cells = tuple(problem for problem in problems if isinstance(problem, CellError))


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, as written; `number` is the spreadsheet's."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was written: column names and rows that are not blank."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The facts' names for the columns, in their order."""
        return tuple(_name(column) for column in self.header)

    @property
    def notes(self) -> tuple[str, ...]:
        """One line for each column that is not used, with the name that was perhaps meant."""
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
        free = [name for name in KNOWN if _name(name) not in self.names]
        close = difflib.get_close_matches(column.strip().lower(), free, n=1)
        meant = f" (did you mean {close[0]}?)" if close else ""
        return f"Column not known, not used: {printable(column)}{meant}"


@dataclass(frozen=True, slots=True)
class Case:
    """One row understood: its facts, and what the file says of laser and verdict.

    `row` is the spreadsheet's number; `cells` are as written, as many as the header's columns;
    `expected` is None unless it was asked for.
    """

    row: int
    cells: tuple[str, ...]
    case: str
    facts: AreaFacts
    laser_considered: LaserType | None
    expected: Outcome | None

    def is_met_by(self, verdict: Verdict) -> bool:
        """Whether the verdict is the expected one.

        An expected hold is also met where the laser considered is not allowed now, whatever
        other lasers are.
        """
        if self.expected == Outcome.HOLD and self.laser_considered is not None:
            return verdict.outcome == Outcome.HOLD or self.laser_considered not in verdict.lasers
        return verdict.outcome == self.expected


def read_table(content: bytes) -> Table:
    """The header and rows of a file: CSV with commas, in UTF-8.

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


def read_cases(table: Table, *, check: bool = False) -> tuple[Case, ...]:
    """The cases of a table, in its order; with `check` each must say which outcome it expects.

    Raises CasesError with every bad cell.
    """
    _refuse_missing_columns(table, check)
    required = {*REQUIRED, "expected"} if check else {*REQUIRED}
    read = [_case(row, table, required) for row in table.rows]
    errors = [error for result in read if not isinstance(result, Case) for error in result]
    if errors:
        raise CasesError(*errors)
    return tuple(result for result in read if isinstance(result, Case))


def printable(text: str, length: int = SHOWN_LENGTH) -> str:
    """The text on one line, cut to a length, without characters that could steer a terminal."""
    text = " ".join(text[: 4 * length].split())
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


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
    # Not strict, a quotation mark left open would swallow the cases after it in silence.
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
    if {*map(_name, header)} & {*REQUIRED, "severity", "grade"}:
        return header
    line = text.lstrip().partition("\n")[0]
    found = [words for separator, words in SEPARATORS.items() if separator in line]
    seems = f" (this one seems to use {found[0]})" if found else ""
    raise CasesError(
        "The header was not understood: it names consulted_on, area and severity, "
        f"separated by commas{seems}."
    )


def _name(column: str) -> str:
    name = column.strip().lower()
    return ALIASES.get(name, name)


def _twice(header: tuple[str, ...]) -> list[str]:
    count = Counter(_name(column) for column in header if column.strip())
    columns = [printable(column) for column in header if count[_name(column)] > 1]
    return list(dict.fromkeys(columns))


def _refuse_missing_columns(table: Table, check: bool) -> None:
    wanted = {"consulted_on": {"on"}, "area": {"area"}, "severity": {"severity", "grade"}}
    if check:
        wanted["expected"] = {"expected"}
    missing = [column for column, names in wanted.items() if not names & {*table.names}]
    if missing:
        raise CasesError(f"Columns missing: {', '.join(missing)}.")


# One row

Values = Mapping[str, Any]


def _case(row: Row, table: Table, required: set[str]) -> Case | list[CellError]:
    """The case of a row, or its bad cells."""
    width = len(table.header)
    if len(row.cells) > width:
        accepted = f"the header has {width} columns"
        return [CellError(row.number, f"cell {width + 1}", row.cells[width].strip(), accepted)]
    cells = row.cells + ("",) * (width - len(row.cells))
    texts = {name: cell.strip() for name, cell in zip(table.names, cells, strict=True)}
    values, bad = _values(texts, required)
    bad |= {name: advice for name, advice in _disagreements(values, bad) if name not in bad}
    if bad:
        return _errors(row, table, texts, bad)
    return Case(
        row=row.number,
        cells=cells,
        case=texts.get("case", ""),
        facts=_facts(values),
        laser_considered=values.get("laser_considered"),
        expected=values.get("expected"),
    )


def _errors(
    row: Row, table: Table, texts: Mapping[str, str], bad: Mapping[str, str]
) -> list[CellError]:
    """The bad cells, under the names that the file's header gives their columns."""
    labels = {_name(column): column.strip() for column in table.header}
    return [
        CellError(row.number, labels.get(name, name), texts.get(name, ""), advice)
        for name, advice in bad.items()
    ]


def _values(texts: Mapping[str, str], required: set[str]) -> tuple[Values, dict[str, str]]:
    """What the cells say by name, and for each cell that says nothing known, what would be."""
    values: dict[str, Any] = {}
    bad: dict[str, str] = {}
    for name, text in texts.items():
        read = READERS.get(name)
        if read is None or (name == "expected" and name not in required):
            continue
        if not text and name not in required:
            continue
        try:
            values[name] = read(text)
        except ValueError as error:
            bad[name] = f"{error}" if name in required else f"{error}, or leave it blank"
    return values, bad


def _facts(values: Values) -> AreaFacts:
    known = {name: values[name] for name in FACTS if name in values}
    if "severity" not in known:
        known["severity"] = _severity_of(values["grade"])
    if "age" not in known and "date_of_birth" in values:
        known["age"] = age_on(values["on"], values["date_of_birth"])
    return AreaFacts(**known)


def _disagreements(values: Values, bad: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Cells that are understood one by one but cannot stand together, with what is accepted."""
    grade, severity = values.get("grade"), values.get("severity")
    if grade is None and severity is None and not {"grade", "severity"} & {*bad}:
        yield "severity", "write mild, moderate or severe, or give a grade"
    if grade is not None and severity not in {None, _severity_of(grade)}:
        yield "grade", f"write one that agrees with {severity} ({GRADES_IN_WORDS})"
    on = values.get("on")
    if on is not None:
        for name in (*DATES, "date_of_birth"):
            if name in values and values[name] > on:
                yield name, f"write a day not after the consultation ({on})"
        yield from _ages(values, on)


def _ages(values: Values, on: date) -> Iterator[tuple[str, str]]:
    born_on, age = values.get("date_of_birth"), values.get("age")
    if born_on is None or born_on > on:
        return
    if age_on(on, born_on) > OLDEST_AGE:
        yield "date_of_birth", f"write one that makes the age {OLDEST_AGE} years at most"
    elif age not in {None, age_on(on, born_on)}:
        yield "age", f"write {age_on(on, born_on)}, to agree with date_of_birth, or leave it blank"


def _severity_of(grade: Decimal) -> Severity:
    return next(severity for severity, lowest in LOWEST_GRADE.items() if grade >= lowest)


# One cell: each reader raises ValueError with the words for what it accepts.

Reader = Callable[[str], Any]


def _yes_no(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError("write yes or no")
    return text.lower() in YES


def _day(text: str) -> date:
    accepted = f"write a day as YYYY-MM-DD, {FIRST_YEAR} to {LAST_YEAR}"
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(accepted)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(accepted) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(accepted)
    return day


def _age(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text) or int(text) > OLDEST_AGE:
        raise ValueError(f"write whole years, 0 to {OLDEST_AGE}")
    return int(text)


def _days(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError("write whole days, 0 or more")
    return int(text)


def _grade(text: str) -> Decimal:
    if not re.fullmatch(r"[0-4](\.[05]0{0,3})?", text) or Decimal(text) > HIGHEST_GRADE:
        raise ValueError(f"write 0 to {HIGHEST_GRADE} in half steps")
    return Decimal(text)


def _one_of(choices: Any) -> Reader:
    words = {choice.value.lower(): choice for choice in choices}
    *most, last = [choice.value for choice in choices]

    def read(text: str) -> Any:
        if text.lower() not in words:
            raise ValueError(f"write {', '.join(most)} or {last}")
        return words[text.lower()]

    return read


READERS: dict[str, Reader] = {
    "on": _day,
    "age": _age,
    "grade": _grade,
    "max_downtime_days": _days,
    "date_of_birth": _day,
    "laser_considered": _one_of(LaserType),
    "expected": _one_of(Outcome),
    **dict.fromkeys(DATES, _day),
    **dict.fromkeys(YES_NO, _yes_no),
    **{name: _one_of(choices) for name, choices in CHOICES.items()},
}
