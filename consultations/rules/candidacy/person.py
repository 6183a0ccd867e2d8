"""Is the patient of age?

Cosmetic laser is for adults by default (4, 8.1: the licensing scheme under way in England limits
treatment under 18).
"""

from consultations.vocabulary import Level

from ..facts import AreaFacts
from ..findings import Finding, Message
from ..protocol import ADULT_AGE
from ..registry import candidacy

MINOR = Message(
    "age.minor",
    "The patient is under 18.",
    "No cosmetic laser before 18.",
    "UK government response on licensing of non-surgical cosmetic procedures, 2025",
)


@candidacy.rule("age.minor")
def minor(facts: AreaFacts) -> list[Finding]:
    if facts.age is not None and facts.age < ADULT_AGE:
        return MINOR.found(Level.EXCLUDE)
    return []
