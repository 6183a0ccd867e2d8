"""Is the skin too loose for laser?

Lasers are for mild to moderate laxity; severe sagging is a surgeon's work (project brief). Grade 3
of the 0–4 scale is the lowest that counts as severe, so it asks for a second look (2.1).
"""

from consultations.vocabulary import Level, Severity

from ..facts import AreaFacts
from ..findings import Finding, Line, Message
from ..protocol import BORDERLINE_GRADE
from ..registry import candidacy
from ..sources import GUIDE

SEVERE = Message(
    "laxity.severe",
    "Laxity is severe: laser is not suitable.",
    "Explain why laser would disappoint, and refer to a surgeon. Laser may refine the result "
    "after recovery.",
    f"{GUIDE}; Brightman, Dermatology Times (fractional CO2 on the neck); NCT03894371",
    (Line("laxity severe", Level.REFER),),
)
BORDERLINE = Message(
    "laxity.borderline",
    "Grade 3 is the border between moderate and severe.",
    "Have a clinician confirm the grade before the referral goes out.",
    "Alexiades-Armenakas grading scale; the cut at 3 is this rulebook's choice",
    (Line(f"grade {BORDERLINE_GRADE}, severe", Level.CAUTION),),
)


@candidacy.rule(SEVERE)
def severe(facts: AreaFacts) -> list[Finding]:
    return SEVERE.found() if facts.severity == Severity.SEVERE else []


@candidacy.rule(BORDERLINE)
def borderline(facts: AreaFacts) -> list[Finding]:
    if facts.severity == Severity.SEVERE and facts.grade == BORDERLINE_GRADE:
        return BORDERLINE.found()
    return []
