"""The plan must be open and the skin must have had its time."""

from datetime import date, timedelta

import pytest

from consultations.rules.readiness import DoneBefore
from consultations.rules.readiness.course import free_from, not_active, too_soon, watch
from consultations.vocabulary import PlanStatus

from ..builders import AB, AF, BLOCK, CAUTION, EVERY, NA, NF, ON, facts, messages, said, session

# The days from a session with the first laser to one with the second.
GAPS = [
    (NA, NA, 14),
    (NA, NF, 21),
    (NF, NA, 21),
    (NF, NF, 21),
    (NA, AF, 28),
    (AF, NA, 28),
    (NF, AF, 28),
    (AF, NF, 28),
    (AF, AF, 28),
    (NA, AB, 28),
    (NF, AB, 28),
    (AF, AB, 28),
    (AB, NA, 36),
    (AB, NF, 36),
    (AB, AF, 180),
    (AB, AB, 180),
]
# After full ablation these are allowed after 36 days, with care up to half a year.
CARED_FOR = [(AB, NA), (AB, NF)]


def days_on(days):
    return ON + timedelta(days=days)


def done(days_ago, laser_type=NA):
    return DoneBefore(days_on(-days_ago), laser_type)


def test_not_active_silent_on_an_active_plan():
    assert not_active(session()) == []


@pytest.mark.parametrize("status", [PlanStatus.PAUSED, PlanStatus.COMPLETED, PlanStatus.STOPPED])
def test_not_active_blocks_a_closed_plan(status):
    findings = not_active(session(plan_status=status))
    assert said(findings) == [("plan.not_active", BLOCK, EVERY, None)]
    assert messages(findings) == [f"The plan is {status.value}."]
    assert findings[0].subject == "plan"


@pytest.mark.parametrize("status", PlanStatus)
def test_not_active_blocks_a_plan_entered_in_error(status):
    findings = not_active(session(plan_status=status, plan_in_error=True))
    assert said(findings) == [("plan.not_active", BLOCK, EVERY, None)]
    assert messages(findings) == ["The plan is entered in error."]
    assert findings[0].subject == "plan"


def test_too_soon_silent_on_a_first_session():
    assert too_soon(session()) == []


def either_order(earlier, later, days):
    """What is said of the later of two sessions, and of the earlier one if it is entered last."""
    of_later = too_soon(session(laser_type=later, done=(done(days, earlier),)))
    of_earlier = too_soon(session(laser_type=earlier, done=(done(-days, later),)))
    return said(of_later), said(of_earlier)


@pytest.mark.parametrize(("earlier", "later", "gap"), GAPS)
def test_too_soon_blocks_within_the_gap_whichever_session_was_entered_first(earlier, later, gap):
    back = {(done, planned): days for done, planned, days in GAPS}[later, earlier]
    for days in (1, gap - 1):
        assert either_order(earlier, later, days) == (
            [("interval.too_soon", BLOCK, EVERY, days_on(gap - days))],
            [("interval.too_soon", BLOCK, EVERY, days_on(days + back))],
        )


@pytest.mark.parametrize(
    ("earlier", "later", "gap"), [pair for pair in GAPS if pair[:2] not in CARED_FOR]
)
def test_too_soon_silent_from_the_day_the_gap_is_over(earlier, later, gap):
    for days in (gap, gap + 1):
        assert either_order(earlier, later, days) == ([], [])


@pytest.mark.parametrize(("earlier", "later"), CARED_FOR)
def test_too_soon_after_full_ablation_asks_for_care_up_to_half_a_year(earlier, later):
    assert [level for [(_, level, _, _)] in either_order(earlier, later, 35)] == [BLOCK, BLOCK]
    for days in (36, 37, 179):
        assert either_order(earlier, later, days) == (
            [("interval.too_soon", CAUTION, EVERY, days_on(180 - days))],
            [("interval.too_soon", CAUTION, EVERY, days_on(days + 28))],
        )
    for days in (180, 181):
        assert either_order(earlier, later, days) == ([], [])


@pytest.mark.parametrize(("done_type", "planned_type", "gap"), GAPS)
def test_too_soon_on_one_day_counts_from_the_session_done(done_type, planned_type, gap):
    [finding] = too_soon(session(laser_type=planned_type, done=(done(0, done_type),)))
    assert (finding.level, finding.until) == (BLOCK, days_on(gap))
    needs = "this laser needs" if done_type == planned_type else "these lasers need"
    assert finding.message == f"Only 0 days from the session on 16 Mar 2026; {needs} {gap}."


@pytest.mark.parametrize("laser_type", EVERY)
@pytest.mark.parametrize("days", [180, 181])
def test_too_soon_silent_half_a_year_after_full_ablation(laser_type, days):
    assert too_soon(session(laser_type=laser_type, done=(done(days, AB),))) == []


def test_too_soon_names_the_nearest_session_and_the_first_free_day():
    [finding] = too_soon(session(done=(done(40), done(13), done(10))))
    assert finding.message == "Only 10 days from the session on 6 Mar 2026; this laser needs 14."
    assert (finding.hint, finding.until) == ("Book 20 Mar 2026 or later.", date(2026, 3, 20))
    assert finding.subject == "performed_on"


def test_too_soon_between_two_sessions_is_free_after_the_later():
    [finding] = too_soon(session(done=(done(-5), done(5))))
    assert finding.message == "Only 5 days from the session on 11 Mar 2026; this laser needs 14."
    assert (finding.hint, finding.until) == ("Book 4 Apr 2026 or later.", date(2026, 4, 4))


