"""Is the course open, and has the skin had time since last time?

Gaps come from the intervals trials report (3.2, 3.3); between two laser types the longer counts.
After full ablation other lasers wait until the watch has ended, and six months for the next
ablation (3.3, 4). After ablative laser most infections show within two weeks and some in weeks
three to five; non-ablative fractional is not immune in its first week (6.1).
"""

from datetime import date

from consultations.vocabulary import LaserType, Level, PlanStatus

from ..calendar import days_after, in_words
from ..candidacy.proposal import NAMES
from ..findings import Finding, Line, Message, by_type
from ..protocol import (
    ABLATIVE_FULL,
    CARE_AFTER_FULL_ABLATION_DAYS,
    GAP_AFTER_FULL_ABLATION_DAYS,
    GAP_BEFORE_FULL_ABLATION_DAYS,
    MINIMUM_GAP_DAYS,
    WATCH_ACTIVE_DAYS,
    WATCH_EXTENDED_DAYS,
)
from ..registry import readiness
from ..sources import GUIDE, HOMER
from .facts import DoneBefore, SessionFacts


def gap_days(earlier: LaserType, later: LaserType) -> int:
    """The days that must lie between two sessions on one area, by their laser types."""
    if earlier == ABLATIVE_FULL:
        return GAP_AFTER_FULL_ABLATION_DAYS[later]
    if later == ABLATIVE_FULL:
        return GAP_BEFORE_FULL_ABLATION_DAYS
    return max(MINIMUM_GAP_DAYS[earlier], MINIMUM_GAP_DAYS[later])


def _gaps_after(earlier: LaserType) -> Line:
    """The line of the gaps after a session with one laser type, by the laser type that follows."""
    gaps = ", ".join(str(gap_days(earlier, later)) for later in LaserType)
    when = f"fewer days after {NAMES[earlier]} than {gaps} (in the order of the lasers here)"
    return Line(when, Level.BLOCK, "the gap is over")


NOT_ACTIVE = Message(
    "plan.not_active",
    "The plan is {status}.",
    "Resume or extend the plan first, with a reason.",
    f"{GUIDE} (at least five sessions, on an open plan)",
    (Line("plan paused, completed, stopped or entered in error", Level.BLOCK),),
)
TOO_SOON = Message(
    "interval.too_soon",
    "Only {days} days from the session on {day}; {needs}.",
    "Book {free_on} or later.",
    "From trial intervals: Walgrave (2,790 nm), Jeon (755 nm), NCT00585715; Brescia laser centre "
    "(6 months after ablation)",
    (
        *map(_gaps_after, LaserType),
        Line(
            f"{GAP_AFTER_FULL_ABLATION_DAYS[LaserType.NON_ABLATIVE]} to "
            f"{CARE_AFTER_FULL_ABLATION_DAYS - 1} days after full ablation",
            by_type(Level.CAUTION, Level.CAUTION, None, None),
            f"{CARE_AFTER_FULL_ABLATION_DAYS} days after it",
        ),
    ),
    contested=True,
)
WATCH_ACTIVE = Message(
    "watch.active",
    "Day {days} after the session on {day}: the skin is still open to infection.",
    "Look for pain, raw areas, pus, vesicles and fever; treat after the watch ends.",
    f"{GUIDE}; {HOMER} (93 % within two weeks); infections after non-ablative fractional, Lasers "
    "Surg Med 2015;47:128",
    (
        Line(
            f"day 0 to {WATCH_ACTIVE_DAYS[ABLATIVE_FULL]} after ablative, 0 to "
            f"{WATCH_ACTIVE_DAYS[LaserType.NON_ABLATIVE_FRACTIONAL]} after non-ablative "
            "fractional",
            Level.BLOCK,
            "the watch ends",
        ),
    ),
)
WATCH_EXTENDED = Message(
    "watch.extended",
    "Day {days} after the session on {day}: late infections still appear.",
    "Look for signs of infection before treating.",
    "Delayed infections after full-face CO2 (3 of 4 in weeks 3 to 5), PMID 10632683; Culton 2013, "
    "EID",
    (
        Line(
            f"day {WATCH_ACTIVE_DAYS[ABLATIVE_FULL] + 1} to {WATCH_EXTENDED_DAYS[ABLATIVE_FULL]} "
            "after ablative",
            Level.CAUTION,
            "the watch ends",
        ),
    ),
)


