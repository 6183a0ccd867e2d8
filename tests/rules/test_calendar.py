"""Months and days as a clinic counts them."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.rules.calendar import days_after, months_after

from .strategies import properties


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 16), 0, date(2026, 3, 16)),
        (date(2026, 3, 16), 1, date(2026, 4, 16)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2026, 3, 31), 6, date(2026, 9, 30)),
    ],
)
def test_months_after_keeps_the_day_or_takes_the_months_last(day, months, expected):
    assert months_after(day, months) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
        (date(9999, 12, 1), 1, date.max),
        (date(9999, 6, 1), 12, date.max),
    ],
)
def test_months_after_the_calendars_end_is_its_last_day(day, months, expected):
    assert months_after(day, months) == expected


@properties
@given(st.dates(max_value=date(9990, 1, 1)), st.integers(0, 60))
def test_months_after_lands_in_the_month_counted_to(day, months):
    after = months_after(day, months)
    assert (after.year - day.year) * 12 + after.month - day.month == months
    assert after.day == min(day.day, monthrange(after.year, after.month)[1])


@properties
@given(st.dates(max_value=date(9990, 1, 1)), st.dates(max_value=date(9990, 1, 1)))
def test_months_after_never_overtakes(one, other):
    earlier, later = sorted([one, other])
    assert months_after(earlier, 6) <= months_after(later, 6)


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2026, 3, 16), 0, date(2026, 3, 16)),
        (date(2026, 3, 16), 14, date(2026, 3, 30)),
        (date(2024, 2, 16), 14, date(2024, 3, 1)),
        (date(2025, 12, 31), 28, date(2026, 1, 28)),
        (date(9999, 12, 3), 27, date(9999, 12, 30)),
        (date(9999, 12, 3), 28, date.max),
    ],
)
def test_days_after_counts_every_day(day, days, expected):
    assert days_after(day, days) == expected


@pytest.mark.parametrize(("day", "days"), [(date(9999, 12, 4), 28), (date.max, 0), (date.max, 1)])
def test_days_after_the_calendars_end_is_its_last_day(day, days):
    assert days_after(day, days) == date.max


@properties
@given(st.dates(max_value=date(9990, 1, 1)), st.integers(0, 400))
def test_days_after_lands_as_many_days_later(day, days):
    assert (days_after(day, days) - day).days == days
