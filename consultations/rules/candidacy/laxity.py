"""Is the skin too loose for laser?

Lasers are for mild to moderate laxity; severe sagging is a surgeon's work (project brief). Grade 3
of the 0–4 scale is the lowest that counts as severe, so it asks for a second look (2.1).
"""

from consultations.vocabulary import Level, Severity

from ..facts import AreaFacts
from ..findings import Finding, Message
from ..protocol import BORDERLINE_GRADE
from ..registry import candidacy

SEVERE = Message(
    "laxity.severe",
    "Laxity is severe: laser is not suitable.",
    "Explain why laser would disappoint, and refer to a surgeon. Laser may refine the result "
    "after recovery.",
    "Clinic protocol; fractional CO2 neck report, Dermatology Times (Brightman); NCT03894371",
)
BORDERLINE = Message(
    "laxity.borderline",
    "Grade 3 is the border between moderate and severe.",
    "Have a clinician confirm the grade before the referral goes out.",
    "Alexiades-Armenakas grading scale; the cut at 3 is this rulebook's choice",
)


@candidacy.rule("laxity.severe")
def severe(facts: AreaFacts) -> list[Finding]:
    return SEVERE.found(Level.REFER) if facts.severity == Severity.SEVERE else []


@candidacy.rule("laxity.borderline")
def borderline(facts: AreaFacts) -> list[Finding]:
    if facts.severity == Severity.SEVERE and facts.grade == BORDERLINE_GRADE:
        return BORDERLINE.found(Level.CAUTION)
    return []
