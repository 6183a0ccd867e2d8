"""Appointments: what one that is booked, here, called off or overbooked must say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Appointment
from consultations.vocabulary import AppointmentStatus, Rebook
from tests.factories import (
    AppointmentFactory,
    AppointmentPlanFactory,
    PatientFactory,
    SessionFactory,
    appointment_for,
    at,
)

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("minutes", [0, -5])
def test_appointment_that_takes_no_time(minutes):
    appointment = AppointmentFactory()
    ends_at = appointment.starts_at + timedelta(minutes=minutes)
    breaks("appointment_ends_after_it_starts", appointment, ends_at=ends_at)


def test_missed_without_a_reason():
    breaks("appointment_called_off_says_why", AppointmentFactory(missed=True), reason="")


@pytest.mark.parametrize(
    "left", [{"reason": "Ill"}, {"reason_of": "patient"}, {"cancelled_late": True}]
)
def test_booked_with_a_reason_for_calling_off(left):
    breaks("appointment_called_off_says_why", AppointmentFactory(), **left)


@pytest.mark.parametrize("status", [AppointmentStatus.ARRIVED, AppointmentStatus.IN_ROOM])
def test_here_since_nobody_knows_when(status):
    breaks("appointment_here_since", AppointmentFactory(), status=status)


def test_booked_again_without_saying_as_which():
    missed = AppointmentFactory(missed=True)
    breaks("appointment_booked_again_says_which", missed, rebook=Rebook.BOOKED)


def test_not_booked_again_without_saying_why():
    missed = AppointmentFactory(missed=True)
    breaks("appointment_declined_says_why", missed, rebook=Rebook.DECLINED)


@pytest.mark.parametrize("missing", ["overbooked_reason", "overbooked_by", "overbooked_at"])
def test_overbooked_in_part(missing, clinician):
    whole = {
        "overbooked_reason": "An emergency.",
        "overbooked_by": clinician,
        "overbooked_at": timezone.now(),
    }
    whole[missing] = "" if missing == "overbooked_reason" else None
    breaks("appointment_overbooked_says_who_when_why", AppointmentFactory(), **whole)


def test_one_course_of_one_appointment_twice():
    course = AppointmentPlanFactory()
    other = AppointmentPlanFactory(plan=course.plan)
    breaks("appointmentplan_once", other, appointment=course.appointment)


def test_one_session_of_two_appointments():
    session = SessionFactory()
    AppointmentPlanFactory(plan=session.plan, session=session)
    other = AppointmentPlanFactory(plan=session.plan)
    breaks("appointmentplan_one_per_session", other, session=session)


def test_a_slot_is_half_open():
    ten = AppointmentFactory(starts_at=at(10, days=1), minutes=30)
    later = AppointmentFactory(patient=ten.patient, starts_at=at(15, days=1))
    keeps(later, starts_at=ten.ends_at, ends_at=at(11, days=1))
    found = Appointment.objects.within(at(9, 30, days=1), ten.starts_at)
    assert list(found) == []


def test_what_holds_a_slot():
    made = {
        status: AppointmentFactory(status=status, arrived_at=timezone.now(), reason=reason)
        for status, reason in [
            *((status, "") for status in ("booked", "arrived", "in_room", "done")),
            *((status, "Ill") for status in ("missed", "cancelled")),
        ]
    }
    held = set(Appointment.objects.holding())
    assert held == {made["booked"], made["arrived"], made["in_room"]}


def test_a_day_is_that_of_the_clinic():
    late = AppointmentFactory(starts_at=at(23, 30, days=1))
    assert list(Appointment.objects.on(late.day)) == [late]
    assert list(Appointment.objects.on(late.day + timedelta(days=1))) == []


def test_name_of_an_appointment():
    patient = PatientFactory(family_name="Ng", given_name="Ann")
    appointment = appointment_for(starts_at=at(10, days=1))
    appointment.patient = patient
    when = f"{appointment.starts_at:%-d %b %Y} 10:00"
    assert str(appointment) == f"Treatment of Ng, Ann ({patient.record_number}), {when}"
