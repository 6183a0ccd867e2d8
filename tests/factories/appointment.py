"""A treatment tomorrow at ten, of half an hour; and the course it is for, if one is given."""

from datetime import datetime, time, timedelta

import factory
from django.db.models import Q
from django.utils import timezone

from consultations.models import (
    Absence,
    Appointment,
    AppointmentLength,
    AppointmentPlan,
    AppointmentReason,
    ClosedDay,
    OpeningHours,
    Room,
)
from consultations.vocabulary import AppointmentKind, AppointmentStatus, ReasonOf, Rebook

from .patient import PatientFactory
from .plan import PlanFactory
from .record import RecordFactory, part
from .user import UserFactory


def at(hour, minute=0, *, days=0):
    """A moment by the clinic's clock, so many days from today."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


class RoomFactory(RecordFactory):
    class Meta:
        model = Room

    name = factory.Sequence("Room {}".format)


def free_day(one):
    """Ten o'clock tomorrow, or on the first day after what its patient, practitioner, room and
    laser have: nobody is in two places."""
    held = Q(patient=one.patient)
    for name in ("practitioner", "room", "laser"):
        if taken := getattr(one, name, None):
            held |= Q(**{name: taken})
    return at(10, days=1 + Appointment.objects.filter(held, holds=1).count())


class AppointmentFactory(RecordFactory):
    """`plans` are the courses it is for; its patient is theirs."""

    class Meta:
        model = Appointment

    class Params:
        arrived = factory.Trait(
            status=AppointmentStatus.ARRIVED, arrived_at=factory.SelfAttribute("starts_at")
        )
        overbooked = factory.Trait(
            overbooked_reason="Walk-in",
            overbooked_by=factory.SelfAttribute("by"),
            overbooked_at=factory.LazyFunction(timezone.now),
        )
        missed = factory.Trait(
            status=AppointmentStatus.MISSED,
            starts_at=factory.LazyFunction(lambda: at(10, days=-7)),
            reason="Did not come",
            reason_of=ReasonOf.PATIENT,
            rebook=Rebook.OPEN,
        )
        cancelled = factory.Trait(
            status=AppointmentStatus.CANCELLED,
            reason="Patient cannot come",
            reason_of=ReasonOf.PATIENT,
            rebook=Rebook.OPEN,
        )

    plans = ()
    minutes = 30
    patient = factory.LazyAttribute(
        lambda one: one.plans[0].patient if one.plans else PatientFactory(by=one.by)
    )
    starts_at = factory.LazyAttribute(free_day)
    ends_at = factory.LazyAttribute(lambda one: one.starts_at + timedelta(minutes=one.minutes))

    @classmethod
    def _build(cls, model_class, *args, plans, minutes, **kwargs):
        return super()._build(model_class, *args, **kwargs)

    @classmethod
    def _create(cls, model_class, *args, by, plans, minutes, **kwargs):
        appointment = super()._create(model_class, *args, by=by, **kwargs)
        for plan in plans:
            AppointmentPlan(appointment=appointment, plan=plan).save(by=by)
        return appointment


def appointment_for(plan=None, **options):
    """An appointment for one course, a new one if none is given."""
    by = {"by": options["by"]} if "by" in options else {}
    return AppointmentFactory(plans=[plan or PlanFactory(**by)], **options)


class AppointmentPlanFactory(RecordFactory):
    class Meta:
        model = AppointmentPlan

    plan = part(PlanFactory)
    appointment = factory.LazyAttribute(
        lambda one: AppointmentFactory(by=one.by, patient=one.plan.patient)
    )


class OpeningHoursFactory(RecordFactory):
    class Meta:
        model = OpeningHours

    weekday = factory.Sequence(lambda number: number % 7)
    opens_at = time(9)
    closes_at = time(18)


class ClosedDayFactory(RecordFactory):
    class Meta:
        model = ClosedDay

    day = factory.Sequence(lambda number: timezone.localdate() + timedelta(days=number + 1))


class AbsenceFactory(RecordFactory):
    class Meta:
        model = Absence

    user = factory.SubFactory(UserFactory)
    starts_at = factory.LazyFunction(lambda: at(0, days=1))
    ends_at = factory.LazyFunction(lambda: at(0, days=2))


class AppointmentReasonFactory(RecordFactory):
    class Meta:
        model = AppointmentReason

    words = factory.Sequence("Reason {}".format)
    reason_of = ReasonOf.PATIENT


class AppointmentLengthFactory(RecordFactory):
    class Meta:
        model = AppointmentLength

    kind = AppointmentKind.TREATMENT
    minutes = 30
