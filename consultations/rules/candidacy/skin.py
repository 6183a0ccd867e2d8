"""Is the skin of this area fit to be treated today?

Ablative lasers open the surface, so they are hard on acne and other problem skin and leave it open
to infection for a time; non-ablative ones spare it (project brief). Whether even those should wait
for active acne is contested (4.2). Infection and unexplained lesions come first, whatever the
laser; irradiated skin heals poorly (4).
"""

from consultations.vocabulary import Level

from ..facts import AreaFacts
from ..findings import Finding, Message
from ..protocol import (
    ABLATIVE_FRACTIONAL,
    ABLATIVE_FULL,
    NON_ABLATIVE,
    NON_ABLATIVE_FRACTIONAL,
)
from ..registry import candidacy

ABLATIVE_EXCLUDED = {
    NON_ABLATIVE: Level.CAUTION,
    NON_ABLATIVE_FRACTIONAL: Level.CAUTION,
    ABLATIVE_FRACTIONAL: Level.EXCLUDE,
    ABLATIVE_FULL: Level.EXCLUDE,
}

PROBLEM = Message(
    "skin.problem",
    "Acne or another active skin problem in this area.",
    "Use a non-ablative laser, away from inflamed spots; treat the skin first if it is cystic.",
    "Clinic protocol; contested for non-ablative fractional: Rho, Med Lasers 2014;3:17, SkinSpirit",
)
INFECTION = Message(
    "skin.infection",
    "Infection in this area, cold sores included.",
    "Treat it first; come back when it has healed.",
    "Facial resurfacing contraindications (Pocket Dentistry); RealSelf practitioners on herpes",
)
LESION = Message(
    "skin.lesion",
    "A suspicious lesion in this area.",
    "A dermatologist sees it before any laser does.",
    "Allure Plastic Surgery contraindications; LaserPro Aesthetics",
)
TATTOO = Message(
    "skin.tattoo",
    "A tattoo or permanent make-up in this area.",
    "Keep 2 cm away from the pigment.",
    "LaserPro Aesthetics (2 cm margin)",
)
RADIOTHERAPY = Message(
    "skin.radiotherapy",
    "This area has had radiotherapy.",
    "Healing is impaired: no ablative laser; go gently with others.",
    "Facial resurfacing contraindications (Pocket Dentistry); Brescia laser centre",
)


@candidacy.rule("skin.problem")
def problem(facts: AreaFacts) -> list[Finding]:
    return PROBLEM.found(ABLATIVE_EXCLUDED) if facts.skin_problem else []


@candidacy.rule("skin.infection")
def infection(facts: AreaFacts) -> list[Finding]:
    return INFECTION.found(Level.HOLD) if facts.infection else []


@candidacy.rule("skin.lesion")
def lesion(facts: AreaFacts) -> list[Finding]:
    return LESION.found(Level.HOLD) if facts.suspicious_lesion else []


@candidacy.rule("skin.tattoo")
def tattoo(facts: AreaFacts) -> list[Finding]:
    return TATTOO.found(Level.CAUTION) if facts.tattoo else []


@candidacy.rule("skin.radiotherapy")
def radiotherapy(facts: AreaFacts) -> list[Finding]:
    return RADIOTHERAPY.found(ABLATIVE_EXCLUDED) if facts.radiotherapy else []
