"""What was not asked?

A blank is never "no". It changes no verdict, but staff and the medical director must see what the
verdict does not know. A blank day is no question of its own.
"""

from collections.abc import Mapping
from typing import Any

from consultations.vocabulary import (
    BddScreen,
    Isotretinoin,
    Level,
    Photosensitiser,
    RecentProcedure,
    WeightLossMedicine,
)

from ..facts import AreaFacts
from ..findings import Finding, Line, Message
from ..registry import candidacy

NOT_ASKED = Message(
    "screen.not_asked",
    "Not asked yet: {questions}.",
    "Ask before treating; a blank is not a no.",
    "GMC, Cosmetic interventions, 2016 (take an adequate history)",
    (Line("any question blank", Level.INFO),),
)
QUESTIONS = {
    "age": "date of birth",
    "phototype": "phototype",
    "wants_instant_result": "wants an instant result",
    "wants_inexpensive_fix": "wants an inexpensive fix",
    "accepts_five_sessions": "accepts five sessions",
    "bdd_screen": "body image screen",
    "preferred_pace": "preferred pace",
    "worried_about_side_effects": "worried about side effects",
    "max_downtime_days": "longest downtime",
    "skin_problem": "skin problem",
    "infection": "infection",
    "suspicious_lesion": "suspicious lesion",
    "tattoo": "tattoo",
    "melasma": "melasma",
    "radiotherapy": "radiotherapy",
    "recent_procedure": "recent procedure",
    "pregnant": "pregnant",
    "breastfeeding": "breastfeeding",
    "isotretinoin": "isotretinoin",
    "keloid_history": "keloid",
    "herpes_history": "herpes",
    "connective_tissue_disease": "connective tissue disease",
    "koebner_disease": "psoriasis, vitiligo or lichen planus",
    "photosensitiser": "drug that makes skin sensitive to light",
    "gold_therapy": "gold therapy",
    "immunosuppressed": "immunosuppressed",
    "uncontrolled_diabetes": "uncontrolled diabetes",
    "anticoagulants": "blood thinner or bleeding disorder",
    "weight_changing": "weight is changing",
    "weight_loss_medicine": "weight-loss medicine",
    "tanned": "tanned",
    "smoker": "smoking",
    "drinks_alcohol": "alcohol",
    "sun_exposure": "sun exposure",
    "chemical_exposure": "chemicals",
}
SURGERY_QUESTIONS = {
    "surgery_kind": "kind of surgery",
    "recovered_from_surgery": "recovered from surgery",
}
ABOUT_SURGERY = (*SURGERY_QUESTIONS, "surgery_on")
# Facts that answer a question too: its day, or what was asked in its place until edition 2026.12.
ANSWERED_BY = {
    "pregnant": "pregnant_or_breastfeeding",
    "breastfeeding": "pregnant_or_breastfeeding",
    "photosensitiser": "photosensitising_drug",
    "isotretinoin": "isotretinoin_last_dose_on",
    "tanned": "tanned_on",
}
ANSWERS = (*QUESTIONS, *ANSWERED_BY.values(), *ABOUT_SURGERY)
# Questions whose "no" is the unremarkable answer: what "No to all the rest" may answer, and how.
# Declining five sessions, or not having recovered, is news that nobody gives in passing.
UNREMARKABLE = {
    **dict.fromkeys(
        (
            "wants_instant_result",
            "wants_inexpensive_fix",
            "worried_about_side_effects",
            "skin_problem",
            "infection",
            "suspicious_lesion",
            "tattoo",
            "melasma",
            "radiotherapy",
            "pregnant",
            "breastfeeding",
            "keloid_history",
            "herpes_history",
            "connective_tissue_disease",
            "koebner_disease",
            "gold_therapy",
            "immunosuppressed",
            "uncontrolled_diabetes",
            "anticoagulants",
            "weight_changing",
            "tanned",
            "smoker",
            "drinks_alcohol",
            "sun_exposure",
            "chemical_exposure",
        ),
        False,
    ),
    "isotretinoin": Isotretinoin.NEVER,
    "photosensitiser": Photosensitiser.NONE,
    "weight_loss_medicine": WeightLossMedicine.NEVER,
    "recent_procedure": RecentProcedure.NONE,
}


def unasked(answers: Mapping[str, Any]) -> list[str]:
    """The questions among `answers` that nobody answered, in words.

    `answers` are facts by name, or some of them; None is a blank.
    """
    blank = [
        words
        for name, words in QUESTIONS.items()
        if answers.get(name, "") is None and _is_open(answers.get(ANSWERED_BY.get(name, name)))
    ]
    if answers.get("bdd_screen") == BddScreen.NOT_DONE:
        blank.append(QUESTIONS["bdd_screen"])
    if any(answers.get(name) is not None for name in ABOUT_SURGERY):
        surgery = SURGERY_QUESTIONS.items()
        blank += [words for name, words in surgery if answers.get(name) is None]
    return blank


def _is_open(instead: Any) -> bool:
    """Whether what was answered instead leaves a question open: nothing, or an earlier yes to
    either of two things, of which one is asked now."""
    return instead is None or instead is True


@candidacy.rule(NOT_ASKED)
def not_asked(facts: AreaFacts) -> list[Finding]:
    blank = unasked({name: getattr(facts, name) for name in ANSWERS})
    return NOT_ASKED.found(questions=", ".join(blank)) if blank else []
