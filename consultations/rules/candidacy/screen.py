"""What was not asked?

A blank is never "no". It changes no verdict, but staff and the medical director must see what the
verdict does not know.
"""

from collections.abc import Mapping
from typing import Any

from consultations.vocabulary import BddScreen, Isotretinoin, Level

from ..facts import AreaFacts
from ..findings import Finding, Message
from ..registry import candidacy

NOT_ASKED = Message(
    "screen.not_asked",
    "Not asked yet: {questions}.",
    "Ask before treating; a blank is not a no.",
    "GMC Cosmetic interventions (take an adequate history)",
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
    "radiotherapy": "radiotherapy",
    "pregnant_or_breastfeeding": "pregnant or breastfeeding",
    "isotretinoin": "isotretinoin",
    "keloid_history": "keloid",
    "herpes_history": "herpes",
    "photosensitising_drug": "photosensitising drug",
    "gold_therapy": "gold therapy",
    "immunosuppressed": "immunosuppressed",
    "uncontrolled_diabetes": "uncontrolled diabetes",
    "anticoagulants": "anticoagulants",
    "smoker": "smoking",
    "drinks_alcohol": "alcohol",
    "sun_exposure": "sun exposure",
    "chemical_exposure": "chemicals",
}
SURGERY_QUESTIONS = {
    "surgery_on": "date of surgery",
    "surgery_kind": "kind of surgery",
    "recovered_from_surgery": "recovered from surgery",
}
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
            "radiotherapy",
            "pregnant_or_breastfeeding",
            "keloid_history",
            "herpes_history",
            "photosensitising_drug",
            "gold_therapy",
            "immunosuppressed",
            "uncontrolled_diabetes",
            "anticoagulants",
            "smoker",
            "drinks_alcohol",
            "sun_exposure",
            "chemical_exposure",
        ),
        False,
    ),
    "isotretinoin": Isotretinoin.NEVER,
}


def unasked(answers: Mapping[str, Any]) -> list[str]:
    """The questions among `answers` that nobody answered, in words.

    `answers` are facts by name, or some of them; None is a blank.
    """
    blank = {name: words for name, words in QUESTIONS.items() if answers.get(name, "") is None}
    if answers.get("isotretinoin_last_dose_on") is not None:
        blank.pop("isotretinoin", None)
    elif answers.get("isotretinoin") == Isotretinoin.PAST:
        blank["isotretinoin_last_dose_on"] = "last dose of isotretinoin"
    if answers.get("bdd_screen") == BddScreen.NOT_DONE:
        blank["bdd_screen"] = QUESTIONS["bdd_screen"]
    if any(answers.get(name) is not None for name in SURGERY_QUESTIONS):
        surgery = SURGERY_QUESTIONS.items()
        blank |= {name: words for name, words in surgery if answers.get(name) is None}
    return list(blank.values())


@candidacy.rule("screen.not_asked")
def not_asked(facts: AreaFacts) -> list[Finding]:
    asked = (*QUESTIONS, *SURGERY_QUESTIONS, "isotretinoin_last_dose_on")
    blank = unasked({name: getattr(facts, name) for name in asked})
    return NOT_ASKED.found(Level.INFO, questions=", ".join(blank)) if blank else []
