"""Appointments that nobody came to, or that the patient cancelled late: by kind and by weekday."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import ExtractIsoWeekDay

from consultations.models import Appointment
from consultations.vocabulary import AppointmentKind, AppointmentStatus

from .counts import of_appointments
from .numbers import Both, all_of, counted

WEEKDAYS = range(1, 8)  # from Monday on
MISSED = Q(status=AppointmentStatus.MISSED)
LATE = Q(status=AppointmentStatus.CANCELLED, cancelled_late=True)


@dataclass(frozen=True, slots=True)
class CalledOff:
    """`key` is a kind or a weekday, 1 to 7 from Monday on; None for all."""

    key: object
    missed: Both
    late: Both


@dataclass(frozen=True, slots=True)
class Missed:
    all: CalledOff
    by_kind: tuple[CalledOff, ...]
    by_weekday: tuple[CalledOff, ...]


def missed_of(span):
    """Return what was missed or cancelled late in a span and in the one before, in one query."""
    rows = list(
        Appointment.objects.filter(of_appointments(span.with_before), MISSED | LATE)
        .order_by()
        .values(
            "status",
            "kind",
            is_now=span.is_now("starts_at", is_moment=True),
            weekday=ExtractIsoWeekDay("starts_at"),
        )
        .annotate(count=Count("pk"))
    )
    return Missed(
        all=_called_off(rows, all_of, [None])[0],
        by_kind=_called_off(rows, lambda row: row["kind"], [*AppointmentKind]),
        by_weekday=_called_off(rows, lambda row: row["weekday"], WEEKDAYS),
    )


def _called_off(rows, key, keys):
    missed, late = (
        counted((row for row in rows if row["status"] == status), key)
        for status in (AppointmentStatus.MISSED, AppointmentStatus.CANCELLED)
    )
    return tuple(CalledOff(one, missed.get(one, Both()), late.get(one, Both())) for one in keys)
