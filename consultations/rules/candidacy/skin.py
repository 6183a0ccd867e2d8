"""Is the skin of this area fit to be treated today?

Ablative lasers open the surface, so they are hard on acne and other problem skin and leave it open
to infection for a time; non-ablative ones spare it (project brief). Whether even those should wait
for active acne is contested (4.2). Infection and unexplained lesions come first, whatever the
laser; irradiated skin heals poorly (4). Melasma darkens after ablative laser and comes back after
others (11, contested for non-ablative fractional). Ink darkens under very short pulses, which are
stopped at the session; ablative lasers do not darken it (11).
"""

from consultations.vocabulary import Level

from ..facts import AreaFacts
from ..findings import Finding, Line, Message, by_type
from ..registry import candidacy
from ..sources import GUIDE, PLASTIC_SURGERY

ABLATIVE_EXCLUDED = by_type(Level.CAUTION, Level.CAUTION, Level.EXCLUDE, Level.EXCLUDE)

PROBLEM = Message(
    "skin.problem",
    "Acne, rosacea, eczema, psoriasis or another active skin problem in this area.",
    "Use a non-ablative laser, away from inflamed spots; treat the skin first if it is cystic.",
    f"{GUIDE}; contested for non-ablative fractional: Rho 2014, Med Lasers 3:17; SkinSpirit; "
    "NCT07214272 (rosacea excluded)",
    (Line("active skin problem here", ABLATIVE_EXCLUDED),),
    contested=True,
)
INFECTION = Message(
    "skin.infection",
    "Infection in this area, cold sores included.",
    "Treat it first; come back when it has healed.",
    f"{PLASTIC_SURGERY}; practitioners on RealSelf (cold sores)",
    (Line("infection here", Level.HOLD, "not known"),),
)
LESION = Message(
    "skin.lesion",
    "A suspicious lesion in this area.",
    "A dermatologist sees it before any laser does.",
    "Allure Plastic Surgery (contraindications); LaserPro Aesthetics",
    (Line("suspicious lesion here", Level.HOLD, "a dermatologist has seen it"),),
)
MELASMA = Message(
    "skin.melasma",
    "Melasma in this area.",
    "No ablative laser: it darkens. Others may help it, and it comes back; say so.",
    "Contested for non-ablative fractional: Trivedi 2017, PMC5418955 (works, comes back); "
    "NCT07214272 (excluded)",
    (Line("melasma here", ABLATIVE_EXCLUDED),),
    contested=True,
)
TATTOO = Message(
    "skin.tattoo",
    "A tattoo or permanent make-up in this area.",
    "Keep 2 cm away from the pigment; never a Q-switched or picosecond laser over it.",
    "LaserPro Aesthetics (2 cm margin); McIlwee & Alster 2018 (very short pulses darken pigment)",
    (
        Line(
            "tattoo or permanent make-up here",
            by_type(Level.CAUTION, Level.CAUTION, Level.INFO, Level.INFO),
        ),
    ),
)
RADIOTHERAPY = Message(
    "skin.radiotherapy",
    "This area has had radiotherapy.",
    "Healing is impaired: no ablative laser; go gently with others.",
    f"{PLASTIC_SURGERY}; Brescia laser centre",
    (Line("radiotherapy here", ABLATIVE_EXCLUDED),),
)


@candidacy.rule(PROBLEM)
def problem(facts: AreaFacts) -> list[Finding]:
    return PROBLEM.found() if facts.skin_problem else []


@candidacy.rule(INFECTION)
def infection(facts: AreaFacts) -> list[Finding]:
    return INFECTION.found() if facts.infection else []


@candidacy.rule(LESION)
def lesion(facts: AreaFacts) -> list[Finding]:
    return LESION.found() if facts.suspicious_lesion else []


@candidacy.rule(MELASMA)
def melasma(facts: AreaFacts) -> list[Finding]:
    return MELASMA.found() if facts.melasma else []


@candidacy.rule(TATTOO)
def tattoo(facts: AreaFacts) -> list[Finding]:
    return TATTOO.found() if facts.tattoo else []


@candidacy.rule(RADIOTHERAPY)
def radiotherapy(facts: AreaFacts) -> list[Finding]:
    return RADIOTHERAPY.found() if facts.radiotherapy else []
