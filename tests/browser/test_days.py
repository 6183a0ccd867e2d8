"""Day fields in a browser of any language: one order, an echo while typing, a calendar."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models.days import UnreadableDayError, parse_day
from tests.admin.browsing import add_url
from tests.admin.test_days import READ, REFUSED
from tests.factories import ReferralFactory

FIELD = "#id_sent_on"


@pytest.fixture(params=["en-US", "de-DE"])
def page(screen_of, clinician, request):
    referral = ReferralFactory()
    url = reverse("admin:consultations_surgicalreferral_change", args=[referral.pk])
    return screen_of(clinician, locale=request.param).open(url).page


def words(text):
    try:
        return DayInput().format_value(parse_day(text, timezone.localdate()))
    except UnreadableDayError:
        return text


def test_the_page_reads_days_as_the_server_does(page):
    field = page.locator(FIELD)
    for text in READ | REFUSED:
        field.fill(text)
        field.blur()
        assert field.input_value() == words(text)


def test_what_cannot_be_a_birth_stays_as_it_was_typed(screen_of, reception):
    field = screen_of(reception).open(add_url("patient")).page.locator("#id_date_of_birth")
    left = []
    for text in ("17/05/1980", "17/05/2080", "31.12.1899", "17/05/80"):
        field.fill(text)
        field.blur()
        left.append(field.input_value())
    assert left == ["17 May 1980", "17/05/2080", "31.12.1899", "17/05/80"]


def test_the_day_understood_stands_beside_the_field_while_one_types(page):
    page.locator(FIELD).press_sequentially("7/11/2026")
    assert page.locator(".day", has=page.locator(FIELD)).locator("output").text_content() == (
        "Sat 7 Nov 2026"
    )


def test_a_day_chosen_in_the_calendar_is_written_in_words(page):
    page.locator(FIELD).fill("7/11/2026")
    page.locator(".day", has=page.locator(FIELD)).get_by_title("Calendar").click()
    native = page.locator(".day-native")
    assert native.input_value() == "2026-11-07"
    native.evaluate("it => { it.value = '2026-12-01'; it.dispatchEvent(new Event('change')); }")
    assert page.locator(FIELD).input_value() == "Tue 1 Dec 2026"


def test_a_time_is_written_in_24_hours(screen_of, reception):
    url = reverse("admin:consultations_appointment_add")
    page = screen_of(reception, locale="en-US").open(url).page
    time = page.locator("#id_starts_at_1")
    time.fill("2.30 pm")
    time.blur()
    assert time.input_value() == "14:30"
