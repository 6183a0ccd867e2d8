"""Has the skin been tanned or filled too recently?

A tan raises the risk of burns and marks; how long to wait is contested (2 to 6 weeks, 4). Laser
after a filler waits two weeks; on the same day the laser would have to come first (4).
"""

from consultations.vocabulary import LaserType, Level

from ..calendar import days_after
from ..facts import AreaFacts
from ..findings import Finding, Message
from ..protocol import FILLER_DAYS, TAN_DAYS
from ..registry import candidacy

TAN = Message(
    "tan",
    "The skin was tanned recently.",
    "Wait, and protect it from the sun until then.",
    "Contested: Newcastle Hospitals NHS (2 weeks), FaceForward (2), Renew (4), Ultrablitz (6)",
)
FILLER = Message(
    "filler",
    "A filler less than 14 days ago.",
    "Wait until two weeks have passed.",
    "AAD 2024; Newcastle combination procedure; Aesthetic Plast Surg 2019 (laser first)",
)


@candidacy.rule("tan")
def tan(facts: AreaFacts) -> list[Finding]:
    if facts.tanned_on is None:
        return []
    free_on = {
        LaserType(laser): days_after(facts.tanned_on, days) for laser, days in TAN_DAYS.items()
    }
    held = {laser: Level.HOLD for laser, day in free_on.items() if facts.on < day}
    return TAN.found(held, until=free_on)


@candidacy.rule("filler")
def filler(facts: AreaFacts) -> list[Finding]:
    if facts.filler_on is None:
        return []
    free_on = days_after(facts.filler_on, FILLER_DAYS)
    return FILLER.found(Level.HOLD, until=free_on) if facts.on < free_on else []
