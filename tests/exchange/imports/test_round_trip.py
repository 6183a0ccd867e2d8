"""Our own templates: what is written from one clinic comes in whole to an empty one."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import models
from django.db.transaction import atomic, set_rollback
from django.utils import timezone

from consultations.exchange.reading.columns import template
from consultations.exchange.reading.fields import fields
from consultations.models import (
    Appointment,
    AppointmentPlan,
    AreaAssessment,
    LaserMode,
    Patient,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.summaries.integrity import differences
from tests.factories import (
    AppointmentFactory,
    AssessmentFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
    at,
)

from .files import saved, table

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def cell(value):
    """A value as our own files have it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        case models.Model():
            return getattr(value, "username", "") or value.name
        case Decimal():
            return f"{value:f}"
    return str(value)


def row(target, records, **more):
    """One row of our own file: `records` by what they are called in `fields`."""
    found = dict.fromkeys(template(target), "")
    for key in found:
        field = fields(target)[key]
        if (record := records.get(field.record)) is not None:
            found[key] = cell(getattr(record, field.name))
    return found | more


def of_patients():
    return [row("patients", {"patient": one}) for one in Patient.objects.order_by("record_number")]


def of_lasers():
    modes = LaserMode.objects.order_by("laser__name", "name")
    return [row("lasers", {"laser": one.laser, "mode": one}) for one in modes]


def of_consultations():
    areas = AreaAssessment.objects.order_by("consultation__consulted_on", "area")
    return [
        row(
            "consultations",
            {"patient": one.patient, "consultation": one.consultation, "area": one},
        )
        for one in areas
    ]


def of_sessions():
    sessions = TreatmentSession.objects.order_by("plan__assessment__area", "performed_on")
    found = [
        (one.plan, one, {"laser": one.laser_mode.laser.name if one.laser_mode else ""})
        for one in sessions
    ]
    found += [(one, None, {}) for one in TreatmentPlan.objects.filter(sessions=None)]
    return [
        row(
            "sessions",
            {"patient": plan.patient, "plan": plan, "session": session},
            area=plan.area,
            consulted_on=cell(plan.assessment.consultation.consulted_on),
            **more,
        )
        for plan, session, more in found
    ]


def of_appointments():
    return [
        row(
            "appointments",
            {"patient": one.patient, "appointment": one},
            areas=", ".join(course.plan.area for course in one.courses.all()),
        )
        for one in Appointment.objects.order_by("starts_at")
    ]


WRITERS = {
    "patients": of_patients,
    "lasers": of_lasers,
    "consultations": of_consultations,
    "sessions": of_sessions,
    "appointments": of_appointments,
}


def make_clinic(by):
    """Two patients; one with a course that is done, one that is under way, and what is booked."""
    answers = {
        "sex": "female",
        "phone": "+44 20 7946 0000",
        "email": "ann@example.com",
        "address": "1 Example Street\nLondon",
        "emergency_contact": "=Bob",
        "phototype": "III",
        "allergies": "Penicillin",
        "any_allergies": True,
        "keloid_history": False,
        "email_reminders": True,
        "interpreter_needed": True,
    }
    ann = PatientFactory(by=by, **answers)
    PatientFactory(by=by, family_name="de la Cruz", given_name="", medical_notes="a;b\n\"c\"")
    mode = LaserModeFactory(by=by)
    area = AssessmentFactory(
        by=by,
        consultation__by=by,
        consultation__patient=ann,
        consultation__consulted_on=DAY,
        consultation__clinician=by,
        consultation__smoker=False,
        consultation__weight_kg=Decimal("61.5"),
        grade=Decimal("1.5"),
    )
    neck = AssessmentFactory(by=by, consultation=area.consultation, area="neck")
    plan = PlanFactory(
        by=by, assessment=area, started_on=DAY, price_per_session=Decimal(120), interval_days=14
    )
    for _session in range(5):
        SessionFactory(by=by, plan=plan, laser_mode=mode, fluence_j_cm2=Decimal("20.5"))
    plan = PlanFactory(by=by, assessment=neck, started_on=DAY, interval_days=14)
    SessionFactory(by=by, plan=plan, elsewhere=True)
    appointment_for(plan, by=by)
    start = at(9) - timedelta(days=30)
    AppointmentFactory(
        by=by,
        patient=ann,
        kind="review",
        starts_at=start,
        ends_at=start + timedelta(minutes=20),
        practitioner=by,
        status="missed",
        reason="Did not come",
        reason_of="patient",
    )


@pytest.mark.parametrize("format", ["auto", "own"])
def test_every_column_is_equal(format):
    by = UserFactory(username="ida", is_superuser=True)
    with atomic():
        make_clinic(by)
        written = {target: write() for target, write in WRITERS.items()}
        set_rollback(True)
    assert Patient.objects.count() == 0
    for target, rows in written.items():
        saved(table(*rows), f"{target}.csv", by=by, format=format)
    again = {target: write() for target, write in WRITERS.items()}
    for target, rows in written.items():
        assert again[target] == rows, target
    assert list(differences()) == []
    assert AppointmentPlan.objects.count() == 1
