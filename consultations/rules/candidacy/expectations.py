"""Does the patient want what laser can give?

Results build up over months and at least five paid sessions, so whoever wants an instant or an
inexpensive fix is not a candidate (project brief). A positive screen for body dysmorphic disorder
is not a diagnosis, but procedures rarely help and can harm; who declines it is talked to first (5).
"""

from consultations.vocabulary import BddScreen, Level

from ..facts import AreaFacts
from ..findings import Finding, Line, Message
from ..protocol import COURSE_SESSIONS
from ..registry import candidacy
from ..sources import GUIDE

BODY_DYSMORPHIC = "BMJ Best Practice 3000316; GMC, Cosmetic interventions (2016)"

INSTANT = Message(
    "expectations.instant",
    "The patient wants an instant result.",
    "Explain that results show over weeks to months, not the same or the next day.",
    f"{GUIDE}; Calapai, long-pulsed 1,064 nm at 2, 4 and 6 months",
    (Line("wants an instant result", Level.EXCLUDE),),
)
INEXPENSIVE = Message(
    "expectations.inexpensive",
    "The patient wants an inexpensive fix.",
    "Give the price of the whole course, and of doing nothing.",
    GUIDE,
    (Line("wants an inexpensive fix", Level.EXCLUDE),),
)
SESSIONS = Message(
    "expectations.sessions",
    "The patient does not accept a course of at least five sessions.",
    "Explain why one session is not a treatment; offer to talk again.",
    f"{GUIDE}; five sessions in Jeon (ASLMS, 755 nm neck), Yim (Lasers Med Sci 2020, doi "
    "10.1007/s10103-019-02906-1) and the 1,440 nm fluence study (doi 10.1002/lsm.20641)",
    (Line(f"does not accept {COURSE_SESSIONS} sessions", Level.EXCLUDE),),
)
BODY_IMAGE = Message(
    "expectations.body_image",
    "The screen for body dysmorphic disorder is positive.",
    "Confirm by interview; offer the general practitioner or mental-health care, not laser.",
    f"{BODY_DYSMORPHIC}; Goel 2011, IJDVL 77:369",
    (Line("body image screen positive", Level.EXCLUDE),),
)
BODY_IMAGE_DECLINED = Message(
    "expectations.body_image_declined",
    "The screen for body dysmorphic disorder was declined.",
    "A clinician talks to the patient first.",
    BODY_DYSMORPHIC,
    (Line("body image screen declined", Level.CAUTION),),
)


@candidacy.rule(INSTANT)
def instant(facts: AreaFacts) -> list[Finding]:
    return INSTANT.found() if facts.wants_instant_result else []


@candidacy.rule(INEXPENSIVE)
def inexpensive(facts: AreaFacts) -> list[Finding]:
    return INEXPENSIVE.found() if facts.wants_inexpensive_fix else []


@candidacy.rule(SESSIONS)
def sessions(facts: AreaFacts) -> list[Finding]:
    return SESSIONS.found() if facts.accepts_five_sessions is False else []


@candidacy.rule(BODY_IMAGE)
def body_image(facts: AreaFacts) -> list[Finding]:
    return BODY_IMAGE.found() if facts.bdd_screen == BddScreen.POSITIVE else []


@candidacy.rule(BODY_IMAGE_DECLINED)
def body_image_declined(facts: AreaFacts) -> list[Finding]:
    return BODY_IMAGE_DECLINED.found() if facts.bdd_screen == BddScreen.DECLINED else []
