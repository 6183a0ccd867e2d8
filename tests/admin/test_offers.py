"""What the booking page offers: for what is chosen, from a day on, nothing beyond the course."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from consultations.models import Appointment
from tests.factories import (
    AssessmentFactory,
    LaserModeFactory,
    PlanFactory,
    appointment_for,
    at,
)

from .browsing import Browser, add_url, change_url, form_data

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 8, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def _a_monday_morning(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def plan():
    return PlanFactory(started_on=MONDAY.date())


@pytest.fixture
def mode(practitioner):
    return LaserModeFactory(laser__name="Long laser")


def book_url(plan, **more):
    return add_url("appointment", patient=plan.patient.pk, plan=plan.pk, **more)


def booked():
    return Appointment.objects.get()


def looked(browser, page, **changes):
    """Press "Find times"."""
    return browser.post(page.path, page.form | changes | {"_find": "1"})


def pressed(browser, page, **changes):
    """Press the first time that is offered."""
    [first, *_others] = page.select(".offer-list button")
    return browser.post(page.path, page.form | changes | {"slot": first["value"]})


def test_a_time_offered_for_something_else_books_nothing(reception, practitioner, plan, mode):
    neck = PlanFactory(
        assessment=AssessmentFactory(consultation=plan.assessment.consultation, area="neck"),
        started_on=MONDAY.date() + timedelta(days=10),
    )
    browser = Browser(reception)
    page = pressed(browser, browser.open(book_url(plan)), plans=[str(plan.pk), str(neck.pk)])
    assert not Appointment.objects.exists()
    assert "Nothing is booked: that time was offered for something else." in page.text
    assert page.soup.select_one("#offers").get_text().startswith("Face and neck, 40 minutes")
    pressed(browser, page)
    assert {one.plan for one in booked().courses.all()} == {plan, neck}


def test_times_are_found_from_a_day_on_and_nothing_is_saved(reception, practitioner, plan, mode):
    browser = Browser(reception)
    page = looked(browser, browser.open(book_url(plan)), starts_at_0="16 Mar 2026")
    assert page.select(".offer-list strong")[0].get_text() == "Mon 16 Mar 09:00"
    assert [page.errors, Appointment.objects.count()] == [{}, 0]


def test_a_patient_who_was_chosen_shows_what_is_due(reception, practitioner, plan, mode):
    browser = Browser(reception)
    page = looked(browser, browser.open(add_url("appointment")), patient=plan.patient.pk)
    assert [page.form["kind"], page.form["plans"]] == ["treatment", str(plan.pk)]
    pressed(browser, page)
    assert [one.plan for one in booked().courses.all()] == [plan]


def test_a_whole_course_begins_on_the_day_and_at_the_time_filled_in(
    reception, practitioner, plan, mode
):
    browser = Browser(reception)
    page = looked(
        browser,
        browser.open(book_url(plan, whole="1")),
        starts_at_0="11 Mar 2026",
        starts_at_1="14:00",
    )
    times = [one.get_text() for one in page.select(".offer-course strong")]
    assert times[:2] == ["Wed 11 Mar 14:00", "Wed 8 Apr 14:00"]


def test_a_course_that_is_booked_whole_is_offered_nothing(reception, practitioner, mode):
    plan = PlanFactory(
        started_on=MONDAY.date(), planned_sessions=1, short_course_reason="One will do."
    )
    made = appointment_for(plan, starts_at=at(10, days=3))
    page = Browser(reception).open(book_url(plan))
    assert "All planned sessions are done or booked." in page.text
    assert page.select(".offer-list") == []
    assert page.links["Thu 5 Mar 2026 10:00"] == change_url(made)


def test_two_treatments_too_near_each_other_are_told(reception, plan, mode):
    appointment_for(plan, starts_at=at(10, days=5))
    browser = Browser(reception)
    page = browser.fill(book_url(plan), {"starts_at_0": "2026-03-05", "starts_at_1": "10:30"})
    assert "Face: booked 7 Mar 2026 too; 14 days must lie between them." in page.messages


def test_who_may_not_be_booked_any_more_is_refused(reception, practitioner, plan, mode):
    browser = Browser(reception)
    page = browser.open(book_url(plan))
    typed = {"starts_at_0": "2026-03-05", "starts_at_1": "10:30", "practitioner": practitioner.pk}
    practitioner.is_active = False
    practitioner.save()
    page = browser.post(page.path, page.form | typed)
    assert list(page.errors) == ["practitioner"]


def test_a_course_booked_twice_over_is_told_and_nothing_is_booked(
    reception, practitioner, plan, mode
):
    browser = Browser(reception)
    page = browser.open(book_url(plan, whole="1"))
    [form] = page.select(".offer-course")
    data = form_data(form)
    browser.post(form["action"], data)
    count = Appointment.objects.count()
    page = browser.post(form["action"], data)
    assert Appointment.objects.count() == count == 5
    assert "The course has fewer sessions left to book" in page.messages[0]


def test_reception_sees_on_the_patients_page_what_is_booked(reception, plan):
    plan.status, plan.status_reason, plan.next_due_on = "paused", "Blistered.", None
    plan.save(by=reception)
    made = appointment_for(plan, starts_at=at(10, days=3))
    page = Browser(reception).open(change_url(plan.patient))
    assert page.links["Thu 5 Mar 2026 10:00"] == change_url(made)
    assert "Treatment: face (paused)" in page.text
    assert page.links["Book"] == add_url("appointment", patient=plan.patient.pk)
    assert "Blistered" not in page.text
