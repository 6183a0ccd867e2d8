"""The verdict on a case: the rulebook's, and what the pulse of the laser considered would darken.

A pulse belongs to a session, so that its findings take away the laser considered and leave the
outcome, which is about the area.
"""

from dataclasses import replace

from consultations.rules.candidacy import Verdict, assess
from consultations.rules.candidacy.proposal import propose
from consultations.rules.facts import AreaFacts
from consultations.rules.readiness.device import darkened
from consultations.vocabulary import LaserType, Pulse


def verdict_of(facts: AreaFacts, laser: LaserType | None, pulse: Pulse | None) -> Verdict:
    """Return the verdict on an area, with the laser and the pulse considered for it, if any."""
    verdict = assess(facts)
    stops = darkened(facts, pulse) if pulse else []
    if not stops:
        return verdict
    verdict = replace(verdict, findings=(*stops, *verdict.findings))
    if laser not in verdict.lasers:
        return verdict
    left = tuple(one for one in verdict.lasers if one != laser)
    proposed = propose(facts, left)
    why = verdict.reason.removesuffix(propose(facts, verdict.lasers).reason).strip()
    return replace(
        verdict,
        lasers=left,
        proposed_laser=proposed.laser,
        pace=proposed.pace,
        reason=" ".join([why, *(one.message for one in stops), proposed.reason]).strip(),
    )
