"""Did the patient agree to this treatment, in time to think it over?

Consent is to a laser type, for an area as it was graded, and a number of sessions; anything else is
asked anew. A patient has time to reflect between agreeing and being treated; how long is contested:
two weeks is the standard of surgery, for other treatments no number is set (8.1). The latest answer
counts, and a no is never overridden.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from consultations.vocabulary import LaserType, Level, Severity

from ..calendar import days_after, in_words
from ..candidacy.proposal import NAMES
from ..findings import Finding, Line, Message
from ..registry import readiness
from .facts import Answer, ConsentFacts, Said, SessionFacts

GMC = "GMC, Cosmetic interventions, 2016 (consent)"
MISSING = Message(
    "consent.missing",
    "No consent to this treatment: {why}.",
    "Take consent first.",
    GMC,
    (
        Line(
            "no consent signed for this laser type, this severity and this many sessions",
            Level.BLOCK,
        ),
        Line("the same, where the course began before consent was recorded here", Level.CAUTION),
    ),
)
REFLECTION = Message(
    "consent.reflection",
    "Consent was signed on {day}; the time to reflect ends on {free_on}.",
    "Treat on that day or later.",
    "GMC, Cosmetic interventions, 2016 (time to reflect, no number of days); RCS, Professional "
    "standards for cosmetic surgery (two weeks)",
    (Line("the clinic’s time to reflect is not over", Level.BLOCK, "it is over"),),
    contested=True,
)
REFUSED = Message(
    "consent.refused",
    "The patient refused this treatment on {day}.",
    "Nothing is done against a no. Should they change their mind, take consent anew.",
    GMC,
    (Line("the latest answer is a refusal; never overridden", Level.BLOCK),),
)
WITHDRAWN = Message(
    "consent.withdrawn",
    "The patient withdrew consent on {day}.",
    "Nothing is done against a no. Should they change their mind, take consent anew.",
    GMC,
    (Line("the latest answer is a withdrawal; never overridden", Level.BLOCK),),
)
NONE_SIGNED = "none was signed"
NEVER_OVERRIDDEN = frozenset({REFUSED.id, WITHDRAWN.id})


@dataclass(frozen=True, slots=True)
class Judged:
    """Where consent leaves a session. `no` is the answer against it; else `why` says what is
    missing, "" where nothing is. `signed` is the consent that counts, and `free_on` the day on
    which the time to reflect on it ends, where it is not over."""

    no: Answer | None = None
    why: str = ""
    signed: Answer | None = None
    free_on: date | None = None


def judge(
    consent: ConsentFacts, on: date, laser_type: LaserType, severity: Severity | None
) -> Judged:
    """Judge consent to a session on a day; the latest answer by then counts."""
    answers = [one for one in consent.answers if one.on <= on]
    if answers and answers[-1].said != Said.YES:
        return Judged(no=answers[-1])
    given = since_the_last_no(answers)
    asked = (laser_type, severity, consent.number)
    fits = [one for one in given if not why_not_to(one, *asked)]
    if not fits:
        return Judged(why=why_not_to(given[-1], *asked) if given else NONE_SIGNED)
    free_on = days_after(fits[0].on, consent.reflection_days)
    waits = free_on > on and not consent.began_before
    return Judged(signed=fits[0], free_on=free_on if waits else None)


@readiness.rule(MISSING, REFLECTION, REFUSED, WITHDRAWN)
def consent(facts: SessionFacts) -> list[Finding]:
    if facts.consent is None:
        return []
    judged = judge(facts.consent, facts.on, facts.laser_type, facts.today.severity)
    if judged.no is not None:
        message = REFUSED if judged.no.said == Said.REFUSED else WITHDRAWN
        return message.found(subject="consent", day=in_words(judged.no.on))
    if judged.signed is None:
        level = Level.CAUTION if facts.consent.began_before else Level.BLOCK
        return MISSING.found(level, subject="consent", why=judged.why)
    if judged.free_on is None:
        return []
    return REFLECTION.found(
        until=judged.free_on,
        subject="consent",
        day=in_words(judged.signed.on),
        free_on=in_words(judged.free_on),
    )


def since_the_last_no(answers: Iterable[Answer]) -> list[Answer]:
    """The answers after the last no: what was agreed before it no longer counts."""
    given: list[Answer] = []
    for one in answers:
        given = [*given, one] if one.said == Said.YES else []
    return given


def why_not_to(given: Answer, laser_type: LaserType, severity: Severity | None, number: int) -> str:
    """Why a consent is not to the session with this number in its course, in words; "" where it
    is."""
    if given.laser_type != laser_type:
        given_to, planned = NAMES[LaserType(given.laser_type)], NAMES[LaserType(laser_type)]
        return f"it was to {given_to}, the plan is for {planned}"
    if given.severity != severity:
        return "the area was graded otherwise since"
    if number > given.sessions:
        return f"it was for {given.sessions} sessions, this is number {number}"
    return ""
