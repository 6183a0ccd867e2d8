"""Command: run the rulebook over a file of cases, to try it before trusting it."""

import csv
import json
import os
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from consultations.management.cases import Case, read_cases
from consultations.management.cases.errors import CasesError, printable
from consultations.management.cases.table import Table, read_table
from consultations.rules.candidacy import Verdict
from consultations.vocabulary import LaserType, Outcome

LARGEST_FILE = 100_000_000
SHORT = {
    LaserType.NON_ABLATIVE: "NA",
    LaserType.NON_ABLATIVE_FRACTIONAL: "NF",
    LaserType.ABLATIVE_FRACTIONAL: "AF",
    LaserType.ABLATIVE_FULL: "AB",
}
LEGEND = (
    "NA non-ablative, NF non-ablative fractional, AF ablative fractional, AB fully ablative laser."
)
HEADINGS = ("row", "case", "area", "severity", "outcome", "until", "lasers", "proposed", "why")
DIFFERENCE_HEADINGS = ("row", "case", "area", "expected", "got", "why")
RESULT_COLUMNS = ("outcome", "until", "lasers", "proposed_laser", "pace", "findings")
CASE_LENGTH = 24
PATH_LENGTH = 400
NARROWEST_TEXT = 24


class Result(NamedTuple):
    case: Case
    verdict: Verdict


class Command(BaseCommand):
    help = "Run the rulebook over a CSV file of cases. Reads no record and writes none."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", metavar="FILE.csv", help="one case per row, one fact per column"
        )
        parser.add_argument("--format", choices=["table", "json", "csv"], default="table")
        parser.add_argument(
            "--check",
            action="store_true",
            help="compare with the column expected; exit 1 on a difference",
        )

    def handle(self, *, file: str, format: str, check: bool, **options: Any) -> None:
        table, cases = self.read(file, check)
        progress = tqdm(cases, unit=" cases", leave=False, disable=None)
        results = [Result(case, case.verdict) for case in progress]
        differences = [result for result in results if not result.case.is_met_by(result.verdict)]
        with self.output(format):
            if format == "json":
                self.print_json(results)
            elif format == "csv":
                self.print_csv(table, results)
            else:
                lines = report(results, differences, self.width) if check else None
                self.stdout.write("\n".join(lines or overview(results, self.width)))
        if check and format != "table":
            self.stderr.write("\n".join(report(results, differences)), style_func=str)
        if check and differences:
            sys.exit(1)

    @property
    def width(self) -> int | None:
        """Columns of the terminal; None where the output goes elsewhere."""
        return shutil.get_terminal_size().columns if self.stdout.isatty() else None

    def read(self, file: str, check: bool) -> tuple[Table, tuple[Case, ...]]:
        """The table in a file and its cases; says what is not used, exits 2 on what is wrong."""
        try:
            table = read_table(self.content(file))
            for note in table.notes:
                self.stderr.write(note, style_func=str)
            return table, read_cases(table, check=check)
        except CasesError as error:
            self.refuse(str(error))

    def content(self, file: str) -> bytes:
        try:
            with open(file, "rb") as stream:
                content = stream.read(LARGEST_FILE + 1)
        except FileNotFoundError:
            self.refuse(f'There is no file "{printable(file, PATH_LENGTH)}".')
        except IsADirectoryError:
            self.refuse(f"{printable(file, PATH_LENGTH)} is a directory, not a file.")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            self.refuse(f"{printable(file, PATH_LENGTH)} cannot be read: {reason}.")
        if len(content) > LARGEST_FILE:
            self.refuse(f"The file is larger than {LARGEST_FILE // 1_000_000} MB; split it.")
        return content

    def refuse(self, why: str) -> NoReturn:
        self.stderr.write(why)
        sys.exit(2)

    @contextmanager
    def output(self, format: str) -> Iterator[None]:
        """Lets a reader such as `head` stop early, and any text pass whatever the terminal."""
        if hasattr(self.stdout, "reconfigure"):
            if format == "table":
                self.stdout.reconfigure(errors="backslashreplace")
            else:
                self.stdout.reconfigure(encoding="utf-8", newline="")
        try:
            yield
            self.stdout.flush()
        except BrokenPipeError:
            self.silence()
        except OSError as error:
            self.silence()
            self.refuse(f"The results cannot be written: {error.strerror}.")

    def silence(self) -> None:
        # Otherwise the interpreter fails once more when it flushes at its end.
        with suppress(AttributeError, OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())

    def print_json(self, results: Iterable[Result]) -> None:
        objects = [as_json(result) for result in results]
        self.stdout.write(json.dumps(objects, indent=2, ensure_ascii=False))

    def print_csv(self, table: Table, results: Iterable[Result]) -> None:
        """The file's own columns as they were, then the result's.

        A column that has the name of a result is one of an earlier run, and gives way to it.
        """
        kept = [place for place, name in enumerate(table.names) if name not in RESULT_COLUMNS]
        writer = csv.writer(self.stdout)
        writer.writerow([*(table.header[place] for place in kept), *RESULT_COLUMNS])
        for case, verdict in results:
            writer.writerow([*(case.cells[place] for place in kept), *csv_cells(verdict)])


