"""May this session go ahead today? One file per question; `check` gathers the answers.

Findings of level block stop the session unless a clinician overrides them with a reason; cautions
are acknowledged by saving. A session performed elsewhere is history and is not judged.
"""

from ..findings import Finding, weightiest_first
from ..registry import readiness
from . import care, consent, course, device, event, screen, settings  # noqa: F401  each signs up
from .consent import NEVER_OVERRIDDEN
from .facts import Answer, ConsentFacts, DoneBefore, LaserFacts, Said, SessionFacts
from .screen import speaks_against

__all__ = [
    "NEVER_OVERRIDDEN",
    "Answer",
    "ConsentFacts",
    "DoneBefore",
    "LaserFacts",
    "Said",
    "SessionFacts",
    "check",
    "speaks_against",
]


def check(facts: SessionFacts) -> tuple[Finding, ...]:
    """Everything that speaks against this session today, the weightiest first."""
    return tuple(weightiest_first(readiness.findings(facts)))
