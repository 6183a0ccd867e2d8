"""The plan must be open and the skin must have had its time."""

from datetime import date, timedelta

import pytest

from consultations.rules.readiness import DoneBefore
from consultations.rules.readiness.course import not_active, too_soon, watch
from consultations.vocabulary import PlanStatus

from ..builders import AB, AF, BLOCK, CAUTION, EVERY, NA, NF, ON, messages, said, session

MINIMUM_GAPS = [(NA, 14), (NF, 21), (AF, 28), (AB, 180)]


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


@pytest.mark.parametrize(("laser_type", "gap"), MINIMUM_GAPS)
@pytest.mark.parametrize("earlier", EVERY)
def test_too_soon_ends_with_the_gap_of_the_planned_laser(laser_type, gap, earlier):
    for days in (0, 1, gap - 1):
        planned = session(laser_type=laser_type, done=(done(days, earlier),))
        assert said(too_soon(planned)) == [("interval.too_soon", BLOCK, EVERY, days_on(gap - days))]
    for days in (gap, gap + 1):
        assert too_soon(session(laser_type=laser_type, done=(done(days, earlier),))) == []


@pytest.mark.parametrize(("days", "count"), [(-13, 1), (-14, 0), (-15, 0)])
def test_too_soon_before_a_later_session_too(days, count):
    assert len(too_soon(session(done=(done(days),)))) == count


def test_too_soon_names_the_nearest_session_and_the_first_free_day():
    [finding] = too_soon(session(done=(done(40), done(13), done(10))))
    assert finding.message == "Only 10 days from the session on 6 Mar 2026; this laser needs 14."
    assert (finding.hint, finding.until) == ("Book 20 Mar 2026 or later.", date(2026, 3, 20))
    assert finding.subject == "performed_on"


def test_too_soon_between_two_sessions_is_free_after_the_later():
    [finding] = too_soon(session(done=(done(-5), done(5))))
    assert finding.message == "Only 5 days from the session on 11 Mar 2026; this laser needs 14."
    assert (finding.hint, finding.until) == ("Book 4 Apr 2026 or later.", date(2026, 4, 4))


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
