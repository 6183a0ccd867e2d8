"""The diary of one member of staff, as a calendar to subscribe to.

It leaves the building without a sign-in: it says when and where somebody is booked, and nothing of
whom and what for. Patients are not even read.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Absence, Appointment
from consultations.models.appointment import ends_of, start_of
from consultations.models.spine import STANDING
from consultations.vocabulary import AppointmentStatus

from .calendars import absence_event_of, calendar_of, event_of, is_off

DAYS_BACK, DAYS_AHEAD = 30, 400
READ = ("uid", "sequence", "starts_at", "ends_at", "status", "changed_at", "entered_in_error_at")


def diary_of(user, today=None):
    """Return the calendar file of a user's appointments and absences."""
    first = (today or timezone.localdate()) - timedelta(days=DAYS_BACK)
    days = DAYS_BACK + DAYS_AHEAD + 1
    events = [_event(one) for one in _appointments(user, first, days)]
    events += [_away(one) for one in _absences(user, first, days)]
    return calendar_of(events, name=_("Clinic diary"))


def _appointments(user, first, days):
    found = Appointment.objects.on(first, days).filter(practitioner=user)
    stands = STANDING & ~Q(status=AppointmentStatus.CANCELLED)
    found = found.filter(stands | _off_since(first)).select_related("room")
    return found.only(*READ, "room__name").order_by("starts_at", "pk")


def _absences(user, first, days):
    start, end = ends_of(first, days)
    found = Absence.objects.filter(user=user, starts_at__lt=end, ends_at__gt=start)
    return found.filter(STANDING | _off_since(first)).order_by("starts_at", "pk")


def _off_since(day):
    """What is called off stays for a while, so that those who have it in their calendar see it."""
    return Q(changed_at__gte=start_of(day))


def _event(appointment):
    return event_of(
        appointment,
        summary=_("Cancelled: appointment") if is_off(appointment) else _("Appointment"),
        location=appointment.room.name if appointment.room else "",
    )


def _away(absence):
    summary = _("Cancelled: away") if absence.in_error else _("Away")
    return absence_event_of(absence, summary=summary)
