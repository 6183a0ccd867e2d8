"""Appointments on their page: booked in two presses, moved, refused with words, recorded."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.models import Appointment, TreatmentSession
from tests.factories import (
    AssessmentFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
    appointment_for,
    at,
)

from . import answers
from .browsing import Browser, add_url, change_url, list_url, page_url

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


def book(browser, plan, **others):
    changes = {"starts_at_0": "2026-03-05", "starts_at_1": "10:30"} | others
    return browser.fill(book_url(plan), changes)


def booked():
    return Appointment.objects.get()


def test_reception_books_a_treatment(reception, plan):
    page = book(Browser(reception), plan)
    assert page.errors == {}
    appointment = booked()
    assert [appointment.kind, appointment.status, appointment.minutes] == [
        "treatment",
        "booked",
        25,
    ]
    assert timezone.localtime(appointment.starts_at) == datetime(
        2026, 3, 5, 10, 30, tzinfo=timezone.get_default_timezone()
    )
    assert [course.plan for course in appointment.courses.all()] == [plan]
    assert page.path == "/admin/"


def test_what_is_due_together_is_booked_together(reception, plan):
    neck = PlanFactory(
        assessment=AssessmentFactory(consultation=plan.assessment.consultation, area="neck"),
        started_on=MONDAY.date() + timedelta(days=2),
    )
    legs = PlanFactory(
        assessment=AssessmentFactory(consultation=plan.assessment.consultation, area="legs"),
        started_on=MONDAY.date() + timedelta(days=10),
    )
    book(Browser(reception), plan)
    assert [course.plan for course in booked().courses.order_by("pk")] == [plan, neck]
    assert booked().minutes == 40
    assert legs.appointments.count() == 0


def test_an_offered_time_is_booked_by_one_press(reception, practitioner, mode, plan):
    browser = Browser(reception)
    page = browser.open(book_url(plan))
    first = page.select(".offer-list button")[0]
    assert " ".join(first.get_text().split()) == "Mon 2 Mar 09:00 practitioner, Long laser"
    page = browser.post(page.path, page.form | {"slot": first["value"]})
    appointment = booked()
    assert [appointment.practitioner, appointment.laser] == [practitioner, mode.laser]
    assert timezone.localtime(appointment.starts_at).time() == time(9)


def test_what_is_left_of_a_course_is_booked_at_once(reception, practitioner, mode, plan):
    SessionFactory(plan=plan, performed_on=MONDAY.date() - timedelta(days=28), laser_mode=mode)
    browser = Browser(reception)
    form = browser.open(book_url(plan, whole=1)).select("form.offer-course")[0]
    times = [one["value"] for one in form.select("input[name=course]")]
    page = browser.post(
        form["action"], {"patient": plan.patient.pk, "plans": [plan.pk], "course": times}
    )
    assert page.messages == [
        "4 appointments are booked: "
        "Mon 2 Mar 09:00, Mon 30 Mar 09:00, Mon 27 Apr 09:00, Mon 25 May 09:00."
    ]
    days = [one.day for one in Appointment.objects.order_by("starts_at")]
    assert days == [MONDAY.date() + timedelta(days=28 * number) for number in range(4)]


def test_a_course_of_which_one_time_was_taken_meanwhile_is_not_booked_in_part(
    reception, practitioner, mode, plan
):
    browser = Browser(reception)
    form = browser.open(book_url(plan, whole=1)).select("form.offer-course")[0]
    times = [one["value"] for one in form.select("input[name=course]")]
    appointment_for(practitioner=practitioner, starts_at=at(9))
    page = browser.post(
        form["action"], {"patient": plan.patient.pk, "plans": [plan.pk], "course": times}
    )
    assert "is taken" in page.messages[0]
    assert Appointment.objects.filter(patient=plan.patient).count() == 0


@pytest.mark.parametrize("course", [[], ["x"], ["2026-03-05T10:00:00+00:00|x||"], ["||||"]])
def test_a_course_at_no_times_books_nothing(reception, plan, course):
    data = {"patient": plan.patient.pk, "plans": [plan.pk], "course": course}
    page = Browser(reception).post("/admin/consultations/appointment/book-course/", data)
    assert (page.status, Appointment.objects.count()) == (200, 0)


def test_a_consultation_of_somebody_new(reception):
    patient = PatientFactory()
    changes = {"starts_at_0": "2026-03-05", "starts_at_1": "10:30"}
    Browser(reception).fill(add_url("appointment", patient=patient.pk), changes)
    assert [booked().kind, booked().minutes] == ["consultation", 30]


def test_a_patient_chosen_on_the_page_gets_what_is_due(reception, plan):
    changes = {
        "patient": plan.patient.pk,
        "kind": "treatment",
        "starts_at_0": "2026-03-05",
        "starts_at_1": "10:30",
    }
    Browser(reception).fill(add_url("appointment"), changes)
    assert [course.plan for course in booked().courses.all()] == [plan]


def test_a_slot_of_the_diary_is_filled_in(reception, practitioner):
    url = add_url("appointment", day="2026-03-05", time="10:30", practitioner=practitioner.pk)
    form = Browser(reception).open(url).form
    names = ("starts_at_0", "starts_at_1", "practitioner")
    assert [form[name] for name in names] == ["Thu 5 Mar 2026", "10:30", str(practitioner.pk)]


@pytest.mark.parametrize("query", [{"day": "x"}, {"time": "25:99"}, {"plan": "x"}, {"again": "9"}])
def test_a_link_that_says_nonsense_opens_the_page(reception, plan, query):
    url = add_url("appointment", patient=plan.patient.pk, **query)
    assert Browser(reception).open(url).status == 200


REFUSED = [
    ({"starts_at_0": "2026-02-27"}, ["This time is in the past."]),
    ({"starts_at_0": "2026-03-02", "starts_at_1": "07:00"}, ["This time is in the past."]),
    ({"starts_at_0": "2026-03-08"}, ["The clinic is closed on a Sunday."]),
    ({"starts_at_1": "08:00"}, ["Outside the hours of a Thursday: 09:00–18:00."]),
    ({"minutes": "0"}, ["An appointment takes some time."]),
    ({"minutes": "780"}, ["An appointment takes at most 12 hours."]),
    ({"starts_at_0": "", "starts_at_1": ""}, ["This field is required."]),
]


@pytest.mark.parametrize(("changes", "told"), REFUSED)
def test_a_time_that_cannot_be_is_refused_next_to_its_field(reception, plan, changes, told):
    page = book(Browser(reception), plan, **changes)
    assert told in page.errors.values()
    assert Appointment.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "hour"),
    [("2026-03-29", "01:30"), ("2026-10-25", "01:30")],
    ids=["does not exist", "exists twice"],
)
def test_an_hour_that_the_clock_change_makes_doubtful_is_refused(reception, plan, day, hour):
    page = book(Browser(reception), plan, starts_at_0=day, starts_at_1=hour)
    [told] = page.errors["starts_at"]
    assert "couldn’t be interpreted" in told
    assert Appointment.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "hour"),
    [("x", "10:00"), ("9999-12-31", "23:59"), ("0001-01-01", "00:00"), ("2025-04-01", "")],
)
def test_booking_at_no_time_gives_no_crash(reception, plan, day, hour):
    page = book(Browser(reception), plan, starts_at_0=day, starts_at_1=hour)
    assert (page.status, Appointment.objects.count()) == (200, 0)


def test_who_took_the_time_is_told_and_what_was_typed_stays(reception, practitioner, plan):
    taken = appointment_for(practitioner=practitioner, starts_at=at(10, 30, days=3))
    page = book(Browser(reception), plan, practitioner=practitioner.pk, note="By bus.")
    [told] = page.errors["practitioner"]
    assert taken.patient.full_name in told
    assert page.form["note"] == "By bus."
    page = Browser(reception).post(page.path, page.form | {"overbooked_reason": "Flies."})
    assert page.errors == {}
    kept = Appointment.objects.get(patient=plan.patient)
    assert [kept.overbooked_reason, kept.overbooked_by] == ["Flies.", reception]


def test_what_is_booked_too_early_is_said(reception, plan, mode):
    SessionFactory(plan=plan, performed_on=MONDAY.date(), laser_mode=mode)
    page = book(Browser(reception), plan)
    assert any("before the earliest safe day" in one for one in page.messages), page.messages
    assert Appointment.objects.count() == 1


def test_a_moved_appointment_says_from_and_to(reception, plan):
    appointment = appointment_for(plan, starts_at=at(10, days=3))
    Browser(reception).fill(change_url(appointment), {"starts_at_1": "11:00"})
    appointment.refresh_from_db()
    assert [timezone.localtime(appointment.starts_at).hour, appointment.sequence] == [11, 1]
    reason = appointment.history.first().history_change_reason
    assert reason == "Moved from 5 Mar 2026 10:00 to 10:30 to 5 Mar 2026 11:00 to 11:30."


def test_what_is_over_is_only_read(reception, plan):
    page = Browser(reception).open(change_url(appointment_for(plan, cancelled=True)))
    assert [page.status, page.select("input[name=_save]")] == [200, []]
    assert "Patient cannot come" in page.text


def test_the_same_form_twice_books_once(reception, plan):
    browser = Browser(reception)
    page = browser.open(book_url(plan))
    data = page.form | {"starts_at_0": "2026-03-05", "starts_at_1": "10:30"}
    browser.post(page.path, data)
    browser.post(page.path, data)
    assert Appointment.objects.count() == 1


# What reception sees of sessions, and what became of old addresses


def test_reception_sees_no_clinical_field_of_a_session(reception, plan):
    done = SessionFactory(plan=plan, notes="Blistered.", reaction="Erythema")
    page = Browser(reception).open(change_url(done))
    assert [page.status, page.select("input[name=_save]")] == [200, []]
    assert "Blistered" not in page.text
    assert "Erythema" not in page.text


def test_reception_cannot_record_a_session(reception, plan, mode):
    url = add_url("treatmentsession", plan=plan.pk)
    page = Browser(reception).post(url, answers.session(mode, "2026-03-02"))
    assert (page.status, TreatmentSession.objects.count()) == (403, 0)


def test_old_addresses_of_bookings_lead_to_appointments(reception, plan):
    browser = Browser(reception)
    page = browser.open(add_url("treatmentsession", plan=plan.pk, status="booked"))
    assert page.path == book_url(plan)
    former = SessionFactory(plan=plan, booked=True)
    appointment = appointment_for(plan, starts_at=at(10, days=3))
    course = appointment.courses.get()
    course.session = former
    course.save(by=reception)
    assert browser.open(change_url(former)).path == change_url(appointment)
    url = reverse("admin:consultations_treatmentsession_call_off", args=[former.pk, "missed"])
    assert browser.open(url).path == change_url(appointment)


def test_recording_the_visit_makes_the_appointment_done(practitioner, plan, mode):
    appointment = appointment_for(plan, starts_at=at(8))
    url = add_url("treatmentsession", plan=plan.pk)
    Browser(practitioner).fill(url, answers.session(mode, "2026-03-02"))
    appointment.refresh_from_db()
    assert appointment.status == "done"


def test_history_begins_with_what_a_former_booking_was(reception, plan, time_machine):
    former = SessionFactory(plan=plan, booked=True)
    former.status, former.status_reason = "missed", "Did not attend"
    former.save(by=reception)
    time_machine.shift(60)
    appointment = appointment_for(plan, starts_at=at(10, days=-3), missed=True)
    course = appointment.courses.get()
    course.session = former
    course.save(by=reception)
    page = Browser(reception).open(page_url(appointment, "history"))
    first = page.text.index(str(former))
    assert page.text.index(str(appointment)) < first
    assert "Did not attend" in page.text[first:]


def test_a_patient_who_was_searched_for_is_booked_from_the_list(
    reception, clinician, manager, plan
):
    link = f"Book {plan.patient.full_name}"
    for user in (reception, clinician):
        page = Browser(user).open(list_url("patient"))
        assert page.links[link] == add_url("appointment", patient=plan.patient.pk)
    assert link not in Browser(manager).open(list_url("patient")).links


def test_times_are_offered_where_no_laser_can_treat_it(reception, practitioner, plan):
    page = Browser(reception).open(book_url(plan))
    assert "No single laser can do all of this. Choose one yourself." in page.text
    [first, *_others] = page.select(".offer-list button")
    page = Browser(reception).post(page.path, page.form | {"slot": first["value"]})
    assert [booked().practitioner, booked().laser] == [practitioner, None]
