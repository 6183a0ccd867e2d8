"""What a large clinic asks most is read off an index in its order, however much there is."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from consultations.admin.parts.filters import SessionAreaFilter
from consultations.models import (
    AdverseEvent,
    AreaAssessment,
    Consultation,
    Payment,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.summaries import today
from consultations.summaries.clinic_figures import counts
from consultations.summaries.clinic_figures.span import Span
from consultations.summaries.treatment_register import month_of_sessions
from consultations.trust.audit import CHANGED, Asked, Writes
from consultations.vocabulary import Area
from tests.factories import LaserModeFactory, SessionFactory

from .plans import plan_of

pytestmark = pytest.mark.django_db

ME = User(pk=1)
SESSIONS = TreatmentSession.objects.order_by("-day", "-pk")
HISTORY = TreatmentSession.history.model


def name_of_index(model, *columns):
    [name] = [one.name for one in model._meta.indexes if tuple(one.fields) == columns]
    return name


@pytest.mark.parametrize(
    ("asked", "column"), [(Asked(user=1), "history_user"), (Asked(kind=CHANGED), "history_type")]
)
def test_audit_reads_the_latest_writes_in_their_order(asked, column):
    source = Writes(HISTORY)
    rows = source.rows(asked).order_by("-history_date", "-pk").values_list(*source.columns)
    index = name_of_index(HISTORY, column, "history_date", "history_id")
    assert_read_in_order(rows[:51], index)


def assert_read_in_order(rows, index=""):
    """Of tables as small as here PostgreSQL may take another index; but it sorts nothing."""
    plan = plan_of(rows)
    assert connection.vendor == "postgresql" or index in plan
    assert "Seq Scan" not in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort  (" not in plan.replace("Incremental Sort", "")


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (SESSIONS.to_sign(), "session_awaits_signature"),
        (SESSIONS.late_of_others(ME), "session_awaits_signature"),
        (SESSIONS.to_sign_by(ME), "session_to_sign"),
        (AdverseEvent.objects.open().order_by("-onset_on", "-pk"), "event_open"),
        (AdverseEvent.objects.to_report().order_by("-onset_on", "-pk"), "event_to_report"),
    ],
)
def test_what_waits_is_listed_off_its_own_index(rows, index):
    assert_read_in_order(rows.values("pk")[:51], index)


def test_bookings_are_looked_up_plan_by_plan():
    overdue = TreatmentPlan.objects.overdue().order_by("next_due_on", "pk")
    plan = plan_of(overdue.values("pk")[:8])
    assert "plan_by_due_date" in plan
    if connection.vendor == "sqlite":  # PostgreSQL has too few here to look them up
        assert "appointmentplan_plan_id" in plan


def test_register_of_a_laser_reads_the_sessions_of_its_month():
    mode = LaserModeFactory()
    assert_read_in_order(month_of_sessions([mode], date(2026, 3, 1)), "session_of_laser_mode")


@pytest.mark.parametrize(
    ("model", "count", "index"),
    [
        (TreatmentSession, counts.of_sessions, "session_figures"),
        (Consultation, counts.of_consultations, "consultation_by_day"),
        (AreaAssessment, counts.of_areas, "consultation_by_day"),
        (SurgicalReferral, counts.of_referrals, "consultation_by_day"),
        (TreatmentPlan, counts.of_courses_begun, "plan_by_start"),
        (TreatmentPlan, counts.of_courses_completed, "plan_by_completion"),
        (AdverseEvent, counts.of_events, "event_latest"),
        (Payment, counts.of_payments, "payment_figures"),
    ],
)
def test_figures_begin_with_their_days(model, count, index):
    rows = model.objects.filter(count(Span(date(2026, 3, 1), date(2026, 3, 31))))
    plan = plan_of(rows.order_by().values("pk"))
    assert connection.vendor == "postgresql" or index in plan
    assert "Seq Scan" not in plan
    assert "SCAN" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows how many there are")
def test_overdue_plans_are_listed_in_the_order_of_their_list():
    assert_read_in_order(TreatmentPlan.objects.overdue().order_by("-pk")[:51])


def test_sessions_of_one_area_are_read_in_the_order_of_their_list(monkeypatch):
    monkeypatch.setattr("consultations.admin.parts.changelist.FOUND_AT_MOST", 0)
    SessionFactory()
    asked = {"area": [Area.FACE.value]}
    chosen = SessionAreaFilter(RequestFactory().get("/"), asked, TreatmentSession, None)
    rows = chosen.queryset(None, SESSIONS).values("pk")
    assert_read_in_order(rows[:51], "session_latest")
    if connection.vendor == "sqlite":  # in no order they are looked up by their area
        assert "assessment_by_area" in plan_of(rows.order_by()[:51])


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("booked", "appointment_to_come"),
        ("not_recorded", "appointment_to_come"),
        ("tomorrow", "appointment_to_come"),
        ("to_book_again", "appointment_to_book_again"),
        ("to_assign", "appointment_to_come"),
        ("overdue", "plan_by_due_date"),
        ("to_book", "plan_by_due_date"),
        ("events", "event_open"),
        ("to_report", "event_to_report"),
        ("follow_ups", "follow_up_waiting"),
        ("to_send", "referral_by_status"),
        ("sent", "referral_by_day_sent"),
        ("unsigned_sessions", "session_to_sign"),
        ("late_sessions", "session_awaits_signature"),
        ("unsigned_consultations", "consultation_unsigned"),
    ],
)
def test_lists_of_today_are_counted_in_their_order(name, index):
    rows = today.LISTS[name](ME, timezone.localdate())
    assert_read_in_order(rows.values("pk")[: today.COUNTED_AT_MOST + 1], index)
