"""Which laser and which pace would the program propose?

A rapid course suits those who accept downtime and do not fear side effects, a gradual one the rest
(project brief; 3.4). Fully ablative laser is never proposed by the program: choosing it is a
clinician's decision. Fractional ablative is not proposed while phototype or keloid history is not
known: both would exclude it (2.4, 4).
"""

from dataclasses import dataclass

from consultations.vocabulary import LaserType, Pace, Severity

from ..facts import AreaFacts
from ..protocol import (
    ABLATIVE_FRACTIONAL,
    ABLATIVE_FULL,
    MINIMUM_GAP_DAYS,
    NON_ABLATIVE,
    NON_ABLATIVE_FRACTIONAL,
    RAPID_DOWNTIME_DAYS,
    USUAL_GAP_DAYS,
)

NAMES = {
    NON_ABLATIVE: "non-ablative laser",
    NON_ABLATIVE_FRACTIONAL: "non-ablative fractional laser",
    ABLATIVE_FRACTIONAL: "ablative fractional laser",
    ABLATIVE_FULL: "fully ablative laser",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A laser type, a pace and the sentence that gives the reason; blank where none suits."""

    laser: LaserType | None
    pace: Pace | None
    reason: str


NOTHING = Proposal(None, None, "")


def propose(facts: AreaFacts, allowed: tuple[LaserType, ...]) -> Proposal:
    """The laser and pace to start from, among the laser types allowed now."""
    if not allowed:
        return NOTHING
    pace = _pace(facts)
    laser = _laser(facts, allowed, pace)
    if laser is None:
        return NOTHING
    days = interval_days(laser, pace)
    why = "as the patient prefers" if pace == Pace.RAPID else "to keep side effects low"
    reason = f"Proposed: {NAMES[laser]}, {pace.value}, every {days} days, {why}."
    ask = _to_ask(facts) if _suits_ablative(facts, allowed, pace) else []
    if ask:
        reason += f" Ask {' and '.join(ask)} before an ablative laser."
    return Proposal(laser, pace, reason)


def interval_days(laser: LaserType, pace: Pace) -> int:
    """Days between sessions: the shortest safe gap when rapid, the upper usual one when gradual."""
    return (MINIMUM_GAP_DAYS if pace == Pace.RAPID else USUAL_GAP_DAYS)[laser]


def _pace(facts: AreaFacts) -> Pace:
    wanted = facts.preferred_pace == Pace.RAPID and (
        facts.max_downtime_days is not None and facts.max_downtime_days >= RAPID_DOWNTIME_DAYS
    )
    if wanted and not facts.worried_about_side_effects and not facts.skin_problem:
        return Pace.RAPID
    return Pace.GRADUAL


def _laser(facts: AreaFacts, allowed: tuple[LaserType, ...], pace: Pace) -> LaserType | None:
    """The laser to start from; None where only ablative ones are left and do not suit."""
    if _suits_ablative(facts, allowed, pace) and not _to_ask(facts):
        return ABLATIVE_FRACTIONAL
    if facts.severity == Severity.MODERATE and NON_ABLATIVE_FRACTIONAL in allowed:
        return NON_ABLATIVE_FRACTIONAL
    return next((one for one in (NON_ABLATIVE, NON_ABLATIVE_FRACTIONAL) if one in allowed), None)


def _suits_ablative(facts: AreaFacts, allowed: tuple[LaserType, ...], pace: Pace) -> bool:
    is_wanted = pace == Pace.RAPID and facts.severity == Severity.MODERATE
    return is_wanted and ABLATIVE_FRACTIONAL in allowed


def _to_ask(facts: AreaFacts) -> list[str]:
    """What has to be known before an ablative laser is proposed."""
    questions = {"phototype": facts.phototype, "keloid history": facts.keloid_history}
    return [words for words, answer in questions.items() if answer is None]
