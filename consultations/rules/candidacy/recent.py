"""Has the skin been tanned, filled or treated elsewhere too recently?

A tan raises the risk of burns and marks; how long to wait is contested (2 to 6 weeks, 4). A filler
waits two weeks before ablative laser; with others the same day is fine, laser first (4, 11). How
long after radiofrequency, ultrasound or threads is weakly sourced (11); after a peel or a laser
clinics wait two to four weeks, after a deep one six months (3.3, 4).
"""

from collections.abc import Mapping
from datetime import date

from consultations.vocabulary import LaserType, Level, RecentProcedure

from ..calendar import days_after, months_after
from ..facts import AreaFacts
from ..findings import ALL_TYPES, WEIGHT, Finding, Levels, Line, Message, by_type
from ..protocol import (
    ABLATIVE_FRACTIONAL,
    ABLATIVE_FULL,
    DEVICE_DAYS,
    FILLER_DAYS,
    INJECTION_DAYS,
    RESURFACED_DAYS,
    RESURFACED_MONTHS,
    TAN_DAYS,
)
from ..registry import candidacy

FOUR_WEEKS = f"{DEVICE_DAYS[LaserType.NON_ABLATIVE]} days, ablative {DEVICE_DAYS[ABLATIVE_FULL]}"

TAN = Message(
    "tan",
    "The skin was tanned recently.",
    "Wait, and protect it from the sun until then.",
    "Contested: Newcastle Hospitals NHS (2 weeks), FaceForward (2), Renew (4), Ultrablitz (6)",
    (
        Line("tanned", Level.HOLD, f"{FOUR_WEEKS}, after it"),
        Line("tanned on a day not known", Level.HOLD, "not known"),
    ),
    contested=True,
)
FILLER = Message(
    "filler",
    "A filler less than 14 days ago.",
    "Wait two weeks before ablative laser; do not press on it with any other.",
    "AAD 2024; Newcastle combination procedure; Aesthetic Plast Surg 2019, PMC6742610 (laser "
    "first)",
    (
        Line(
            f"filler less than {FILLER_DAYS} days ago",
            by_type(Level.CAUTION, Level.CAUTION, Level.HOLD, Level.HOLD),
            f"{FILLER_DAYS} days after it",
        ),
    ),
)
INJECTED = Line(
    "botulinum toxin or thread lift",
    by_type(Level.INFO, Level.INFO, Level.CAUTION, Level.CAUTION),
    f"{INJECTION_DAYS} days after it, or not known",
)
BY_DEVICE = Line(
    "radiofrequency, ultrasound or microneedling",
    Level.CAUTION,
    f"{FOUR_WEEKS}, after it, or not known",
)
SURFACE = Line("peel or another laser", Level.HOLD, f"{FOUR_WEEKS}, after it, or not known")
RESURFACED = Line(
    "deep peel, dermabrasion or full ablation",
    Level.HOLD,
    f"{RESURFACED_DAYS} days, ablative {RESURFACED_MONTHS} months, after it, or not known",
)
PROCEDURE = Message(
    "recent.procedure",
    "Recently in this area, elsewhere: {procedure}.",
    "Ask who did it and how it healed; wait where this says so.",
    "Contested: AAD 2024; FSDev and SkinSpirit (2 to 4 weeks after a peel); Brescia laser centre "
    "(6 months after ablation); FDA, 15 Oct 2025 (radiofrequency microneedling)",
    (INJECTED, BY_DEVICE, SURFACE, RESURFACED),
    contested=True,
)
LINE_OF = {
    RecentProcedure.BOTULINUM_TOXIN: INJECTED,
    RecentProcedure.THREAD_LIFT: INJECTED,
    RecentProcedure.RADIOFREQUENCY: BY_DEVICE,
    RecentProcedure.ULTRASOUND: BY_DEVICE,
    RecentProcedure.MICRONEEDLING: BY_DEVICE,
    RecentProcedure.PEEL: SURFACE,
    RecentProcedure.LASER: SURFACE,
    RecentProcedure.DEEP_PEEL: RESURFACED,
    RecentProcedure.DERMABRASION: RESURFACED,
    RecentProcedure.FULL_ABLATION: RESURFACED,
}


