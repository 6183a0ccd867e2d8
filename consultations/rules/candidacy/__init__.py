"""Is laser suitable for this area? One file per clinical question; `assess` folds the answers.

The order of weight, per laser type: excluded, else held until a day, else allowed. A severe area
is referred whatever else is found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from consultations.vocabulary import LaserType, Level, Outcome, Pace

from .. import RULEBOOK
from ..facts import AreaFacts
from ..findings import ALL_TYPES, Finding, weightiest_first
from ..registry import candidacy
from . import (  # noqa: F401  each signs up its rules
    area,
    expectations,
    healing,
    isotretinoin,
    laxity,
    lifestyle,
    medicines,
    patch,
    person,
    phototype,
    pregnancy,
    recent,
    screen,
    skin,
    surgery,
)
from .proposal import propose

__all__ = ["AreaFacts", "Verdict", "assess", "fold"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rulebook concludes for one area, with everything that led there.

    `until` is the first day on which some laser is free again (hold only; None where unknown).
    `lasers` are the types allowed now. `proposed_laser` and `pace` are None where none is.
    `findings` hold the deciding ones first. Equal by value.
    """

    outcome: Outcome
    until: date | None
    lasers: tuple[LaserType, ...]
    proposed_laser: LaserType | None
    pace: Pace | None
    reason: str
    findings: tuple[Finding, ...]
    rulebook: str


def assess(facts: AreaFacts) -> Verdict:
    """The verdict of the rulebook on one area."""
    return fold(facts, candidacy.findings(facts))


def fold(facts: AreaFacts, findings: Iterable[Finding]) -> Verdict:
    """The verdict that these findings add up to, whatever their order."""
    findings = weightiest_first(findings)
    state = {laser: _state(laser, findings) for laser in ALL_TYPES}
    allowed = tuple(laser for laser in ALL_TYPES if state[laser] == (Level.INFO, None))
    outcome, until = _outcome(facts, findings, state)
    if outcome not in Outcome.treatable():
        allowed = ()
    deciding, others = _parted(outcome, findings)
    proposal = propose(facts, allowed)
    return Verdict(
        outcome=outcome,
        until=until,
        lasers=allowed,
        proposed_laser=proposal.laser,
        pace=proposal.pace,
        reason=" ".join([_reason(facts, outcome, deciding), proposal.reason]).strip(),
        findings=(*deciding, *others),
        rulebook=RULEBOOK,
    )


State = tuple[Level, date | None]


def _state(laser: LaserType, findings: list[Finding]) -> State:
    """Excluded, held until a day, or allowed (written INFO) – for one laser type."""
    own = [finding for finding in findings if laser in finding.lasers]
    if any(finding.level in {Level.EXCLUDE, Level.REFER} for finding in own):
        return Level.EXCLUDE, None
    holds = [finding.until for finding in own if finding.level == Level.HOLD]
    if not holds:
        return Level.INFO, None
    days = [day for day in holds if day is not None]
    # An unknown end outlasts every date.
    return Level.HOLD, max(days) if len(days) == len(holds) else None


def _outcome(
    facts: AreaFacts, findings: list[Finding], state: dict[LaserType, State]
) -> tuple[Outcome, date | None]:
    if any(finding.level == Level.REFER for finding in findings):
        return Outcome.REFER_TO_SURGERY, None
    levels = {level for level, _ in state.values()}
    if Level.INFO in levels:
        return (Outcome.TOUCH_UP if facts.had_surgery else Outcome.CANDIDATE), None
    if Level.HOLD in levels:
        days = [day for level, day in state.values() if level == Level.HOLD and day is not None]
        return Outcome.HOLD, min(days, default=None)
    return Outcome.NOT_A_CANDIDATE, None


DECIDING_LEVEL = {
    Outcome.REFER_TO_SURGERY: Level.REFER,
    Outcome.NOT_A_CANDIDATE: Level.EXCLUDE,
    Outcome.HOLD: Level.HOLD,
}


def _parted(outcome: Outcome, findings: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The deciding findings, and the others."""
    level = DECIDING_LEVEL.get(outcome)
    deciding: list[Finding] = []
    others: list[Finding] = []
    for finding in findings:
        touches_up = outcome == Outcome.TOUCH_UP and finding.id == "surgery.touch_up"
        (deciding if touches_up or finding.level == level else others).append(finding)
    return deciding, others


def _reason(facts: AreaFacts, outcome: Outcome, deciding: list[Finding]) -> str:
    """A sentence or two that say why: of the deciding messages, those that reach furthest."""
    if outcome == Outcome.CANDIDATE:
        return f"{facts.severity.value.capitalize()} laxity is what laser is for."
    reach = max((len(finding.lasers) for finding in deciding), default=0)
    furthest = [finding.message for finding in deciding if len(finding.lasers) == reach]
    return " ".join(dict.fromkeys(furthest))
