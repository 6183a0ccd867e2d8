"""Is the course open, and has the skin had time since last time?

Gaps come from the intervals trials report (3.2, 3.3). After ablative laser most infections show
within two weeks and some in weeks three to five; non-ablative fractional is not immune in its
first week (6.1).
"""

from consultations.vocabulary import Level, PlanStatus

from ..calendar import days_after, in_words
from ..findings import Finding, Message
from ..protocol import MINIMUM_GAP_DAYS, WATCH_ACTIVE_DAYS, WATCH_EXTENDED_DAYS
from ..registry import readiness
from .facts import SessionFacts

NOT_ACTIVE = Message(
    "plan.not_active",
    "The plan is {status}.",
    "Resume or extend the plan first, with a reason.",
    "Design of the course: at least five sessions on an open plan (clinic protocol)",
)
TOO_SOON = Message(
    "interval.too_soon",
    "Only {days} days from the session on {day}; this laser needs {gap}.",
    "Book {free_on} or later.",
    "Clinical reference 3.3, from trial intervals (Walgrave, Jeon, NCT00585715)",
)
WATCH_ACTIVE = Message(
    "watch.active",
    "Day {days} after the session on {day}: the skin is still open to infection.",
    "Look for pain, raw areas, pus, vesicles and fever; treat after the watch ends.",
    "Clinic protocol; Homer 2021 (93 % within two weeks); NAFL infections, LSM 2015;47:128",
)
WATCH_EXTENDED = Message(
    "watch.extended",
    "Day {days} after the session on {day}: late infections still appear.",
    "Look for signs of infection before treating.",
    "Delayed infections after full-face CO2 (3 of 4 in weeks 3–5), PMID 10632683",
)


@readiness.rule("plan.not_active")
def not_active(facts: SessionFacts) -> list[Finding]:
    if facts.plan_in_error:
        return NOT_ACTIVE.found(Level.BLOCK, subject="plan", status="entered in error")
    if facts.plan_status != PlanStatus.ACTIVE:
        return NOT_ACTIVE.found(Level.BLOCK, subject="plan", status=facts.plan_status.value)
    return []


@readiness.rule("interval.too_soon")
def too_soon(facts: SessionFacts) -> list[Finding]:
    """Sessions on either side count, so that one entered late is held to the same gap."""
    gap = MINIMUM_GAP_DAYS[facts.laser_type]
    near = [
        (abs((facts.on - done.on).days), done)
        for done in facts.done
        if abs((facts.on - done.on).days) < gap
    ]
    if not near:
        return []
    days, nearest = min(near, key=lambda pair: (pair[0], pair[1].on))
    free_on = days_after(max(done.on for done in facts.done), gap)
    return TOO_SOON.found(
        Level.BLOCK,
        until=free_on,
        subject="performed_on",
        days=days,
        day=in_words(nearest.on),
        gap=gap,
        free_on=in_words(free_on),
    )


@readiness.rule("watch.active", "watch.extended")
def watch(facts: SessionFacts) -> list[Finding]:
    """The active window that closes last, else the extended one."""
    for message, level, windows in (
        (WATCH_ACTIVE, Level.BLOCK, WATCH_ACTIVE_DAYS),
        (WATCH_EXTENDED, Level.CAUTION, WATCH_EXTENDED_DAYS),
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
                level,
                until=closes_on,
                subject="performed_on",
                days=(facts.on - done.on).days,
                day=in_words(done.on),
            )
    return []
