"""Sessions booked, missed and cancelled: by reception, and recorded where they were booked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models import TreatmentSession
from tests.factories import (
    LaserModeFactory,
    PlanFactory,
    SessionFactory,
    appointment_for,
)

from . import answers
from .browsing import Browser, add_url, change_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def mode():
    return LaserModeFactory()


def book(browser, plan, **others):
    day = timezone.localdate() + timedelta(days=3)
    changes = {"booked_for_0": day, "booked_for_1": "10:30"} | others
    return browser.fill(add_url("treatmentsession", plan=plan.pk, status="booked"), changes)


def test_reception_books_a_session(reception, plan):
    page = book(Browser(reception), plan)
    session = TreatmentSession.objects.get()
    assert page.errors == {}
    assert [session.status, session.operator, session.performed_on] == ["booked", None, None]
    assert session.day == timezone.localdate() + timedelta(days=3)


def test_reception_sees_no_clinical_field_of_a_session(reception, plan):
    browser = Browser(reception)
    asked = {"plan", "status", "booked_for_0", "booked_for_1"}
    hidden = {"read_version", "token"}
    page = browser.open(add_url("treatmentsession", plan=plan.pk))
    assert {name for name in page.names() if not name.startswith("initial-")} == asked | hidden
    done = SessionFactory(plan=plan, notes="Blistered.", reaction="Erythema")
    page = browser.open(change_url(done))
    assert [page.status, page.select("input[name=_save]")] == [200, []]
    assert "Blistered" not in page.text
    assert "Erythema" not in page.text


@pytest.mark.parametrize("status", ["done", "nonsense"])
def test_reception_cannot_record_a_session(reception, plan, mode, status):
    changes = answers.session(mode, "2025-04-01", status=status, operator=reception.pk)
    page = book(Browser(reception), plan, **changes)
    assert list(page.errors) == ["status"]
    assert not TreatmentSession.objects.exists()


def test_booking_for_a_past_day_is_refused(reception, plan):
    page = book(Browser(reception), plan, booked_for_0="2025-04-01")
    assert ["This day is in the past."] in page.errors.values()


def test_booking_without_a_time_is_refused(reception, plan):
    page = book(Browser(reception), plan, booked_for_0="", booked_for_1="")
    assert ["Say when the session is booked for."] in page.errors.values()


@pytest.mark.parametrize(
    ("day", "time"),
    [("x", "10:00"), ("9999-12-31", "23:59"), ("0001-01-01", "00:00"), ("2025-04-01", "")],
)
def test_booking_at_no_time_gives_no_crash(reception, plan, day, time):
    page = book(Browser(reception), plan, booked_for_0=day, booked_for_1=time)
    assert page.status == 200
    Browser(reception).open("/admin/consultations/treatmentsession/")


@pytest.mark.parametrize("status", ["missed", "cancelled"])
def test_missed_or_cancelled_needs_a_reason_and_does_not_count(reception, plan, status):
    browser, session = Browser(reception), appointment_for(plan)
    page = browser.fill(change_url(session), {"status": status})
    assert page.errors == {"status_reason": ["Say why the session was missed or cancelled."]}
    browser.fill(change_url(session), {"status": status, "status_reason": "Ill."})
    session.refresh_from_db()
    assert [session.status, session.status_reason] == [status, "Ill."]
    assert [plan.done_sessions().count(), plan.status] == [0, "active"]


def test_booking_of_today_is_recorded_where_it_was_booked(browser, plan, mode):
    booked = appointment_for(plan, starts_at=timezone.now())
    url = add_url("treatmentsession", plan=plan.pk)
    page = browser.open(url)
    assert page.path == f"{change_url(booked)}?record=1"
    today = DayInput().format_value(timezone.localdate())
    assert [page.form["status"], page.form["performed_on"]] == ["done", today]
    browser.post(page.path, page.form | answers.session(mode, today))
    booked.refresh_from_db()
    assert [booked.status, TreatmentSession.objects.count()] == ["done", 1]
