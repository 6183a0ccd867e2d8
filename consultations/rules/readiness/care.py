"""Is everybody protected: eyes, and skin where herpes may wake?

Nobody is in the room without eyewear (8.1). Over nine in ten experts give an antiviral with
ablative laser on the face, whatever the history (11).
"""

from consultations.vocabulary import Level

from ..candidacy.medicines import NEAR_THE_MOUTH
from ..findings import Finding, Line, Message, by_type
from ..protocol import NON_ABLATIVE
from ..registry import readiness
from ..sources import MHRA
from .facts import SessionFacts
from .screen import ABLATIVE

ANTIVIRAL = Message(
    "antiviral.missing",
    "No antiviral was given.",
    "Ask the prescriber: cover begins the day before, or that morning.",
    "Levy 2025, Lasers Surg Med 57(1); Gilbert & McBurney 2000, Dermatol Surg 26:50; Nestor 2005, "
    "PMID 16300226",
    (
        Line(
            "face or neck, antiviral not given",
            by_type(None, None, Level.CAUTION, Level.CAUTION),
        ),
        Line(
            "herpes, ever, antiviral not given",
            by_type(None, Level.CAUTION, Level.CAUTION, Level.CAUTION),
        ),
    ),
)
EYEWEAR = Message(
    "eyewear",
    "Eyewear was {state}.",
    "Everybody in the room wears eyewear for this wavelength, the patient too.",
    MHRA,
    (
        Line("eyewear not worn", Level.BLOCK),
        Line("eyewear not recorded", Level.CAUTION),
    ),
)


@readiness.rule(ANTIVIRAL)
def antiviral(facts: SessionFacts) -> list[Finding]:
    near_the_mouth = facts.laser_type in ABLATIVE and facts.today.area in NEAR_THE_MOUTH
    after_herpes = facts.today.herpes_history and facts.laser_type != NON_ABLATIVE
    if facts.antiviral_given or not (near_the_mouth or after_herpes):
        return []
    return ANTIVIRAL.found(Level.CAUTION, subject="antiviral_given")


@readiness.rule(EYEWEAR)
def eyewear(facts: SessionFacts) -> list[Finding]:
    if facts.eyewear_worn:
        return []
    if facts.eyewear_worn is None:
        return EYEWEAR.found(Level.CAUTION, subject="eyewear_worn", state="not recorded")
    return EYEWEAR.found(Level.BLOCK, subject="eyewear_worn", state="not worn")
