"""Who would come earlier: whom a time that became free fits."""

from django.db.models import F, Q
from django.utils import timezone

from consultations.models import Appointment
from consultations.vocabulary import AppointmentKind

from .appointments import with_courses
from .chart import earliest_safe

SHOWN = 5


def who_would_come(slot, *, count=SHOWN):
    """Return so many appointments at most that could be moved to the time of a cancelled one, the
    longest waiting first.

    They are later, take no longer, need no other practitioner or laser, their skin is safe to be
    treated by then, and their patients have nothing else at that time.
    """
    if slot.starts_at <= timezone.now() or slot.is_holding:
        return []
    waiting = (
        Appointment.objects.waiting()
        .filter(starts_at__gte=slot.ends_at, kind=slot.kind)
        .filter(ends_at__lte=F("starts_at") + (slot.ends_at - slot.starts_at))
        .filter(_same_or_none("practitioner", slot), _same_or_none("laser", slot))
        .exclude(patient__appointments__in=_at_that_time(slot))
        .select_related("patient")
        .order_by("created_at", "pk")
    )
    fitting = (one for one in with_courses(waiting[: count * 4]) if _is_safe(one, slot.day))
    return [one for one, _number in zip(fitting, range(count), strict=False)]


def _same_or_none(name, slot):
    key = getattr(slot, f"{name}_id")
    return Q(**{name: key}) | Q(**{f"{name}__isnull": True}) if key is not None else Q()


def _at_that_time(slot):
    return Appointment.objects.within(slot.starts_at, slot.ends_at).values("pk")


def _is_safe(appointment, day):
    if appointment.kind != AppointmentKind.TREATMENT:
        return True
    for course in appointment.course_list:
        course.plan.assessment.consultation.patient = appointment.patient
    safe = (earliest_safe(course.plan) for course in appointment.course_list)
    return all(first is None or first <= day for first in safe)
