"""Months, days and ages as a clinic counts them, and a day as findings say it."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.rules.calendar import age_on, days_after, in_words, months_after

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


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1980, 5, 17), date(2025, 5, 16), 44),
        (date(1980, 5, 17), date(2025, 5, 17), 45),
        (date(1980, 5, 17), date(2025, 6, 1), 45),
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2000, 2, 29), date(2020, 2, 28), 19),
        (date(2000, 2, 29), date(2020, 2, 29), 20),
        (date(2025, 5, 17), date(2025, 5, 17), 0),
    ],
)
def test_age_on_counts_whole_years(born, day, age):
    assert age_on(day, born) == age


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 5, 3), "3 May 2026"),
        (date(2026, 1, 31), "31 Jan 2026"),
        (date(2024, 2, 29), "29 Feb 2024"),
        (date(2025, 9, 10), "10 Sep 2025"),
        (date(2025, 12, 1), "1 Dec 2025"),
    ],
)
def test_in_words_names_the_month(day, words):
    assert in_words(day) == words


def test_in_words_knows_every_month():
    assert " ".join(in_words(date(2026, month, 1))[2:5] for month in range(1, 13)) == (
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    )
