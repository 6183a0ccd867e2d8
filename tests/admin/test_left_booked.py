"""A save that ends, pauses or brings a course forward asks what becomes of its appointments."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from consultations.models import AdverseEvent, AppointmentPlan, TreatmentPlan, TreatmentSession
from consultations.vocabulary import AppointmentKind, Area, LaserType
from tests.factories import (
    AppointmentFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
    appointment_for,
    at,
)

from . import answers
from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 12, tzinfo=timezone.get_default_timezone())
ASKS = "What becomes of the appointments?"


@pytest.fixture(autouse=True)
def _time(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def plan():
    day = MONDAY.date() - timedelta(days=60)
    consulted = {"assessment__consultation__consulted_on": day}
    return PlanFactory(started_on=day, laser_type=LaserType.NON_ABLATIVE, **consulted)


def asks(page):
    return page.soup.h1 is not None and page.soup.h1.get_text().strip().endswith(ASKS)


def answer(browser, page, choice):
    """Press a button of the page that asks."""
    return browser.post(page.path, page.form | {"left_booked": choice})


def stop(browser, plan, status="stopped"):
    return browser.fill(change_url(plan), {"status": status, "status_reason": "Skin tore."})


@pytest.mark.parametrize(
    ("status", "reason"),
    [("paused", "The course is paused"), ("stopped", "The course was stopped")],
)
def test_appointments_are_cancelled_in_the_save_that_stops_a_course(
    clinician, plan, status, reason
):
    appointment = appointment_for(plan, starts_at=at(10, days=3))
    browser = Browser(clinician)
    page = stop(browser, plan, status)
    assert asks(page)
    assert "Face" in page.text
    assert f"{reason}. Still booked: Thursday 5 March 2026 10:00" in page.text
    assert TreatmentPlan.objects.get().status == "active"
    page = answer(browser, page, "cancel")
    appointment.refresh_from_db()
    plan.refresh_from_db()
    assert [plan.status, plan.status_reason] == [status, "Skin tore."]
    assert [appointment.status, appointment.reason] == ["cancelled", reason]
    kept = [appointment.reason_words, appointment.rebook, appointment.sequence]
    assert kept == ["", "open" if status == "paused" else "", 1]
    assert "Face, cancelled: 5 Mar 2026 10:00" in page.messages


def test_kept_appointments_stay_and_are_named(clinician, plan):
    appointment = appointment_for(plan, starts_at=at(10, days=3))
    browser = Browser(clinician)
    page = answer(browser, stop(browser, plan), "keep")
    appointment.refresh_from_db()
    plan.refresh_from_db()
    assert [plan.status, appointment.status] == ["stopped", "booked"]
    assert "Face, still booked: 5 Mar 2026 10:00" in page.messages
    assert page.links["5 Mar 2026 10:00"] == change_url(appointment)


def test_why_a_course_waits_is_not_written_where_reception_reads(clinician, plan):
    appointment = appointment_for(plan, starts_at=at(10, days=3))
    browser = Browser(clinician)
    answer(browser, stop(browser, plan), "cancel")
    rows = appointment.history.values_list("reason", "reason_words", "history_change_reason")
    assert "tore" not in str(list(rows))


@pytest.mark.parametrize(
    ("days", "given"), [(-3, {}), (0, {"arrived": True}), (3, {"kind": "review"})]
)
def test_what_is_past_or_here_or_a_review_is_not_asked_about(clinician, plan, days, given):
    appointment_for(plan, starts_at=at(15, days=days), **given)
    assert not asks(stop(Browser(clinician), plan))
    plan.refresh_from_db()
    assert plan.status == "stopped"


def test_a_change_that_leaves_the_course_asks_nothing(clinician, plan):
    appointment_for(plan, starts_at=at(10, days=30))
    page = Browser(clinician).fill(change_url(plan), {"interval_days": 42})
    plan.refresh_from_db()
    assert [asks(page), plan.interval_days] == [False, 42]


def test_what_was_kept_once_is_not_asked_about_again(clinician, plan):
    appointment_for(plan, starts_at=at(10, days=3))
    browser = Browser(clinician)
    answer(browser, stop(browser, plan, "paused"), "keep")
    assert not asks(browser.fill(change_url(plan), {"price_per_session": "120"}))
    assert asks(stop(browser, plan, "stopped"))


def test_an_event_that_pauses_asks_and_keeps_what_was_typed(practitioner, plan):
    session = SessionFactory(plan=plan, performed_on=MONDAY.date() - timedelta(days=5))
    appointment = appointment_for(plan, starts_at=at(10, days=40))
    browser = Browser(practitioner)
    typed = {"kind": "burn", "severity": "moderate", "action_taken": "Cooled.\nDressed."}
    page = browser.fill(add_url("adverseevent", session=session.pk), typed)
    assert [asks(page), AdverseEvent.objects.count()] == [True, 0]
    answer(browser, page, "cancel")
    event = AdverseEvent.objects.get()
    appointment.refresh_from_db()
    assert [event.severity, event.action_taken] == ["moderate", "Cooled.\nDressed."]
    assert appointment.status == "cancelled"


def last_session(browser, plan, mode, day):
    typed = answers.session(mode, day)
    return browser.fill(add_url("treatmentsession", plan=plan.pk), typed)


def test_the_session_that_completes_a_course_asks(practitioner):
    day = MONDAY.date() - timedelta(days=60)
    consulted = {"assessment__consultation__consulted_on": day}
    plan = PlanFactory(
        started_on=day, planned_sessions=1, short_course_reason="One will do.", **consulted
    )
    appointment = appointment_for(plan, starts_at=at(10, days=3))
    mode = LaserModeFactory(laser_type=plan.laser_type)
    browser = Browser(practitioner)
    page = last_session(browser, plan, mode, MONDAY.date())
    assert asks(page), page.errors
    assert "The course is complete. Still booked:" in page.text
    assert not TreatmentSession.objects.exists()
    answer(browser, page, "cancel")
    plan.refresh_from_db()
    appointment.refresh_from_db()
    assert [plan.status, appointment.status] == ["completed", "cancelled"]


def test_a_session_done_early_asks_about_what_is_too_soon_now(practitioner, plan):
    soon, in_time = (appointment_for(plan, starts_at=at(10, days=days)) for days in (4, 40))
    mode = LaserModeFactory(laser_type=plan.laser_type)
    browser = Browser(practitioner)
    page = last_session(browser, plan, mode, MONDAY.date())
    assert asks(page), page.errors
    assert "6 March 2026 10:00" in page.text
    answer(browser, page, "cancel")
    soon.refresh_from_db()
    in_time.refresh_from_db()
    assert [soon.status, in_time.status] == ["cancelled", "booked"]
    assert soon.reason.startswith("The next session is safe from")


def test_a_session_beside_a_course_booked_whole_asks_about_the_next(practitioner, plan):
    made = [appointment_for(plan, starts_at=at(10, days=35 * n)) for n in range(1, 6)]
    mode = LaserModeFactory(laser_type=plan.laser_type)
    browser = Browser(practitioner)
    page = last_session(browser, plan, mode, MONDAY.date())
    assert asks(page), page.errors
    assert "More is booked than is planned. Still booked: Monday 6 April 2026" in page.text
    answer(browser, page, "cancel")
    statuses = [type(one).objects.get(pk=one.pk).status for one in made]
    assert statuses == ["cancelled", "booked", "booked", "booked", "booked"]


def test_a_visit_asks_for_all_its_areas_at_once(practitioner):
    patient, day = PatientFactory(), MONDAY.date() - timedelta(days=60)
    plans = [
        PlanFactory(
            assessment__area=area,
            assessment__consultation__patient=patient,
            assessment__consultation__consulted_on=day,
            started_on=day,
            planned_sessions=1,
            short_course_reason="One will do.",
        )
        for area in (Area.FACE, Area.NECK)
    ]
    both = AppointmentFactory(plans=plans, starts_at=at(10, days=5))
    mode = LaserModeFactory(laser_type=plans[0].laser_type)
    browser = Browser(practitioner)
    typed = {"pregnant": "false", "isotretinoin": "never"}
    for plan in plans:
        given = {"include": "on", "infection": "false", "eyewear_worn": "true"}
        typed |= {f"plan-{plan.pk}-{name}": value for name, value in given.items()}
        typed[f"plan-{plan.pk}-laser_mode"] = mode.pk
    page = browser.fill(page_url(patient, "visit"), typed)
    assert asks(page), page.errors
    assert [heading.get_text() for heading in page.select(".left-booked h2")] == ["Face", "Neck"]
    assert not TreatmentSession.objects.exists()
    answer(browser, page, "cancel")
    both.refresh_from_db()
    assert [TreatmentSession.objects.count(), both.status] == [2, "cancelled"]


def test_an_appointment_for_another_course_too_goes_on_for_that(clinician, plan):
    consultation = plan.assessment.consultation
    other = PlanFactory(assessment__consultation=consultation, assessment__area=Area.NECK)
    both = AppointmentFactory(plans=[plan, other], starts_at=at(10, days=5))
    browser = Browser(clinician)
    page = answer(browser, stop(browser, plan), "cancel")
    assert "Face, taken off what goes on: 7 Mar 2026 10:00" in page.messages
    both.refresh_from_db()
    courses = AppointmentPlan.objects.standing().filter(appointment=both)
    assert [both.status, [one.plan for one in courses]] == ["booked", [other]]


def test_test_patches_of_a_course_that_ends_are_asked_about(clinician, plan):
    appointment_for(plan, kind=AppointmentKind.TEST_PATCH, starts_at=at(10, days=2))
    assert asks(stop(Browser(clinician), plan))


def test_a_course_that_is_shortened_gives_up_its_last_appointments(clinician):
    day = MONDAY.date() - timedelta(days=60)
    consulted = {"assessment__consultation__consulted_on": day}
    plan = PlanFactory(started_on=day, planned_sessions=5, **consulted)
    made = [appointment_for(plan, starts_at=at(10, days=35 * n)) for n in range(1, 6)]
    browser = Browser(clinician)
    changes = {"planned_sessions": "3", "short_course_reason": "clinical_decision"}
    page = browser.fill(change_url(plan), changes)
    assert asks(page), page.errors
    answer(browser, page, "cancel")
    statuses = [type(one).objects.get(pk=one.pk).status for one in made]
    assert statuses == ["booked", "booked", "booked", "cancelled", "cancelled"]


def test_what_was_booked_while_the_page_asked_is_shown_before_it_is_cancelled(clinician, plan):
    appointment_for(plan, starts_at=at(10, days=3))
    browser = Browser(clinician)
    page = stop(browser, plan)
    later = appointment_for(plan, starts_at=at(10, days=33))
    page = answer(browser, page, "cancel")
    later.refresh_from_db()
    assert [asks(page), later.status] == [True, "booked"]
    answer(browser, page, "cancel")
    later.refresh_from_db()
    assert later.status == "cancelled"


def test_withdrawing_consent_asks_what_becomes_of_the_appointments(reception, plan):
    appointment = appointment_for(plan, starts_at=at(10, days=3))
    browser = Browser(reception)
    page = browser.fill(page_url(plan.consents.get(), "withdraw"), {"no_reason": "Afraid."})
    assert asks(page)
    assert "refused or withdrawn. Still booked: Thursday 5 March 2026 10:00" in page.text
    page = answer(browser, page, "cancel")
    appointment.refresh_from_db()
    assert appointment.status == "cancelled"
    assert plan.consents.get().withdrawn_on == MONDAY.date()
