"""Days and times as people type them: one reading, day first, whatever the browser."""

from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.admin.parts.days import (
    DayAndTimeField,
    DayAndTimeInput,
    DayField,
    FarDayField,
    TimeField,
)
from consultations.models.days import parse_day

TODAY = date(2026, 11, 28)
READ = {
    "7/11/2026": date(2026, 11, 7),
    "7 11 2026": date(2026, 11, 7),
    "7.11.26": date(2026, 11, 7),
    "07-11-2026": date(2026, 11, 7),
    "07112026": date(2026, 11, 7),
    "071126": date(2026, 11, 7),
    "7/11": date(2026, 11, 7),
    "7 nov": date(2026, 11, 7),
    "7nov": date(2026, 11, 7),
    "7th November 2026": date(2026, 11, 7),
    "7th of Nov 2026": date(2026, 11, 7),
    "Sat 7 Nov 2026": date(2026, 11, 7),
    "Saturday, 7 November": date(2026, 11, 7),
    "Nov 7, 2026": date(2026, 11, 7),
    "2026-11-07": date(2026, 11, 7),
    " 2026/11/7 ": date(2026, 11, 7),
    "Today": TODAY,
    "yesterday": date(2026, 11, 27),
    "tomorrow": date(2026, 11, 29),
    "9/1": date(2027, 1, 9),
    "1/7": date(2026, 7, 1),
    "29/2/2028": date(2028, 2, 29),
    "1 sept 1987": date(1987, 9, 1),
}
REFUSED = {
    "11/28/2026": "month_first",
    "31/4/2026": "no_such_day",
    "29/2/2026": "no_such_day",
    "29/2": "no_such_day",
    "7/11/087": "year",
    "7/11/87": "year",
    "2026": "invalid",
    "7": "invalid",
    "7/11/2026 10:30": "invalid",
    "7/11/2026/1": "invalid",
    "soon": "invalid",
    "7 foo 2026": "invalid",
    "nov nov": "invalid",
    "٧/١١/٢٠٢٦ " + "x" * 40: "invalid",
}


@pytest.mark.parametrize("text", READ)
def test_a_day_is_read_as_people_write_it(text):
    assert parse_day(text, TODAY) == READ[text]


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_day_is_refused_and_says_why(text, today):
    with pytest.raises(ValidationError) as refusal:
        DayField().clean(text)
    assert refusal.value.code == REFUSED[text]
    assert refusal.value.messages == [str(DayField.default_error_messages[REFUSED[text]])]


@pytest.mark.parametrize("text", ["7/11", "7/11/26", "071126"])
def test_a_birth_needs_its_whole_year(text, today):
    with pytest.raises(ValidationError, match="four digits"):
        FarDayField().clean(text)


def test_a_field_shows_the_day_in_words_and_reads_it_back(today):
    assert DayField().widget.format_value(date(2026, 11, 7)) == "Sat 7 Nov 2026"
    assert FarDayField().widget.format_value(date(1987, 9, 1)) == "1 Sep 1987"
    assert DayField().widget.format_value("7/11") == "Sat 7 Nov 2026"
    assert DayField().widget.format_value("7/13") == "7/13"
    assert not DayField().has_changed(date(2026, 11, 7), "Sat 7 Nov 2026")


@pytest.mark.parametrize("text", ["14:30", "1430", "14.30", "2:30 pm", "230pm", "2.30 p.m."])
def test_a_time_is_read_as_people_write_it(text):
    assert TimeField().clean(text) == time(14, 30)


@pytest.mark.parametrize(
    ("text", "found"), [("9", time(9)), ("12am", time(0)), ("12pm", time(12)), ("9 am", time(9))]
)
def test_a_whole_hour_needs_no_minutes(text, found):
    assert TimeField().clean(text) == found


@pytest.mark.parametrize("text", ["24", "13:60", "930x", "noon"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValidationError):
        TimeField().clean(text)


def test_a_day_and_a_time_make_a_moment_at_the_clinic(today):
    found = DayAndTimeField().clean(["tomorrow", "2pm"])
    assert found == timezone.make_aware(datetime(2026, 11, 29, 14))


def test_the_day_beside_a_time_is_read_as_any_other():
    html = DayAndTimeInput().render("booked_for", None, {"id": "id_booked_for"})
    assert f'data-today="{timezone.localdate().isoformat()}"' in html
    assert 'data-relative="today yesterday tomorrow"' in html
