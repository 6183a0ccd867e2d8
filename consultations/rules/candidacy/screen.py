"""What was not asked?

A blank is never "no". It changes no verdict, but staff and the medical director must see what the
verdict does not know.
"""

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


@candidacy.rule("screen.not_asked")
def not_asked(facts: AreaFacts) -> list[Finding]:
    blank = [words for name, words in QUESTIONS.items() if getattr(facts, name) is None]
    if facts.isotretinoin is None and facts.isotretinoin_last_dose_on is not None:
        blank.remove(QUESTIONS["isotretinoin"])
    if facts.isotretinoin == Isotretinoin.PAST and facts.isotretinoin_last_dose_on is None:
        blank.append("last dose of isotretinoin")
    if facts.bdd_screen == BddScreen.NOT_DONE:
        blank.append(QUESTIONS["bdd_screen"])
    if facts.had_surgery and facts.surgery_on is None:
        blank.append("date of surgery")
    if facts.had_surgery and facts.surgery_kind is None:
        blank.append("kind of surgery")
    if facts.had_surgery and facts.recovered_from_surgery is None:
        blank.append("recovered from surgery")
    return NOT_ASKED.found(Level.INFO, questions=", ".join(blank)) if blank else []
