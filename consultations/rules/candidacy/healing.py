"""Will the skin heal as it should?

Keloid history, weak immunity, diabetes, smoking and diseases of the connective tissue raise the
risk of a wound that scars or gets infected, most of all after ablative lasers. Contested: some
treat keloid-prone patients with test patches; a small cohort found no more infections in
immunosuppressed or diabetic patients (4); hypermobile Ehlers-Danlos and morphea were treated with
fractional ablative laser without harm (11). Psoriasis, vitiligo and lichen planus can appear where
skin is injured; against that, fractional CO2 treats stable vitiligo (11).
"""

from consultations.vocabulary import Level

from ..facts import AreaFacts
from ..findings import Finding, Line, Message, by_type
from ..registry import candidacy
from ..sources import GUIDE, HOMER, PLASTIC_SURGERY

KELOID = Message(
    "keloid",
    "History of keloid or hypertrophic scars.",
    "No ablative laser; others only after a test patch, at low fluence.",
    f"Contested: {PLASTIC_SURGERY}, Brescia laser centre (exclude); dermatologists on RealSelf "
    "(test patch); NCT00585715 (excluded)",
    (
        Line(
            "keloid or hypertrophic scars, ever",
            by_type(Level.CAUTION, Level.CAUTION, Level.EXCLUDE, Level.EXCLUDE),
        ),
    ),
    contested=True,
)
IMMUNITY = Message(
    "immunity",
    "Immunosuppressed.",
    "Ask the treating doctor before ablative laser; watch for infection longer.",
    f"Contested: Goel 2011, IJDVL 77:369 (relative contraindication); {HOMER} (4.5 % against "
    "2.7 %, not significant)",
    (Line("immunosuppressed", by_type(Level.INFO, Level.INFO, Level.CAUTION, Level.CAUTION)),),
    contested=True,
)
DIABETES = Message(
    "diabetes",
    "Diabetes is not under control.",
    "Wait until it is; the general practitioner can help.",
    f"NCT00585715; Brescia laser centre; {HOMER} for controlled diabetes",
    (Line("uncontrolled diabetes", Level.HOLD, "not known"),),
)
SMOKING = Message(
    "smoking",
    "The patient smokes, vapes or uses nicotine.",
    "Advise stopping 4 weeks before and 3 after; nicotine in any form slows healing.",
    f"{GUIDE}; contested as a bar: Sorensen 2012 (recovery in about 4 weeks), Wright 2014 (ASAPS)",
    (
        Line(
            "smokes, vapes or uses nicotine",
            by_type(Level.INFO, Level.INFO, Level.CAUTION, Level.CAUTION),
        ),
    ),
    contested=True,
)
CONNECTIVE_TISSUE = Message(
    "connective_tissue",
    "A disease of the connective tissue.",
    "Ask the treating doctor; no full ablation, because wounds heal poorly.",
    "Contested: Angwin 2024, CED 49:1496 (healing impaired in Ehlers-Danlos); Creadore 2020, JAAD "
    "83:315; Alvarez 2022 and Klimek 2022 (treated without harm)",
    (
        Line(
            "connective tissue disease, ever",
            by_type(Level.CAUTION, Level.CAUTION, Level.CAUTION, Level.EXCLUDE),
        ),
    ),
    contested=True,
)
KOEBNER = Message(
    "koebner",
    "Psoriasis, vitiligo or lichen planus, active within 12 months.",
    "It may appear where skin is injured: no ablative laser until it has been quiet for a year.",
    "Contested: Karampinis 2024, Medicina 60:1177; Helou 2014 (stable for 12 months); against: "
    "fractional CO2 treats stable vitiligo",
    (
        Line(
            "psoriasis, vitiligo or lichen planus active anywhere within 12 months",
            by_type(Level.CAUTION, Level.CAUTION, Level.HOLD, Level.HOLD),
            "not known",
        ),
    ),
    contested=True,
)


@candidacy.rule(KELOID)
def keloid(facts: AreaFacts) -> list[Finding]:
    return KELOID.found() if facts.keloid_history else []


@candidacy.rule(IMMUNITY)
def immunity(facts: AreaFacts) -> list[Finding]:
    return IMMUNITY.found() if facts.immunosuppressed else []


@candidacy.rule(DIABETES)
def diabetes(facts: AreaFacts) -> list[Finding]:
    return DIABETES.found() if facts.uncontrolled_diabetes else []


@candidacy.rule(SMOKING)
def smoking(facts: AreaFacts) -> list[Finding]:
    return SMOKING.found() if facts.smoker else []


@candidacy.rule(CONNECTIVE_TISSUE)
def connective_tissue(facts: AreaFacts) -> list[Finding]:
    return CONNECTIVE_TISSUE.found() if facts.connective_tissue_disease else []


@candidacy.rule(KOEBNER)
def koebner(facts: AreaFacts) -> list[Finding]:
    return KOEBNER.found() if facts.koebner_disease else []