def test_too_soon_is_free_when_the_longest_wait_is_over():
    [finding] = too_soon(session(done=(done(5, NA), done(20, AF))))
    assert finding.message == "Only 5 days from the session on 11 Mar 2026; this laser needs 14."
    assert (finding.hint, finding.until) == ("Book 25 Mar 2026 or later.", date(2026, 3, 25))


def test_too_soon_tells_what_full_ablation_needs():
    [finding] = too_soon(session(done=(done(100, AB), done(40, AB))))
    assert finding.message == (
        "Only 40 days from the session on 4 Feb 2026; after full ablation the skin needs care "
        "for 180."
    )
    assert (finding.hint, finding.until) == ("Book 3 Aug 2026 or later.", date(2026, 8, 3))


def test_too_soon_blocks_rather_than_asks_for_care():
    planned = session(done=(done(100, AB), done(3, NA)))
    assert said(too_soon(planned)) == [("interval.too_soon", BLOCK, EVERY, days_on(11))]


def test_too_soon_needs_no_care_before_full_ablation():
    assert too_soon(session(done=(done(-40, AB),))) == []


def test_too_soon_names_the_nearest_session_after_full_ablation_entered_late():
    [finding] = too_soon(session(laser_type=AB, done=(done(-90), done(-40))))
    assert finding.message == (
        "Only 40 days from the session on 25 Apr 2026; after full ablation the skin needs care "
        "for 180."
    )
    assert finding.until == days_on(90 + 28)


def test_too_soon_counts_a_leap_day():
    on = date(2024, 3, 1)
    earlier = DoneBefore(date(2024, 2, 16), NA)
    assert too_soon(session(facts(on=on), done=(earlier,))) == []
    day_before = session(facts(on=date(2024, 2, 29)), done=(earlier,))
    assert said(too_soon(day_before)) == [("interval.too_soon", BLOCK, EVERY, on)]


def test_free_from_is_the_latest_of_the_gaps():
    assert free_from(NA, ()) is None
    assert free_from(NA, (done(10, NA), done(10, AF))) == days_on(18)
    assert free_from(AB, (done(10, NA), done(10, AF))) == days_on(18)
    assert free_from(AF, (done(10, AB), done(1, NA))) == days_on(170)


@pytest.mark.parametrize(
    "sessions",
    [(), (done(0, NA),), (done(8, NF),), (done(36, AF),), (done(36, AB),), (done(-1, AF),)],
)
def test_watch_silent_with_no_window_open(sessions):
    assert watch(session(done=sessions)) == []


@pytest.mark.parametrize(
    ("laser_type", "days", "last"),
    [(NF, 0, 7), (NF, 1, 7), (NF, 7, 7), (AF, 0, 14), (AF, 14, 14), (AB, 0, 14), (AB, 14, 14)],
)
def test_watch_active_blocks(laser_type, days, last):
    assert said(watch(session(done=(done(days, laser_type),)))) == [
        ("watch.active", BLOCK, EVERY, days_on(last + 1 - days))
    ]


@pytest.mark.parametrize("laser_type", [AF, AB])
@pytest.mark.parametrize("days", [15, 16, 34, 35])
def test_watch_extended_cautions(laser_type, days):
    assert said(watch(session(done=(done(days, laser_type),)))) == [
        ("watch.extended", CAUTION, EVERY, days_on(36 - days))
    ]


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ((done(16, AF), done(3, NF)), ("watch.active", BLOCK, EVERY, days_on(5))),
        ((done(14, AF), done(3, NF)), ("watch.active", BLOCK, EVERY, days_on(5))),
        ((done(14, AF), done(8, NF)), ("watch.active", BLOCK, EVERY, days_on(1))),
        ((done(30, AF), done(20, AB)), ("watch.extended", CAUTION, EVERY, days_on(16))),
        ((done(20, AB), done(9, NF)), ("watch.extended", CAUTION, EVERY, days_on(16))),
        ((done(10, AF), done(5, NF)), ("watch.active", BLOCK, EVERY, date(2026, 3, 21))),
        ((done(3, NF), done(-1, AF)), ("watch.active", BLOCK, EVERY, days_on(5))),
    ],
)
def test_watch_says_the_heaviest_window_then_the_one_that_closes_last(sessions, expected):
    assert said(watch(session(done=sessions))) == [expected]
    assert said(watch(session(done=sessions[::-1]))) == [expected]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (3, "Day 3 after the session on 13 Mar 2026: the skin is still open to infection."),
        (20, "Day 20 after the session on 24 Feb 2026: late infections still appear."),
    ],
)
def test_watch_names_the_day(days, sentence):
    findings = watch(session(done=(done(days, AF),)))
    assert messages(findings) == [sentence]
    assert findings[0].subject == "performed_on"


@pytest.mark.parametrize(
    ("sessions", "sentence"),
    [
        (
            (done(10, AF), done(5, NF)),
            "Day 10 after the session on 6 Mar 2026: the skin is still open to infection.",
        ),
        (
            (done(10, AF), done(3, NF)),
            "Day 3 after the session on 13 Mar 2026: the skin is still open to infection.",
        ),
    ],
    ids=["closes last", "closes with another, later session"],
)
def test_watch_names_the_session_whose_window_is_reported(sessions, sentence):
    assert messages(watch(session(done=sessions))) == [sentence]
    assert messages(watch(session(done=sessions[::-1]))) == [sentence]
