"""When patients are called and results are looked at again."""

from datetime import date

import pytest

from consultations.rules.follow_up import last_onset, review_days, watch_days
from consultations.vocabulary import LaserType

DONE_ON = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("laser", "days"),
    [
        (LaserType.NON_ABLATIVE, []),
        (LaserType.NON_ABLATIVE_FRACTIONAL, [date(2026, 3, 7)]),
        (LaserType.ABLATIVE_FRACTIONAL, [date(2026, 3, 5), date(2026, 3, 16), date(2026, 3, 30)]),
        (LaserType.ABLATIVE_FULL, [date(2026, 3, 5), date(2026, 3, 16), date(2026, 3, 30)]),
    ],
)
def test_infection_watch_of_each_laser(laser, days):
    assert watch_days(laser, DONE_ON) == days


@pytest.mark.parametrize(
    ("done_on", "days"),
    [
        (date(2024, 2, 15), [date(2024, 2, 18), date(2024, 2, 29), date(2024, 3, 14)]),
        (date(2025, 2, 15), [date(2025, 2, 18), date(2025, 3, 1), date(2025, 3, 15)]),
        (date(2025, 12, 17), [date(2025, 12, 20), date(2025, 12, 31), date(2026, 1, 14)]),
    ],
)
def test_infection_watch_counts_days_across_months(done_on, days):
    assert watch_days(LaserType.ABLATIVE_FRACTIONAL, done_on) == days
    assert watch_days(LaserType.ABLATIVE_FULL, done_on) == days


def test_reviews_fall_on_the_same_day_of_later_months():
    assert review_days(date(2025, 11, 30)) == [
        date(2025, 12, 30),
        date(2026, 2, 28),
        date(2026, 5, 30),
    ]


def test_an_event_may_begin_two_years_later():
    assert last_onset(DONE_ON) == date(2028, 3, 2)
