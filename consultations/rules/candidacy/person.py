"""Is the patient of an age that laser is for?

Cosmetic laser is for adults by default; Scotland forbids ablative laser under 18 by law (4, 8.1,
11). Trials stop at 60 to 75, so beyond that little is known (11).
"""

from consultations.vocabulary import Level

from ..facts import AreaFacts
from ..findings import Finding, Line, Message
from ..protocol import ADULT_AGE, OLD_AGE
from ..registry import candidacy

MINOR = Message(
    "age.minor",
    "The patient is under 18.",
    "No cosmetic laser before 18.",
    "UK government response on licensing of non-surgical cosmetic procedures, 2025; Scotland, Act "
    "2026 asp 13",
    (Line(f"under {ADULT_AGE} on the day", Level.EXCLUDE),),
)
OLD = Message(
    "age.old",
    "The patient is over 75: trials did not go so far.",
    "Say that little is known at this age, and go gently.",
    "NCT05808842 and others (upper limits 60 to 75)",
    (Line(f"{OLD_AGE} or older on the day", Level.INFO),),
)


@candidacy.rule(MINOR)
def minor(facts: AreaFacts) -> list[Finding]:
    return MINOR.found() if facts.age is not None and facts.age < ADULT_AGE else []


@candidacy.rule(OLD)
def old(facts: AreaFacts) -> list[Finding]:
    return OLD.found() if facts.age is not None and facts.age >= OLD_AGE else []
