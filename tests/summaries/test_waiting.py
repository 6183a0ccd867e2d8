"""Who would come earlier: whom a cancelled time fits."""

from datetime import datetime

import pytest
from django.utils import timezone

from consultations.actions.appointments import fill
from consultations.models import Appointment
from consultations.summaries.waiting import who_would_come
from tests.factories import (
    AppointmentFactory,
    LaserFactory,
    PlanFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
    at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_monday_morning(time_machine):
    time_machine.move_to(
        datetime(2026, 3, 2, 8, tzinfo=timezone.get_default_timezone()), tick=False
    )


@pytest.fixture
def slot(clinician):
    """A treatment that was cancelled, with its practitioner and laser."""
    return appointment_for(
        starts_at=at(10, days=1), practitioner=clinician, laser=LaserFactory(), cancelled=True
    )


def waiting(plan=None, **options):
    options = {"starts_at": at(10, days=9), "would_come_earlier": True} | options
    return appointment_for(plan or PlanFactory(started_on=timezone.localdate()), **options)


def test_the_longest_waiting_comes_first(slot, clinician):
    first, second = waiting(), waiting(practitioner=clinician, laser=slot.laser)
    assert who_would_come(slot) == [first, second]
    assert who_would_come(slot, count=1) == [first]


@pytest.mark.parametrize(
    "unlike",
    [
        {"would_come_earlier": False},
        {"minutes": 40},
        {"kind": "review"},
        {"cancelled": True},
    ],
)
def test_whom_it_does_not_fit(slot, unlike):
    waiting(**unlike)
    assert who_would_come(slot) == []


def test_who_comes_before_it_is_not_asked(slot):
    waiting(starts_at=at(9, days=1))
    assert who_would_come(slot) == []


def test_who_is_bound_to_another_practitioner_or_laser_is_not_asked(slot):
    waiting(practitioner=UserFactory())
    waiting(laser=LaserFactory())
    assert who_would_come(slot) == []


def test_who_has_something_else_then_is_not_asked(slot):
    one = waiting()
    AppointmentFactory(patient=one.patient, starts_at=at(10, days=1), kind="review")
    assert who_would_come(slot) == []


def test_whose_skin_is_not_ready_is_not_asked(slot):
    plan = SessionFactory(performed_on=timezone.localdate()).plan
    waiting(plan)
    assert who_would_come(slot) == []


def test_a_time_that_is_past_is_offered_to_nobody(slot, time_machine):
    waiting()
    time_machine.move_to(at(11, days=1), tick=False)
    assert who_would_come(slot) == []


def test_who_takes_the_time_takes_its_practitioner_and_laser(slot, reception):
    one = waiting()
    fill(slot=slot, appointment=one, by=reception)
    kept = Appointment.objects.get(pk=one.pk)
    assert [kept.starts_at, kept.practitioner, kept.laser] == [
        slot.starts_at,
        slot.practitioner,
        slot.laser,
    ]
    assert [kept.would_come_earlier, kept.sequence] == [False, 1]