def as_json(result: Result) -> dict[str, Any]:
    """Plain values; dates are ISO text."""
    case, verdict = result
    return {
        "row": case.row,
        "case": case.case,
        "area": case.facts.area.value,
        "outcome": verdict.outcome.value,
        "until": verdict.until.isoformat() if verdict.until else None,
        "lasers": [laser.value for laser in verdict.lasers],
        "proposed_laser": verdict.proposed_laser.value if verdict.proposed_laser else None,
        "pace": verdict.pace.value if verdict.pace else None,
        "findings": [finding.as_json() for finding in verdict.findings],
    }


def csv_cells(verdict: Verdict) -> list[str]:
    return [
        verdict.outcome.value,
        verdict.until.isoformat() if verdict.until else "",
        " ".join(laser.value for laser in verdict.lasers),
        verdict.proposed_laser.value if verdict.proposed_laser else "",
        verdict.pace.value if verdict.pace else "",
        " ".join(f"{finding.id}:{finding.level.value}" for finding in verdict.findings),
    ]


def overview(results: Sequence[Result], width: int | None = None) -> list[str]:
    """A line for each case, then how many there are of each outcome."""
    count = Counter(verdict.outcome for _, verdict in results)
    outcomes = ", ".join(
        f"{count[outcome]} {outcome.value}" for outcome in Outcome if count[outcome]
    )
    lines = aligned([HEADINGS, *(overview_cells(result) for result in results)], width)
    cases = "case" if len(results) == 1 else "cases"
    return [*lines, "", LEGEND, f"{len(results)} {cases}: {outcomes}."]


def overview_cells(result: Result) -> tuple[str, ...]:
    case, verdict = result
    held = "not known" if verdict.outcome == Outcome.HOLD else ""
    proposed = f"{SHORT[verdict.proposed_laser]} {verdict.pace}" if verdict.proposed_laser else ""
    return (
        str(case.row),
        printable(case.case, CASE_LENGTH),
        case.facts.area.value,
        case.facts.severity.value,
        verdict.outcome.value,
        verdict.until.isoformat() if verdict.until else held,
        " ".join(SHORT[laser] for laser in verdict.lasers),
        proposed,
        verdict.reason,
    )


def report(
    results: Sequence[Result], differences: Sequence[Result], width: int | None = None
) -> list[str]:
    """A line for each case that differs from what was expected, then how many agree."""
    rows = [difference_cells(result) for result in differences]
    lines = [*aligned([DIFFERENCE_HEADINGS, *rows], width), ""] if rows else []
    return [*lines, f"{len(results) - len(rows)} of {len(results)} cases agree."]


def difference_cells(result: Result) -> tuple[str, ...]:
    case, verdict = result
    return (
        str(case.row),
        printable(case.case, CASE_LENGTH),
        case.facts.area.value,
        str(case.expected),
        verdict.outcome.value,
        verdict.reason,
    )


def aligned(rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """Lines with their columns below each other, the last one wrapped to the width if given."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]) - 1)]
    indent = sum(widths) + 2 * len(widths)
    lines = []
    for *cells, text in rows:
        start = "".join(f"{cell:<{size + 2}}" for cell, size in zip(cells, widths, strict=True))
        room = max(width - indent, NARROWEST_TEXT) if width else max(len(text), 1)
        first, *others = textwrap.wrap(text, room) or [""]
        lines += [(start + first).rstrip(), *(" " * indent + other for other in others)]
    return lines
