"""Is the patient pregnant or breastfeeding?

Treatment waits as a precaution: a review of 380 treated pregnancies found no harm by the laser
itself, but trials exclude and guidelines advise against it (4, 4.1).
"""

from consultations.vocabulary import Level

from ..facts import AreaFacts
from ..findings import Finding, Message
from ..registry import candidacy

PREGNANCY = Message(
    "pregnancy",
    "Pregnant or breastfeeding.",
    "Wait until after birth and lactation; this is a precaution, not a known injury.",
    "NCT00585715; IADVL recommendations (Goel 2011); Trivedi, IJWD 2017;3:6",
)


@candidacy.rule("pregnancy")
def pregnancy(facts: AreaFacts) -> list[Finding]:
    return PREGNANCY.found(Level.HOLD) if facts.pregnant_or_breastfeeding else []
