"""Have today's questions been asked, and do the answers still allow this laser?

Answers from an earlier day are offered, never assumed: pregnancy, isotretinoin and infection must
be asked on the day (3.4, 8.3). An ablative laser is not used while what would exclude it was never
asked: breastfeeding, phototype, keloid history, a tan and, near the mouth, herpes (2.4, 4, 11).
"""

from dataclasses import replace

from consultations.vocabulary import Level

from ..candidacy import assess
from ..candidacy.medicines import NEAR_THE_MOUTH
from ..candidacy.proposal import NAMES
from ..findings import Finding, Line, Message, by_type
from ..protocol import ABLATIVE_FRACTIONAL, ABLATIVE_FULL
from ..registry import readiness
from .facts import SessionFacts

HISTORY_CHANGES = (
    "GMC, Cosmetic interventions, 2016 (take an adequate history); BMLA Essential Standards, 2017"
)
CHANGED = Message(
    "screen.changed",
    "Today's answers no longer allow {laser}: {reasons}",
    "Wait, or change the plan to a laser that is allowed.",
    HISTORY_CHANGES,
    (Line("the plan's laser type is no longer allowed by today's answers", Level.BLOCK),),
)
REQUIRED = Message(
    "screen.required",
    "Ask today: {question}.",
    "{how_often}; a blank is not a no.",
    HISTORY_CHANGES,
    (
        Line("pregnancy, isotretinoin or infection not answered today", Level.BLOCK),
        Line(
            "breastfeeding, phototype, keloid history, a tan or, on face or neck, herpes not "
            "answered",
            by_type(None, None, Level.BLOCK, Level.BLOCK),
        ),
    ),
)
REQUIRED_QUESTIONS = {
    "pregnant": "pregnant",
    "isotretinoin": "isotretinoin",
    "infection": "infection in this area",
}
REQUIRED_BEFORE_ABLATIVE = {
    "breastfeeding": "breastfeeding",
    "phototype": "phototype",
    "keloid_history": "keloid or hypertrophic scars, ever",
    "tanned": "tanned",
}
# Not isotretinoin by its last dose: whether it is taken again is asked each day.
ALSO_ANSWERED_BY = {
    "pregnant": "pregnant_or_breastfeeding",
    "breastfeeding": "pregnant_or_breastfeeding",
    "tanned": "tanned_on",
}
FOR_LIFE = ("phototype", "keloid_history", "herpes_history")
REQUIRED_NEAR_THE_MOUTH = {"herpes_history": "herpes (cold sores), ever"}
ABLATIVE = (ABLATIVE_FRACTIONAL, ABLATIVE_FULL)
DISALLOWING = frozenset({Level.HOLD, Level.EXCLUDE, Level.REFER})


def speaks_against(facts: SessionFacts) -> list[Finding]:
    """What of the area speaks against the plan's laser today, but for what a clinician's decision
    has already answered."""
    return [
        finding
        for finding in assess(facts.today).findings
        if facts.laser_type in finding.lasers
        and finding.level in DISALLOWING
        and finding.id not in facts.accepted
    ]


@readiness.rule(CHANGED)
def changed(facts: SessionFacts) -> list[Finding]:
    against = speaks_against(facts)
    if not against:
        return []
    days = [finding.until for finding in against]
    sources = "; ".join(dict.fromkeys(finding.source for finding in against))
    return replace(CHANGED, source=f"{CHANGED.source}; {sources}").found(
        until=None if None in days else max(day for day in days if day),
        laser=NAMES[facts.laser_type],
        reasons=" ".join(finding.message for finding in against),
    )


@readiness.rule(REQUIRED)
def required(facts: SessionFacts) -> list[Finding]:
    return [
        finding
        for name, question in questions_required(facts).items()
        if not _is_answered(facts, name)
        for finding in REQUIRED.found(
            Level.BLOCK, subject=name, question=question, how_often=_how_often(name)
        )
    ]


def _how_often(name: str) -> str:
    return "Ask it once, for life" if name in FOR_LIFE else "Ask it again at every session"


def questions_required(facts: SessionFacts) -> dict[str, str]:
    """The questions that must be answered before this session, in words, by name."""
    if facts.laser_type not in ABLATIVE:
        return REQUIRED_QUESTIONS
    near = REQUIRED_NEAR_THE_MOUTH if facts.today.area in NEAR_THE_MOUTH else {}
    return REQUIRED_QUESTIONS | REQUIRED_BEFORE_ABLATIVE | near


def _is_answered(facts: SessionFacts, name: str) -> bool:
    named = (name, ALSO_ANSWERED_BY.get(name, name))
    return any(getattr(facts.today, one) is not None for one in named)
