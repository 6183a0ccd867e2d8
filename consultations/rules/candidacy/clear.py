"""What speaks for a verdict: the questions that were answered well, and what was checked."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from consultations.vocabulary import Area, BddScreen, Severity

from ..facts import AreaFacts
from ..registry import candidacy
from .screen import ANSWERED_BY, QUESTIONS

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
    "skin": (
        "skin_problem",
        "infection",
        "suspicious_lesion",
        "tattoo",
        "melasma",
        "radiotherapy",
    ),
    "patch": ("phototype", "keloid_history", "photosensitiser"),
    "pregnancy": ("pregnant",),
    "breastfeeding": ("breastfeeding",),
    "delivery": ("delivered_on",),
    "isotretinoin": ("isotretinoin",),
    "keloid": ("keloid_history",),
    "herpes": ("herpes_history",),
    "photosensitiser": ("photosensitiser",),
    "retinoid": ("topical_retinoid_on",),
    "weight": ("weight_changing", "weight_loss_medicine"),
    "koebner": ("koebner_disease",),
    "connective_tissue": ("connective_tissue_disease",),
    "recent": ("recent_procedure",),
    "gold": ("gold_therapy",),
    "immunity": ("immunosuppressed",),
    "diabetes": ("uncontrolled_diabetes",),
    "bleeding": ("anticoagulants",),
    "tan": ("tanned",),
    "filler": ("filler_on",),
    "smoking": ("smoker",),
    "lifestyle": ("drinks_alcohol", "sun_exposure", "chemical_exposure"),
}
# What belongs to the answer of a question.
WITH = {"recent_procedure": ("recent_procedure_on",)} | {
    name: (other,) for name, other in ANSWERED_BY.items()
}


def answered_well(facts: AreaFacts) -> list[str]:
    """The questions whose answer, by itself, makes no rule find anything; in words."""
    blank = AreaFacts(on=facts.on, area=Area.ARMS, severity=Severity.MILD)
    unasked = _ids(blank)
    well = []
    for name, words in QUESTIONS.items():
        answers: dict[str, Any] = {one: getattr(facts, one) for one in (name, *WITH.get(name, ()))}
        if _is_known(facts, name) and _ids(replace(blank, **answers)) == unasked:
            well.append(words)
    return well


def _ids(facts: AreaFacts) -> set[str]:
    return {finding.id for finding in candidacy.findings(facts)}


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
    named = (name, ANSWERED_BY.get(name, name))
    return any(getattr(facts, one) not in (None, BddScreen.NOT_DONE) for one in named)


def _topic(id: str) -> str:
    return id.partition(".")[0]