@candidacy.rule(TAN)
def tan(facts: AreaFacts) -> list[Finding]:
    if not facts.was_tanned:
        return []
    if facts.tanned_on is None:
        return TAN.found(Level.HOLD)
    free_on = _after_days(facts.tanned_on, TAN_DAYS)
    return TAN.found(_waiting(Level.HOLD, free_on, facts.on), until=free_on)


@candidacy.rule(FILLER)
def filler(facts: AreaFacts) -> list[Finding]:
    if facts.filler_on is None:
        return []
    free_on = days_after(facts.filler_on, FILLER_DAYS)
    return FILLER.found(until=free_on) if facts.on < free_on else []


@candidacy.rule(PROCEDURE)
def procedure(facts: AreaFacts) -> list[Finding]:
    done = facts.recent_procedure
    if done is None or done == RecentProcedure.NONE:
        return []
    levels, words = LINE_OF[done].levels, done.value.replace("_", " ")
    if facts.recent_procedure_on is None:
        return PROCEDURE.found(levels, procedure=words)
    free_on = procedure_free_on(done, facts.recent_procedure_on)
    return PROCEDURE.found(_waiting(levels, free_on, facts.on), until=free_on, procedure=words)


def weightiest_procedure(
    told: Mapping[RecentProcedure, date | None], laser: LaserType, on: date
) -> tuple[RecentProcedure, date | None] | None:
    """Of several procedures, each with its day, the one that weighs most for a laser on a day; of
    equals the one whose wait ends last. None if none of them is waited for any more."""
    waiting = [
        (_weight(procedure, laser), free_on, procedure)
        for procedure, done_on in told.items()
        if (free_on := _free_on(procedure, done_on, laser)) > on
    ]
    if not waiting:
        return None
    procedure = max(waiting, key=lambda one: one[:2])[2]
    return procedure, told[procedure]


def _weight(procedure: RecentProcedure, laser: LaserType) -> int:
    levels = LINE_OF[procedure].levels
    return WEIGHT[levels if isinstance(levels, Level) else levels[laser]]


def _free_on(procedure: RecentProcedure, done_on: date | None, laser: LaserType) -> date:
    """A procedure without its day is waited for until the day is known."""
    return date.max if done_on is None else procedure_free_on(procedure, done_on)[laser]


def procedure_free_on(procedure: RecentProcedure, done_on: date) -> dict[LaserType, date]:
    """The first day on which each laser type need not wait for a procedure any more."""
    line = LINE_OF[procedure]
    if line is INJECTED:
        return dict.fromkeys(ALL_TYPES, days_after(done_on, INJECTION_DAYS))
    free_on = _after_days(done_on, DEVICE_DAYS)
    if line is RESURFACED:
        after_months = months_after(done_on, RESURFACED_MONTHS)
        free_on = dict.fromkeys(ALL_TYPES, days_after(done_on, RESURFACED_DAYS))
        free_on |= {ABLATIVE_FRACTIONAL: after_months, ABLATIVE_FULL: after_months}
    return free_on


def _after_days(day: date, waits: Mapping[LaserType, int]) -> dict[LaserType, date]:
    return {LaserType(laser): days_after(day, days) for laser, days in waits.items()}


def _waiting(levels: Levels, free_on: Mapping[LaserType, date], on: date) -> dict[LaserType, Level]:
    """The levels of the laser types that still have to wait on a day."""
    if isinstance(levels, Level):
        levels = dict.fromkeys(ALL_TYPES, levels)
    return {laser: level for laser, level in levels.items() if on < free_on[laser]}