@readiness.rule(NOT_ACTIVE)
def not_active(facts: SessionFacts) -> list[Finding]:
    if facts.plan_in_error:
        return NOT_ACTIVE.found(subject="plan", status="entered in error")
    if facts.plan_status != PlanStatus.ACTIVE:
        return NOT_ACTIVE.found(subject="plan", status=facts.plan_status.value)
    return []


def free_from(laser_type: LaserType, done: tuple[DoneBefore, ...]) -> date | None:
    """The first day on which the gap after every session done on the area is over, or None."""
    return max(
        (days_after(one.on, gap_days(one.laser_type, laser_type)) for one in done), default=None
    )


@readiness.rule(TOO_SOON)
def too_soon(facts: SessionFacts) -> list[Finding]:
    """Sessions on either side count, so that one entered late is held to the same gap."""
    near = [one for one in facts.done if _days(facts, one) < _gap(facts, one)]
    if near:
        nearest = min(near, key=lambda one: (_days(facts, one), one.on))
        same = nearest.laser_type == facts.laser_type
        needs = "this laser needs" if same else "these lasers need"
        needs = f"{needs} {_gap(facts, nearest)}"
        free_on = free_from(facts.laser_type, facts.done)
        return _too_soon(facts, Level.BLOCK, nearest, needs, free_on)
    healing = [one for one in facts.done if _is_healing(facts, one)]
    if not healing:
        return []
    nearest = min(healing, key=lambda one: _days(facts, one))
    free_on = max(_cared_for_until(facts, one) for one in healing)
    needs = f"after full ablation the skin needs care for {CARE_AFTER_FULL_ABLATION_DAYS}"
    return _too_soon(facts, Level.CAUTION, nearest, needs, free_on)


def _too_soon(
    facts: SessionFacts, level: Level, other: DoneBefore, needs: str, free_on: date | None
) -> list[Finding]:
    return TOO_SOON.found(
        level,
        until=free_on,
        subject="performed_on",
        days=_days(facts, other),
        day=in_words(other.on),
        needs=needs,
        free_on=in_words(free_on) if free_on else "",
    )


def _days(facts: SessionFacts, other: DoneBefore) -> int:
    return abs((facts.on - other.on).days)


def _gap(facts: SessionFacts, other: DoneBefore) -> int:
    """The gap to another session; of two on one day this one is taken for the later."""
    if facts.on < other.on:
        return gap_days(facts.laser_type, other.laser_type)
    return gap_days(other.laser_type, facts.laser_type)


def _is_healing(facts: SessionFacts, other: DoneBefore) -> bool:
    """Whether the earlier of the two is full ablation, less than six months before the other."""
    earlier = other.laser_type if facts.on > other.on else facts.laser_type
    return earlier == ABLATIVE_FULL and _days(facts, other) < CARE_AFTER_FULL_ABLATION_DAYS


def _cared_for_until(facts: SessionFacts, other: DoneBefore) -> date:
    """When the care is over; full ablation entered late would have to come after the other."""
    is_after = facts.on > other.on
    days = CARE_AFTER_FULL_ABLATION_DAYS if is_after else GAP_BEFORE_FULL_ABLATION_DAYS
    return days_after(other.on, days)


@readiness.rule(WATCH_ACTIVE, WATCH_EXTENDED)
def watch(facts: SessionFacts) -> list[Finding]:
    """The active window that closes last, else the extended one."""
    for message, windows in (
        (WATCH_ACTIVE, WATCH_ACTIVE_DAYS),
        (WATCH_EXTENDED, WATCH_EXTENDED_DAYS),
    ):
        still_open = [
            (days_after(done.on, windows[done.laser_type] + 1), done)
            for done in facts.done
            if done.laser_type in windows
            and 0 <= (facts.on - done.on).days <= windows[done.laser_type]
        ]
        if still_open:
            closes_on, done = max(still_open, key=lambda pair: (pair[0], pair[1].on))
            return message.found(
                until=closes_on,
                subject="performed_on",
                days=(facts.on - done.on).days,
                day=in_words(done.on),
            )
    return []
