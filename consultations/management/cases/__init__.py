"""Interchange: a CSV file of cases becomes facts, or the list of cells that are not understood."""

from collections.abc import Mapping
from dataclasses import dataclass

from consultations.rules.candidacy import Verdict
from consultations.rules.facts import AreaFacts
from consultations.vocabulary import LaserType, Outcome, Pulse

from .columns import REQUIRED, name_of
from .errors import CasesError, CellError
from .facts import disagreements, facts_of, values_in
from .table import Row, Table
from .verdicts import verdict_of


@dataclass(frozen=True, slots=True)
class Case:
    """A row that was understood: its facts, and what the file says of laser, pulse and verdict.

    `row` is the spreadsheet's number; `cells` are as written, as many as the header's columns;
    `expected` is None unless it was asked for.
    """

    row: int
    cells: tuple[str, ...]
    case: str
    facts: AreaFacts
    laser_considered: LaserType | None
    pulse_considered: Pulse | None
    expected: Outcome | None

    def is_met_by(self, verdict: Verdict) -> bool:
        """Whether the verdict is the expected one.

        An expected refusal is also met if the laser considered is not allowed now, whatever other
        lasers are.
        """
        refused = self.laser_considered is not None and self.laser_considered not in verdict.lasers
        if refused and self.expected in Outcome.refusing():
            return True
        return verdict.outcome == self.expected

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.facts, self.laser_considered, self.pulse_considered)


def read_cases(table: Table, *, check: bool = False) -> tuple[Case, ...]:
    """Return the cases of a table in its order; with `check` each must expect an outcome.

    Raises CasesError with every bad cell.
    """
    _refuse_missing_columns(table, check)
    required = {*REQUIRED, "expected"} if check else {*REQUIRED}
    read = [_case(row, table, required) for row in table.rows]
    errors = [error for result in read if not isinstance(result, Case) for error in result]
    if errors:
        raise CasesError(*errors)
    return tuple(result for result in read if isinstance(result, Case))


def _refuse_missing_columns(table: Table, check: bool) -> None:
    wanted = {"consulted_on": {"on"}, "area": {"area"}, "severity": {"severity", "grade"}}
    if check:
        wanted["expected"] = {"expected"}
    missing = [column for column, names in wanted.items() if not names & {*table.names}]
    if missing:
        raise CasesError(f"Columns missing: {', '.join(missing)}.")


def _case(row: Row, table: Table, required: set[str]) -> Case | list[CellError]:
    """Return the case of a row, or its bad cells."""
    width = len(table.header)
    if len(row.cells) > width:
        accepted = f"the header has {width} columns"
        return [CellError(row.number, f"cell {width + 1}", row.cells[width].strip(), accepted)]
    cells = row.cells + ("",) * (width - len(row.cells))
    texts = {name: cell.strip() for name, cell in zip(table.names, cells, strict=True)}
    values, bad = values_in(texts, required)
    bad |= {name: advice for name, advice in disagreements(values, bad) if name not in bad}
    if bad:
        return _errors(row, table, texts, bad)
    return Case(
        row=row.number,
        cells=cells,
        case=texts.get("case", ""),
        facts=facts_of(values),
        laser_considered=values.get("laser_considered"),
        pulse_considered=values.get("pulse_considered"),
        expected=values.get("expected"),
    )


def _errors(
    row: Row, table: Table, texts: Mapping[str, str], bad: Mapping[str, str]
) -> list[CellError]:
    """Return the bad cells, under the names that the header gives their columns."""
    labels = {name_of(column): column.strip() for column in table.header}
    return [
        CellError(row.number, labels.get(name, name), texts.get(name, ""), advice)
        for name, advice in bad.items()
    ]
