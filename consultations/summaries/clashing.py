"""What is in the way of an appointment: others at that time, hours, closed days, absences."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consultations.models import Absence, Appointment, ClosedDay, OpeningHours
from consultations.models.appointment import LONGEST
from consultations.models.text import day_in_words, moment_in_words

from .timeline import name_of

RESOURCES = ("patient", "practitioner", "room", "laser")
# What may be booked over with a reason; a person and a laser are in one place at a time.
MAY_BE_SHARED = ("practitioner", "room")
# Whoever stands at the desk is booked for the line of the diary that has begun.
BEGUN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing in the way. `field` is what it is about; it may be booked over with a reason or
    not."""

    field: str
    words: str
    may_be_booked_over: bool


def wrong_times(appointment):
    """Yield what is wrong with the times themselves, which no reason mends: (field, words)."""
    start, end = appointment.starts_at, appointment.ends_at
    if start < timezone.now() - BEGUN:
        yield "starts_at", _("This time is in the past.")
    if end <= start:
        yield "minutes", _("An appointment takes some time.")
    elif end - start > LONGEST:
        yield "minutes", _("An appointment takes at most 12 hours.")


def clashes_of(appointment):
    """Return what is in the way of an appointment, which need not be saved yet. Four queries."""
    return [*_taken(appointment), *_closed(appointment), *_away(appointment)]


def _taken(appointment):
    is_shared = Q(
        *(
            Q(**{name: key})
            for name in RESOURCES
            if (key := getattr(appointment, f"{name}_id")) is not None
        ),
        _connector=Q.OR,
    )
    others = (
        Appointment.objects.within(appointment.starts_at, appointment.ends_at)
        .filter(is_shared)
        .exclude(pk=appointment.pk)
        .select_related("patient", "practitioner", "room", "laser", "changed_by")
        .order_by("starts_at", "pk")
    )
    for other in others:
        for name in RESOURCES:
            key = getattr(appointment, f"{name}_id")
            if key is not None and key == getattr(other, f"{name}_id"):
                yield Clash(name, _taken_words(name, other), name in MAY_BE_SHARED)


def _taken_words(name, other):
    words = {
        "patient": _("%(patient)s is booked already: %(when)s (by %(by)s)."),
        "practitioner": _("%(practitioner)s is taken: %(patient)s, %(when)s (by %(by)s)."),
        "room": _("%(room)s is taken: %(patient)s, %(when)s (by %(by)s)."),
        "laser": _("%(laser)s is taken: %(patient)s, %(when)s (by %(by)s)."),
    }[name]
    return words % {
        "patient": other.patient.full_name,
        "practitioner": name_of(other.practitioner),
        "room": other.room,
        "laser": other.laser,
        "when": span_in_words(other.starts_at, other.ends_at),
        "by": name_of(other.changed_by),
    }


def span_in_words(starts_at, ends_at):
    """3 May 2026 14:05 to 14:30."""
    end = date_format(timezone.localtime(ends_at), "H:i")
    return _("%(start)s to %(end)s") % {"start": moment_in_words(starts_at), "end": end}


def _closed(appointment):
    start, end = map(timezone.localtime, (appointment.starts_at, appointment.ends_at))
    closed = ClosedDay.objects.standing().filter(day=start.date()).first()
    if closed is not None:
        words = _("The clinic is closed on %(day)s.") % {"day": day_in_words(closed.day)}
        yield Clash("starts_at", f"{words} {closed.why}".strip(), True)
        return
    spans = OpeningHours.objects.by_weekday().get(start.weekday(), ())
    is_one_day = start.date() == end.date()
    if not any(
        is_one_day and opens <= start.time() and end.time() <= closes for opens, closes in spans
    ):
        yield Clash("starts_at", _outside_words(start.date(), spans), True)


def _outside_words(day, spans):
    weekday = date_format(day, "l")
    if not spans:
        return _("The clinic is closed on a %(weekday)s.") % {"weekday": weekday}
    hours = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in spans)
    return _("Outside the hours of a %(weekday)s: %(hours)s.") % {
        "weekday": weekday,
        "hours": hours,
    }


def _away(appointment):
    if appointment.practitioner_id is None:
        return
    absences = Absence.objects.within(appointment.starts_at, appointment.ends_at)
    for absence in absences.filter(user=appointment.practitioner_id).select_related("user"):
        yield Clash("practitioner", f"{absence}.", True)
