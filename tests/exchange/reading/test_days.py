"""Days, times and lengths: read by the whole column, never cell by cell."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from consultations.exchange.reading.cells import UnreadableValueError
from consultations.exchange.reading.days import (
    DateOrder,
    birth_of,
    dates_of,
    parse_date,
    parse_datetime,
    parse_minutes,
    parse_time,
)

TODAY = date(2026, 11, 30)
BOTH_WAYS = "Some days stand before the month and some behind it."
SWAPPED = (
    "Each day that could be read in two ways is a date of the spreadsheet, and each that could not"
    " is text: a spreadsheet program has probably taken days for months."
)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        ([], DateOrder("iso")),
        (["", "1980-03-05", "1980/03/05", "19800305", "5 March 1980"], DateOrder("iso")),
        ([date(1980, 3, 5), datetime(1980, 3, 5, 9)], DateOrder("iso")),
        (["05/03/1980", "17/04/1990"], DateOrder("day", examples=("05/03/1980", "17/04/1990"))),
        (["05/03/1980", "04-17-1990"], DateOrder("month", examples=("05/03/1980", "04-17-1990"))),
        (["5.3.80", "17.4.90"], DateOrder("day", ("5.3.80", "17.4.90"))),
        (["5 Mar 80"], DateOrder("iso")),
        (
            ["05/03/1980", "06/03/1980", "07/03/1980", "08/03/1980"],
            DateOrder("ambiguous", examples=("05/03/1980", "06/03/1980", "07/03/1980")),
        ),
        (["05/05/1980", "00/00/0000"], DateOrder("iso", examples=("05/05/1980",))),
        (["05/05/1980", "", "1980-03-05"], DateOrder("iso", examples=("05/05/1980",))),
        (
            ["17/04/1990", "04/17/1990"],
            DateOrder("ambiguous", examples=("17/04/1990", "04/17/1990"), doubt=BOTH_WAYS),
        ),
        (
            [date(1980, 5, 3), "17/04/1990"],
            DateOrder(
                "ambiguous",
                examples=("17/04/1990",),
                doubt=SWAPPED,
                real=(date(1980, 5, 3),),
                texts="day",
            ),
        ),
        ([date(1980, 5, 5), "17/04/1990"], DateOrder("day", examples=("17/04/1990",))),
        ([date(1980, 5, 23), "17/04/1990"], DateOrder("day", examples=("17/04/1990",))),
        (
            ["05/03/2026 14:00", "17/04/2026 9:30 am"],
            DateOrder("day", examples=("05/03/2026 14:00", "17/04/2026 9:30 am")),
        ),
    ],
)
def test_order_is_decided_by_the_whole_column(cells, order):
    assert dates_of(cells) == order


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("", "iso", None),
        ("0000-00-00", "iso", None),
        ("00/00/0000", "day", None),
        (date(1980, 3, 5), "day", date(1980, 3, 5)),
        (datetime(1980, 3, 5, 14), "day", date(1980, 3, 5)),
        (" 1980-03-05 ", "month", date(1980, 3, 5)),
        ("19800305", "iso", date(1980, 3, 5)),
        ("1980-03-05T00:00:00.000Z", "iso", date(1980, 3, 5)),
        ("1980-03-05 00:00:00", "iso", date(1980, 3, 5)),
        ("05/03/1980", "day", date(1980, 3, 5)),
        ("05/03/1980", "month", date(1980, 5, 3)),
        ("05/03/1980", DateOrder("month"), date(1980, 5, 3)),
        (date(1980, 3, 5), "day-swapped", date(1980, 5, 3)),
        (datetime(1980, 3, 5), "month-swapped", date(1980, 5, 3)),
        ("17/04/1980", "day-swapped", date(1980, 4, 17)),
        ("17/04/1980", "iso", date(1980, 4, 17)),
        ("03-17-1980", "iso", date(1980, 3, 17)),
        ("5. 3. 1980", "day", date(1980, 3, 5)),
        ("5 March 1980", "iso", date(1980, 3, 5)),
        ("5. März 1980", "iso", date(1980, 3, 5)),
        ("5 août 1980", "iso", date(1980, 8, 5)),
        ("1er juin 1980", "iso", date(1980, 6, 1)),
        ("1 juillet 1980", "iso", date(1980, 7, 1)),
        ("5 de marzo de 1980", "iso", date(1980, 3, 5)),
        ("March 5, 1980", "iso", date(1980, 3, 5)),
        ("Wed, 5 Mar 1980", "iso", date(1980, 3, 5)),
        ("05-Mar-80", "iso", date(1980, 3, 5)),
        ("29/02/2024", "day", date(2024, 2, 29)),
    ],
)
def test_days_are_read(cell, order, day):
    assert parse_date(cell, order, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "past", "day"),
    [
        ("17/04/26", True, date(2026, 4, 17)),
        ("01/12/26", True, date(1926, 12, 1)),
        ("01/12/26", False, date(2026, 12, 1)),
        ("17/04/80", True, date(1980, 4, 17)),
        ("17/04/80", False, date(1980, 4, 17)),
        ("29/02/24", True, date(2024, 2, 29)),
        ("29/02/00", True, date(2000, 2, 29)),
    ],
)
def test_two_digits_of_a_year_mean_what_they_are_for(text, past, day):
    assert parse_date(text, "day", past, TODAY) == day


@pytest.mark.parametrize(
    ("text", "late", "early"),
    [
        ("17/04/26", "17 Apr 2026", "17 Apr 1926"),
        ("29/02/24", "29 Feb 2024", "29 Feb 1924"),
        ("5 Mar 20", "5 Mar 2020", "5 Mar 1920"),
    ],
)
def test_a_birth_in_either_century_is_refused(text, late, early):
    with pytest.raises(UnreadableValueError) as refused:
        parse_date(text, "day", today=TODAY, is_birth=True)
    assert str(refused.value) == (
        f"“{text}” may be {early} or {late}. Write the year in four digits."
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01/12/26", date(1926, 12, 1)),
        ("17/04/80", date(1980, 4, 17)),
        ("17/04/06", date(2006, 4, 17)),
        ("2020-03-05", date(2020, 3, 5)),
        ("17/04/2026", date(2026, 4, 17)),
    ],
)
def test_a_birth_that_can_be_in_one_century_alone_is_read(text, day):
    assert parse_date(text, "day", today=TODAY, is_birth=True) == day


@pytest.mark.parametrize(
    ("cell", "order", "why"),
    [
        ("05/03/1980", "iso", "“05/03/1980” can be read with the day or the month first."),
        ("05/03/1980", "ambiguous", "“05/03/1980” can be read with the day or the month first."),
        ("30/02/2026", "day", "“30/02/2026” is no day: that month has no day 30."),
        ("2026-02-30", "iso", "“2026-02-30” is no day: that month has no day 30."),
        ("29/02/25", "day", "“29/02/25” is no day: that month has no day 29."),
        ("04/17/1990", "day", "“04/17/1990” has no month: there is no month 17."),
        ("1899-12-30", "iso", "1899 is before 1900."),
        ("1604-03-05", "iso", "1604 is before 1900."),
        (date(1899, 12, 31), "iso", "1899 is before 1900."),
        ("--03-05", "iso", "“--03-05” is no date."),
        ("1980", "iso", "“1980” is no date."),
        ("1980-03", "iso", "“1980-03” is no date."),
        ("80-03-05", "day", "“80-03-05” is no day: that month has no day 80."),
        ("5 Foo 1980", "iso", "“5 Foo 1980” is no date."),
        ("5/3/198", "day", "“5/3/198” is no date."),
        ("today", "day", "“today” is no date."),
        (
            "29284",
            "iso",
            "“29284” is a spreadsheet’s count of days. Give its column the format of a date.",
        ),
        (
            "1980-03-04T23:00:00.000Z",
            "iso",
            "“1980-03-04T23:00:00.000Z” has a time in a zone: which day it was depends on where.",
        ),
        (True, "iso", "“yes” is no date."),
    ],
)
def test_what_is_no_day_is_refused_in_words(cell, order, why):
    with pytest.raises(UnreadableValueError) as refused:
        parse_date(cell, order, today=TODAY)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("parts", "read"),
    [
        (("5", "3", "1980"), (date(1980, 3, 5), "")),
        (("5", "March", "1980"), (date(1980, 3, 5), "")),
        (("5", "3", ""), (None, "Birthday: 5 3")),
        (("5", "3", "0"), (None, "Birthday: 5 3 0")),
        (("", "", "1980"), (None, "Birthday: 1980")),
        (("", "", ""), (None, "")),
    ],
)
def test_a_birthday_in_three_columns_needs_all_three(parts, read):
    assert birth_of(*parts, today=TODAY) == read


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("", None),
        ("14:30", time(14, 30)),
        ("14:30:15", time(14, 30, 15)),
        ("14.30", time(14, 30)),
        ("1430", time(14, 30)),
        ("14h30", time(14, 30)),
        ("14h", time(14)),
        ("9 Uhr", time(9)),
        ("14:30 Uhr", time(14, 30)),
        ("2:30 PM", time(14, 30)),
        ("2:30 p.m.", time(14, 30)),
        ("2pm", time(14)),
        ("12:00 am", time(0)),
        ("12 pm", time(12)),
        (time(9, 5), time(9, 5)),
        (datetime(2026, 3, 5, 9, 5), time(9, 5)),
        (timedelta(hours=9, minutes=5), time(9, 5)),
    ],
)
def test_times_are_read_in_24_and_12_hours(cell, read):
    assert parse_time(cell) == read


@pytest.mark.parametrize("cell", ["25:00", "14:60", "13 pm", "0 am", "9", "noon", "1:30:99"])
def test_what_is_no_time_is_refused(cell):
    with pytest.raises(UnreadableValueError, match=f"“{cell}” is no time"):
        parse_time(cell)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("", None),
        (datetime(2026, 3, 5, 9), datetime(2026, 3, 5, 9)),
        ("2026-03-05 14:30", datetime(2026, 3, 5, 14, 30)),
        ("2026-03-05T14:30:00Z", datetime(2026, 3, 5, 14, 30, tzinfo=UTC)),
        (
            "2026-03-05 14:30:00 -0530",
            datetime(2026, 3, 5, 14, 30, tzinfo=timezone(-timedelta(hours=5, minutes=30))),
        ),
        (
            "2026-03-05T14:30:00.123+02:00",
            datetime(2026, 3, 5, 14, 30, tzinfo=timezone(timedelta(hours=2))),
        ),
        ("05/03/2026, 2:30 pm", datetime(2026, 3, 5, 14, 30)),
        ("5 March 2026 14:30", datetime(2026, 3, 5, 14, 30)),
    ],
)
def test_moments_are_read_with_their_zone(cell, moment):
    assert parse_datetime(cell, "day", today=TODAY) == moment


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("2026-03-05", "“2026-03-05” has no time."),
        (date(2026, 3, 5), "“2026-03-05” has no time."),
        ("2026-03-05 25:00", "“25:00” is no time."),
        ("2026-03-05 14:00 +99:00", "“+99:00” is no time zone."),
    ],
)
def test_what_is_no_moment_is_refused(cell, why):
    with pytest.raises(UnreadableValueError) as refused:
        parse_datetime(cell, "day", today=TODAY)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("", None),
        ("45", 45),
        ("45 min", 45),
        ("1:30", 90),
        ("1 h", 60),
        ("1h 30", 90),
        ("1 hour 30 minutes", 90),
        (timedelta(minutes=90), 90),
        (time(1, 30), 90),
    ],
)
def test_lengths_are_minutes(cell, minutes):
    assert parse_minutes(cell) == minutes


def test_what_is_no_length_is_refused():
    with pytest.raises(UnreadableValueError, match="“soon” is no length of time"):
        parse_minutes("soon")
