"""What speaks for a verdict: the questions that were answered well, and what was checked."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from consultations.vocabulary import Area, BddScreen, Severity

from ..facts import AreaFacts
from ..registry import candidacy
from .screen import NOT_ASKED, QUESTIONS

# What has to be known before a topic of the rulebook counts as checked.
ASKED_FOR = {
    "laxity": (),
    "area": (),
    "surgery": (),
    "referral": (),
    "age": ("age",),
    "phototype": ("phototype",),
    "expectations": (
        "wants_instant_result",
        "wants_inexpensive_fix",
        "accepts_five_sessions",
        "bdd_screen",
    ),
    "skin": ("skin_problem", "infection", "suspicious_lesion", "tattoo", "radiotherapy"),
    "pregnancy": ("pregnant_or_breastfeeding",),
    "isotretinoin": ("isotretinoin",),
    "keloid": ("keloid_history",),
    "herpes": ("herpes_history",),
    "photosensitiser": ("photosensitising_drug",),
    "gold": ("gold_therapy",),
    "immunity": ("immunosuppressed",),
    "diabetes": ("uncontrolled_diabetes",),
    "bleeding": ("anticoagulants",),
    "tan": ("tanned_on",),
    "filler": ("filler_on",),
    "smoking": ("smoker",),
    "lifestyle": ("drinks_alcohol", "sun_exposure", "chemical_exposure"),
}
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
        if {finding.id for finding in found} == {NOT_ASKED.id}:
            well.append(words)
    return well


def checked(facts: AreaFacts, found: Iterable[str]) -> list[str]:
    """The topics in which nothing was found, given the ids of what was; only those of which all
    was asked, because a blank was not checked."""
    spoken = {_topic(one) for one in found}
    return [
        topic
        for topic, names in ASKED_FOR.items()
        if topic not in spoken and all(_is_known(facts, name) for name in names)
    ]


def _is_known(facts: AreaFacts, name: str) -> bool:
    return getattr(facts, name) not in (None, BddScreen.NOT_DONE)


def _topic(id: str) -> str:
    return id.partition(".")[0]
