"""Is the patient pregnant, breastfeeding, or was a child born lately?

Treatment waits for birth as a precaution: a review of 380 treated pregnancies found no harm by the
laser itself, but trials exclude and guidelines advise against it (4, 4.1). Breastfeeding is
contested: most experts refuse fractional ablation, reviews hold most procedures safe (11). A study
of the abdomen kept twelve months from birth (4, contested: one study).
"""

from consultations.vocabulary import Area, Level

from ..calendar import months_after
from ..facts import AreaFacts
from ..findings import Finding, Line, Message, by_type
from ..protocol import DELIVERY_MONTHS
from ..registry import candidacy

CAREFUL = by_type(Level.CAUTION, Level.CAUTION, Level.HOLD, Level.HOLD)

PREGNANCY = Message(
    "pregnancy",
    "{what}.",
    "Wait until after birth; this is a precaution, not a known injury.",
    "NCT00585715; Goel 2011, IJDVL 77:369; Trivedi 2017, IJWD 3:6 (no harm found)",
    (Line("pregnant, or an earlier yes to pregnant or breastfeeding", Level.HOLD, "not known"),),
)
BREASTFEEDING = Message(
    "breastfeeding",
    "Breastfeeding.",
    "No ablative laser: it is a wound, and may need drugs. Others after talking it over.",
    "Contested: Levy 2025, Lasers Surg Med 57(1) (67 % of experts refuse); NCT06295471, "
    "NCT07214272, NCT06090071 (excluded); reviews of 2013 and 2017 (most procedures safe)",
    (Line("breastfeeding, or not pregnant after an earlier yes to either", CAREFUL, "not known"),),
    contested=True,
)
DELIVERY = Message(
    "delivery",
    "Gave birth less than 12 months ago: the abdomen is still changing.",
    "Offer a non-ablative laser, or grade again a year after birth.",
    "Contested: Bonan & Verdelli 2020 (abdomen, 12 months after birth)",
    (
        Line(
            f"stomach, birth less than {DELIVERY_MONTHS} months ago",
            CAREFUL,
            f"{DELIVERY_MONTHS} months after birth",
        ),
    ),
    contested=True,
)


@candidacy.rule(PREGNANCY)
def pregnancy(facts: AreaFacts) -> list[Finding]:
    if facts.pregnant:
        return PREGNANCY.found(what="Pregnant")
    if facts.pregnant is None and facts.pregnant_or_breastfeeding:
        return PREGNANCY.found(what="Pregnant or breastfeeding, by an earlier answer")
    return []


@candidacy.rule(BREASTFEEDING)
def breastfeeding(facts: AreaFacts) -> list[Finding]:
    breastfeeding = facts.breastfeeding
    if breastfeeding is None and facts.pregnant is False:
        breastfeeding = facts.pregnant_or_breastfeeding
    return BREASTFEEDING.found() if breastfeeding else []


@candidacy.rule(DELIVERY)
def delivery(facts: AreaFacts) -> list[Finding]:
    if facts.delivered_on is None or facts.area != Area.STOMACH:
        return []
    free_on = months_after(facts.delivered_on, DELIVERY_MONTHS)
    return DELIVERY.found(until=free_on) if facts.on < free_on else []
