"""What would change a verdict: single answers that, given the other way, open the way to laser.

Only what can change is tried: wishes, the state of the skin, passing conditions, clearance after
surgery. A history of keloids is not something to be talked out of, and a suspicious lesion is to
be examined, not answered otherwise.
"""

from dataclasses import dataclass, replace
from typing import Any

from consultations.rules.facts import AreaFacts
from consultations.vocabulary import Outcome

from . import assess

CHANGEABLE = (
    "wants_instant_result",
    "wants_inexpensive_fix",
    "accepts_five_sessions",
    "recovered_from_surgery",
    "surgeon_cleared",
    "skin_problem",
    "infection",
    "pregnant",
    "breastfeeding",
    "immunosuppressed",
    "uncontrolled_diabetes",
    "anticoagulants",
    "koebner_disease",
)
NEAREST_TO_LASER = (
    Outcome.CANDIDATE,
    Outcome.TOUCH_UP,
    Outcome.HOLD,
    Outcome.NOT_A_CANDIDATE,
    Outcome.REFER_TO_SURGERY,
)


@dataclass(frozen=True, slots=True)
class Lever:
    """The answer to `name` that alone would lead to `outcome`."""

    name: str
    answer: bool
    outcome: Outcome


def levers(facts: AreaFacts) -> tuple[Lever, ...]:
    """Every single answer that would bring this area nearer to laser; none where it is there."""
    now = assess(facts).outcome
    if now in Outcome.treatable():
        return ()
    found = []
    for name in CHANGEABLE:
        for answer in (True, False):
            if getattr(facts, name) is answer:
                continue
            changed: dict[str, Any] = {name: answer}
            outcome = assess(replace(facts, **changed)).outcome
            if NEAREST_TO_LASER.index(outcome) < NEAREST_TO_LASER.index(now):
                found.append(Lever(name, answer, outcome))
    return tuple(found)
