"""Have today's questions been asked, and do the answers still allow this laser?

Answers from an earlier day are offered, never assumed: pregnancy, isotretinoin and infection must
be asked on the day (3.4, 8.3).
"""

from dataclasses import replace

from consultations.vocabulary import Level

from ..candidacy import assess
from ..candidacy.proposal import NAMES
from ..findings import Finding, Message
from ..registry import readiness
from .facts import SessionFacts

CHANGED = Message(
    "screen.changed",
    "Today's answers no longer allow {laser}: {reasons}",
    "Wait, or change the plan to a laser that is allowed.",
    "Clinical reference 8.3 (history changes since last time)",
)
REQUIRED = Message(
    "screen.required",
    "Ask today: {question}.",
    "Ask it again at every session; a blank is not a no.",
    "Clinical reference 8.3 (history changes since last time)",
)
REQUIRED_QUESTIONS = {
    "pregnant_or_breastfeeding": "pregnant or breastfeeding",
    "isotretinoin": "isotretinoin",
    "infection": "infection in this area",
}
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


@readiness.rule("screen.changed")
def changed(facts: SessionFacts) -> list[Finding]:
    against = speaks_against(facts)
    if not against:
        return []
    days = [finding.until for finding in against]
    sources = "; ".join(dict.fromkeys(finding.source for finding in against))
    return replace(CHANGED, source=f"{CHANGED.source}; {sources}").found(
        Level.BLOCK,
        until=None if None in days else max(day for day in days if day),
        laser=NAMES[facts.laser_type],
        reasons=" ".join(finding.message for finding in against),
    )


@readiness.rule("screen.required")
def required(facts: SessionFacts) -> list[Finding]:
    return [
        finding
        for name, question in REQUIRED_QUESTIONS.items()
        if getattr(facts.today, name) is None
        for finding in REQUIRED.found(Level.BLOCK, subject=name, question=question)
    ]
