"""What speaks for a verdict: the questions that were answered well, and what was checked."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from consultations.vocabulary import Area, Severity

from ..facts import AreaFacts
from ..registry import candidacy
from .screen import QUESTIONS

NOT_A_TOPIC = "screen"
WITH = {"isotretinoin": ("isotretinoin_last_dose_on",)}


def answered_well(facts: AreaFacts) -> list[str]:
    """The questions whose answer, by itself, makes no rule find anything; in words."""
    blank = AreaFacts(on=facts.on, area=Area.FACE, severity=Severity.MILD)
    well = []
    for name, words in QUESTIONS.items():
        answers: dict[str, Any] = {one: getattr(facts, one) for one in (name, *WITH.get(name, ()))}
        if answers[name] is None:
            continue
        found = candidacy.findings(replace(blank, **answers))
        if _topics(finding.id for finding in found) == {NOT_A_TOPIC}:
            well.append(words)
    return well


def checked(found: Iterable[str]) -> list[str]:
    """The topics of the rulebook in which nothing was found, given the ids of what was."""
    silent = _topics(candidacy) - _topics(found) - {NOT_A_TOPIC}
    return [topic for topic in dict.fromkeys(map(_topic, candidacy)) if topic in silent]


def _topic(id: str) -> str:
    return id.partition(".")[0]


def _topics(ids: Iterable[str]) -> set[str]:
    return {_topic(one) for one in ids}
