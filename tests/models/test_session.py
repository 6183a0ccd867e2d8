"""Sessions: what a done or overridden one must say, and what former bookings had to."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.models import TreatmentSession
from consultations.vocabulary import SessionStatus
from tests.factories import (
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
    UserFactory,
)

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def test_two_done_on_one_day():
    plan = PlanFactory()
    first, second = SessionFactory(plan=plan), SessionFactory(plan=plan)
    breaks("session_one_done_per_plan_and_day", second, performed_on=first.performed_on)


def test_done_again_after_one_in_error(clinician):
    plan = PlanFactory()
    second = SessionFactory(plan=plan)
    first = SessionFactory(
        plan=plan,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong day.",
    )
    keeps(second, performed_on=first.performed_on)


def test_one_missed_and_one_done_on_one_day():
    plan = PlanFactory()
    missed = SessionFactory(plan=plan, missed=True)
    keeps(SessionFactory(plan=plan), performed_on=missed.day)


def test_two_bookings_for_one_time():
    plan = PlanFactory()
    first, second = SessionFactory.create_batch(2, plan=plan, booked=True)
    breaks("session_one_booking_per_plan_and_time", second, booked_for=first.booked_for)


def test_done_without_a_date():
    breaks("session_done_has_a_date", SessionFactory(), performed_on=None)


def test_booked_without_a_time():
    breaks("session_booked_has_a_time", SessionFactory(booked=True), booked_for=None)


def test_done_without_an_operator():
    breaks("session_done_has_an_operator", SessionFactory(), operator=None)


def test_done_without_a_laser_mode():
    breaks("session_done_has_a_laser_mode", SessionFactory(), laser_mode=None)


def test_done_elsewhere_needs_neither_operator_nor_laser():
    keeps(SessionFactory(), performed_elsewhere="Harley Street", operator=None, laser_mode=None)


@pytest.mark.parametrize(
    "not_history",
    [
        {"booked_for": datetime(2025, 3, 31, 10, tzinfo=UTC)},
        {"status": SessionStatus.CANCELLED, "status_reason": "Rebooked."},
        {"operator": "us"},
        {"laser_mode": "ours"},
    ],
)
def test_done_elsewhere_is_history_alone(not_history):
    ours = {"us": UserFactory(), "ours": LaserModeFactory()}
    changes = {name: ours.get(value, value) for name, value in not_history.items()}
    breaks("session_elsewhere_is_history", SessionFactory(elsewhere=True), **changes)


def test_done_elsewhere_stored_before_that_was_promised_is_left_alone():
    session = SessionFactory(elsewhere=True, elsewhere_checked=False)
    keeps(session, laser_mode=LaserModeFactory())


@pytest.mark.parametrize("status", [SessionStatus.MISSED, SessionStatus.CANCELLED])
def test_missed_or_cancelled_without_a_reason(status):
    session = SessionFactory(booked=True)
    breaks("session_missed_or_cancelled_says_why", session, status=status)


@pytest.mark.parametrize("missing", ["override_reason", "overridden_by", "overridden_at"])
def test_override_in_part(missing, clinician):
    whole = {
        "override_reason": "Leaves the country.",
        "overridden_by": clinician,
        "overridden_at": timezone.now(),
    }
    whole[missing] = "" if missing == "override_reason" else None
    breaks("session_override_says_who_when_why", SessionFactory(), **whole)


@pytest.mark.parametrize(
    ("promise", "change"),
    [
        ("session_pain_to_ten", {"pain": 11}),
        ("session_satisfaction_to_ten", {"satisfaction": 11}),
        ("session_passes_one_to_twenty", {"passes": 0}),
        ("session_passes_one_to_twenty", {"passes": 21}),
        ("session_grade_in_half_steps", {"grade": Decimal("1.2")}),
    ],
)
def test_value_off_its_scale(promise, change):
    breaks(promise, SessionFactory(), **change)


def test_values_at_the_ends_of_their_scales():
    keeps(SessionFactory(), pain=0, satisfaction=10, passes=20, grade=Decimal(4))


def test_day_is_that_performed_else_that_booked():
    late = datetime(2025, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    booked = SessionFactory(booked=True, booked_for=late)
    done = SessionFactory(performed_on=date(2025, 4, 1), booked_for=late)
    assert [booked.day, done.day] == [date(2025, 7, 1), date(2025, 4, 1)]


def test_day_of_a_booking_is_that_booked_whatever_was_performed():
    noon = datetime(2025, 7, 1, 12, tzinfo=UTC)
    session = SessionFactory(booked=True, booked_for=noon, performed_on=date(2025, 4, 1))
    days = [session.day]
    session.status, session.status_reason = SessionStatus.MISSED, "Did not come."
    session.save(by=session.created_by)
    assert [*days, session.day] == [date(2025, 7, 1), date(2025, 4, 1)]


def test_former_bookings_count_nowhere():
    done = SessionFactory()
    SessionFactory(booked=True)
    SessionFactory(missed=True)
    assert list(TreatmentSession.objects.done()) == [done]


@pytest.mark.parametrize("status", [one for one in SessionStatus if one != SessionStatus.DONE])
def test_a_new_session_is_done(status, clinician):
    session = SessionFactory.build(plan=PlanFactory(), status=status)
    with pytest.raises(ValueError, match="book an appointment"):
        session.save(by=clinician)


def test_name_of_a_session():
    session = SessionFactory(
        performed_on=date(2025, 4, 1),
        plan__assessment__consultation__patient=PatientFactory(family_name="Ng", given_name="Ann"),
    )
    assert str(session) == "Ng, Ann (P-000001), session of 1 Apr 2025, done"
