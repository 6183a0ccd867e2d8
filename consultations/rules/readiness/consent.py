"""Did the patient agree to this treatment, in time to think it over?

Consent is to a laser type, for an area as it was graded, and a number of sessions; anything else is
asked anew. A patient has time to reflect between agreeing and being treated; how long is contested:
two weeks is the standard of surgery, for other treatments no number is set (8.1). The latest answer
counts, and a no is never overridden.
"""

from collections.abc import Iterable

from consultations.vocabulary import LaserType, Level, Severity

from ..calendar import days_after, in_words
from ..candidacy.proposal import NAMES
from ..findings import Finding, Line, Message
from ..registry import readiness
from .facts import Answer, Said, SessionFacts

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
NEVER_OVERRIDDEN = frozenset({REFUSED.id, WITHDRAWN.id})


@readiness.rule(MISSING, REFLECTION, REFUSED, WITHDRAWN)
def consent(facts: SessionFacts) -> list[Finding]:
    if facts.consent is None:
        return []
    answers = [one for one in facts.consent.answers if one.on <= facts.on]
    if answers and answers[-1].said != Said.YES:
        message = REFUSED if answers[-1].said == Said.REFUSED else WITHDRAWN
        return message.found(subject="consent", day=in_words(answers[-1].on))
    given = since_the_last_no(answers)
    fits = [one for one in given if not why_not(one, facts)]
    if not fits:
        why = why_not(given[-1], facts) if given else "none was signed"
        level = Level.CAUTION if facts.consent.began_before else Level.BLOCK
        return MISSING.found(level, subject="consent", why=why)
    if facts.consent.began_before:
        return []
    free_on = days_after(fits[0].on, facts.consent.reflection_days)
    if free_on <= facts.on:
        return []
    return REFLECTION.found(
        until=free_on, subject="consent", day=in_words(fits[0].on), free_on=in_words(free_on)
    )


def since_the_last_no(answers: Iterable[Answer]) -> list[Answer]:
    """The answers after the last no: what was agreed before it no longer counts."""
    given: list[Answer] = []
    for one in answers:
        given = [*given, one] if one.said == Said.YES else []
    return given


def why_not(given: Answer, facts: SessionFacts) -> str:
    """Why this consent is not to the session, in words; "" where it is."""
    number = facts.consent.number if facts.consent else 0
    return why_not_to(given, facts.laser_type, facts.today.severity, number)


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
