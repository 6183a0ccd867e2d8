"""Turn the cells of one row into values and facts, and find those that disagree."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from consultations.rules.calendar import age_on
from consultations.rules.facts import DATES, FACTS, AreaFacts
from consultations.rules.protocol import severity_of
from consultations.vocabulary import RecentProcedure

from .cells import OLDEST_AGE, READERS

GRADES_IN_WORDS = "0 to 1.5 mild, 2 to 2.5 moderate, 3 to 4 severe"

Values = Mapping[str, Any]


def values_in(texts: Mapping[str, str], required: set[str]) -> tuple[Values, dict[str, str]]:
    """Return the values of the cells by name, and for each bad cell what is accepted."""
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


def facts_of(values: Values) -> AreaFacts:
    known = {name: values[name] for name in FACTS if name in values}
    if "severity" not in known:
        known["severity"] = severity_of(values["grade"])
    if "age" not in known and "date_of_birth" in values:
        known["age"] = age_on(values["on"], values["date_of_birth"])
    return AreaFacts(**known)


def disagreements(values: Values, bad: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield cells that contradict another cell, with what is accepted."""
    grade, severity = values.get("grade"), values.get("severity")
    if grade is None and severity is None and not {"grade", "severity"} & {*bad}:
        yield "severity", "write mild, moderate or severe, or give a grade"
    if grade is not None and severity not in {None, severity_of(grade)}:
        yield "grade", f"write one that agrees with {severity} ({GRADES_IN_WORDS})"
    on = values.get("on")
    if on is not None:
        for name in (*DATES, "date_of_birth"):
            if name in values and values[name] > on:
                yield name, f"write a day not after the consultation ({on})"
        yield from _ages(values, on)
    yield from _procedure(values)


def _ages(values: Values, on: date) -> Iterator[tuple[str, str]]:
    born_on, age = values.get("date_of_birth"), values.get("age")
    if born_on is None or born_on > on:
        return
    if age_on(on, born_on) > OLDEST_AGE:
        yield "date_of_birth", f"write one that makes the age {OLDEST_AGE} years at most"
    elif age not in {None, age_on(on, born_on)}:
        yield "age", f"write {age_on(on, born_on)}, to agree with date_of_birth, or leave it blank"


def _procedure(values: Values) -> Iterator[tuple[str, str]]:
    if "recent_procedure_on" not in values:
        return
    if values.get("recent_procedure") == RecentProcedure.NONE:
        yield "recent_procedure_on", "leave it blank, to agree with recent_procedure (none)"
    elif "recent_procedure" not in values:
        yield "recent_procedure", "write what was done, or leave recent_procedure_on blank"
