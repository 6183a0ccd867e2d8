"""A follow-up with a time is a call: it stands in the diary, and holds nobody's time."""

from datetime import date, time

import pytest

from consultations.models import FollowUp
from tests.factories import AppointmentFactory, FollowUpFactory, PatientFactory
from tests.factories.appointment import at

from .browsing import Browser, add_url, change_url, list_url, page_url, words

pytestmark = pytest.mark.django_db
DAY = "/admin/diary/?day=2030-07-01"
WEEK = "/admin/diary/week/?day=2030-07-01"
MONDAY = date(2030, 7, 1)


def call(**given):
    return FollowUpFactory(due_on=MONDAY, due_time=time(10, 30), **given)


def calls(page):
    return [(words(one), one.a["href"]) for one in page.select(".diary-grid li.cal")]


def test_a_call_is_given_a_time_and_somebody_to_make_it(practitioner):
    patient = PatientFactory()
    typed = {"due_on": "1 Jul 2030", "due_time": "1030", "handed_to": practitioner.pk}
    Browser(practitioner).fill(add_url("followup", patient=patient.pk), typed)
    made = FollowUp.objects.get()
    assert [made.due_on, made.due_time, made.handed_to] == [MONDAY, time(10, 30), practitioner]


def test_it_stands_in_the_day_and_week_of_who_makes_it(practitioner):
    made = call(handed_to=practitioner)
    browser = Browser(practitioner)
    shown = [(f"10:30 {made.patient.full_name} Call practitioner", change_url(made))]
    assert calls(browser.open(DAY)) == shown
    week = browser.open(f"{WEEK}&practitioner={practitioner.pk}")
    assert calls(week) == [(f"10:30 {made.patient.full_name} Call Mon 1 Jul", change_url(made))]


def test_reception_sees_that_there_is_a_call_and_not_why(reception, practitioner):
    made = call(handed_to=practitioner)
    page = Browser(reception).open(DAY)
    assert calls(page) == [
        (f"10:30 {made.patient.full_name} Call practitioner", change_url(made.patient))
    ]
    assert made.get_kind_display().lower() not in page.text.lower()


def test_a_call_of_nobody_is_to_be_assigned_and_is_not_counted(practitioner):
    call()
    page = Browser(practitioner).open(DAY)
    assert [words(one) for one in page.select(".head")][-1].startswith("To be assigned")
    assert words(page.soup.select_one(".diary-about p")).endswith("No appointments")
    assert calls(Browser(practitioner).open(f"{DAY}&by=room")) == []


def test_a_call_holds_nobodys_time(practitioner):
    made = call(handed_to=practitioner)
    AppointmentFactory(
        practitioner=practitioner,
        patient=made.patient,
        starts_at=at(10).replace(year=2030, month=7, day=1),
    )
    page = Browser(practitioner).open(DAY)
    assert [len(calls(page)), "overbooked" in page.text] == [1, False]


def test_what_is_done_or_has_no_time_stands_in_no_diary(practitioner):
    call(done_on=MONDAY, done_by=practitioner, outcome="Well.")
    FollowUpFactory(due_on=MONDAY)
    assert calls(Browser(practitioner).open(DAY)) == []


@pytest.mark.parametrize("day", ["31 Mar 2030", "27 Oct 2030"])
def test_an_hour_that_the_clocks_leave_out_or_repeat_is_refused(practitioner, day):
    url = add_url("followup", patient=PatientFactory().pk)
    page = Browser(practitioner).fill(url, {"due_on": day, "due_time": "1:30"})
    assert page.errors["due_time"] == ["The clocks change then. Choose another time."]


def test_the_time_stands_in_the_list_and_on_the_chart(practitioner):
    made = call()
    browser = Browser(practitioner)
    assert "1 Jul 2030 10:30" in browser.open(list_url("followup")).rows[0]
    chart = browser.open(page_url(made.patient, "chart"))
    assert "due 1 Jul 2030 10:30" in chart.text
