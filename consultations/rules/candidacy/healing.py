"""Will the skin heal as it should?

Keloid history, weak immunity, diabetes and smoking each raise the risk of a wound that scars or
gets infected, most of all after ablative lasers. Contested: some treat keloid-prone patients with
test patches; a small cohort found no more infections in immunosuppressed or diabetic patients (4).
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

ABLATIVE_CAUTION = {ABLATIVE_FRACTIONAL: Level.CAUTION, ABLATIVE_FULL: Level.CAUTION}

KELOID = Message(
    "keloid",
    "History of keloid or hypertrophic scars.",
    "No ablative laser; others only after a test patch, at low fluence.",
    "Contested: Pocket Dentistry, Brescia (exclude); RealSelf dermatologists (test patch); "
    "NCT00585715",
)
IMMUNITY = Message(
    "immunity",
    "Immunosuppressed.",
    "Ask the treating doctor before ablative laser; watch for infection longer.",
    "Contested: Goel 2011 (relative contraindication); Homer 2021 (4.5 % against 2.7 %, n.s.)",
)
DIABETES = Message(
    "diabetes",
    "Diabetes is not under control.",
    "Wait until it is; the general practitioner can help.",
    "NCT00585715; Brescia laser centre; Homer 2021 for controlled diabetes",
)
SMOKING = Message(
    "smoking",
    "The patient smokes.",
    "Advise stopping 4 weeks before; smoke slows healing and weakens collagen.",
    "Clinic protocol; contested as a bar: Sorensen 2012 (recovery in about 4 weeks), Wright 2014",
)


@candidacy.rule("keloid")
def keloid(facts: AreaFacts) -> list[Finding]:
    if not facts.keloid_history:
        return []
    return KELOID.found(
        {
            NON_ABLATIVE: Level.CAUTION,
            NON_ABLATIVE_FRACTIONAL: Level.CAUTION,
            ABLATIVE_FRACTIONAL: Level.EXCLUDE,
            ABLATIVE_FULL: Level.EXCLUDE,
        }
    )


@candidacy.rule("immunity")
def immunity(facts: AreaFacts) -> list[Finding]:
    return IMMUNITY.found(ABLATIVE_CAUTION) if facts.immunosuppressed else []


@candidacy.rule("diabetes")
def diabetes(facts: AreaFacts) -> list[Finding]:
    return DIABETES.found(Level.HOLD) if facts.uncontrolled_diabetes else []


@candidacy.rule("smoking")
def smoking(facts: AreaFacts) -> list[Finding]:
    if not facts.smoker:
        return []
    return SMOKING.found(
        {NON_ABLATIVE: Level.INFO, NON_ABLATIVE_FRACTIONAL: Level.INFO, **ABLATIVE_CAUTION}
    )
