"""Does the patient want what laser can give?

Results build up over months and at least five paid sessions, so whoever wants an instant or an
inexpensive fix is not a candidate (project brief). A positive screen for body dysmorphic disorder
is not a diagnosis, but procedures rarely help and can harm (5).
"""

from consultations.vocabulary import BddScreen, Level

from ..facts import AreaFacts
from ..findings import Finding, Message
from ..registry import candidacy

INSTANT = Message(
    "expectations.instant",
    "The patient wants an instant result.",
    "Explain that results show over weeks to months, not the same or the next day.",
    "Clinic protocol; Calapai, long-pulsed 1,064 nm at 2, 4 and 6 months",
)
INEXPENSIVE = Message(
    "expectations.inexpensive",
    "The patient wants an inexpensive fix.",
    "Give the price of the whole course, and of doing nothing.",
    "Clinic protocol",
)
SESSIONS = Message(
    "expectations.sessions",
    "The patient does not accept a course of at least five sessions.",
    "Explain why one session is not a treatment; offer to talk again.",
    "Clinic protocol; five-session trials of Jeon, Yim and the 1,440 nm fluence study",
)
BODY_IMAGE = Message(
    "expectations.body_image",
    "The screen for body dysmorphic disorder is positive.",
    "Confirm by interview; offer the general practitioner or mental-health care, not laser.",
    "BMJ Best Practice 3000316; IADVL fractional laser recommendations (Goel 2011); "
    "GMC Cosmetic interventions",
)


@candidacy.rule("expectations.instant")
def instant(facts: AreaFacts) -> list[Finding]:
    return INSTANT.found(Level.EXCLUDE) if facts.wants_instant_result else []


@candidacy.rule("expectations.inexpensive")
def inexpensive(facts: AreaFacts) -> list[Finding]:
    return INEXPENSIVE.found(Level.EXCLUDE) if facts.wants_inexpensive_fix else []


@candidacy.rule("expectations.sessions")
def sessions(facts: AreaFacts) -> list[Finding]:
    return SESSIONS.found(Level.EXCLUDE) if facts.accepts_five_sessions is False else []


@candidacy.rule("expectations.body_image")
def body_image(facts: AreaFacts) -> list[Finding]:
    return BODY_IMAGE.found(Level.EXCLUDE) if facts.bdd_screen == BddScreen.POSITIVE else []
