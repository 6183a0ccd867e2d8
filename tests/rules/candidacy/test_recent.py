"""A tan and a filler each need their days."""

from datetime import date, timedelta

import pytest

from consultations.rules.candidacy.recent import filler, tan

from ..builders import AB, AF, EVERY, HOLD, NA, NF, ON, facts, said


def days_ago(days):
    return ON - timedelta(days=days)


@pytest.mark.parametrize("tanned_on", [None, days_ago(28), days_ago(29), days_ago(400)])
def test_tan_silent_without_one_or_after_four_weeks(tanned_on):
    assert tan(facts(tanned_on=tanned_on)) == []


@pytest.mark.parametrize("days", [0, 1, 13])
def test_tan_holds_every_laser_within_two_weeks(days):
    tanned_on = days_ago(days)
    assert said(tan(facts(tanned_on=tanned_on))) == [
        ("tan", HOLD, (NA, NF), tanned_on + timedelta(days=14)),
        ("tan", HOLD, (AF, AB), tanned_on + timedelta(days=28)),
    ]


@pytest.mark.parametrize("days", [14, 15, 27])
def test_tan_holds_ablative_lasers_for_two_weeks_more(days):
    tanned_on = days_ago(days)
    assert said(tan(facts(tanned_on=tanned_on))) == [
        ("tan", HOLD, (AF, AB), tanned_on + timedelta(days=28))
    ]


@pytest.mark.parametrize("filler_on", [None, days_ago(14), days_ago(15)])
def test_filler_silent_without_one_or_after_two_weeks(filler_on):
    assert filler(facts(filler_on=filler_on)) == []


@pytest.mark.parametrize("days", [0, 1, 13])
def test_filler_holds_for_two_weeks(days):
    assert said(filler(facts(filler_on=days_ago(days)))) == [
        ("filler", HOLD, EVERY, days_ago(days) + timedelta(days=14))
    ]


def test_recent_days_count_across_a_leap_day():
    after = facts(on=date(2024, 3, 1), tanned_on=date(2024, 2, 16), filler_on=date(2024, 2, 17))
    assert said([*tan(after), *filler(after)]) == [
        ("tan", HOLD, (AF, AB), date(2024, 3, 15)),
        ("filler", HOLD, EVERY, date(2024, 3, 2)),
    ]


@pytest.mark.parametrize("day", [date(9999, 12, 18), date(9999, 12, 31)])
def test_recent_days_end_with_the_calendar(day):
    after = facts(tanned_on=day, filler_on=day)
    assert said([*tan(after), *filler(after)]) == [
        ("tan", HOLD, EVERY, date.max),
        ("filler", HOLD, EVERY, date.max),
    ]
