"""Appointments as calendar programs read them (RFC 5545).

Times are in UTC: programs misread the description of a time zone, and each shows UTC by its own
clock. None of them hides what is cancelled, so its summary has to say so.
"""

from datetime import UTC, timedelta
from uuid import UUID, uuid5

from django.utils import timezone
from icalendar import Calendar, Event

from consultations.vocabulary import AppointmentStatus

# Not the site's own name, which may change: an event keeps its UID for life.
DOMAIN = "turgor"
ABSENCES = UUID("3d1c6a0e-5f0b-4b52-9a35-6d6a7a0f8f55")
ASKED_EVERY = timedelta(hours=1)


def calendar_of(events, *, method=None, name=""):
    """Return the text of a calendar file. One with a name is a feed, to be asked for again."""
    calendar = Calendar()
    calendar.add("prodid", "-//Turgor//Diary//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", ASKED_EVERY, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def event_of(appointment, *, summary, description="", location=""):
    """Return an appointment as an event, called what its reader may know.

    Entered in error, it is cancelled to those who have it in their calendar.
    """
    event = _event_of(appointment, appointment.uid, summary, is_off=is_off(appointment))
    # What changes nothing but whether it stands is a change to its readers.
    event.add("sequence", appointment.sequence + appointment.in_error)
    event.add("dtstart", _in_utc(appointment.starts_at))
    event.add("dtend", _in_utc(appointment.ends_at))
    for name, text in (("description", description), ("location", _on_one_line(location))):
        if text:
            event.add(name, text)
    return event


def absence_event_of(absence, *, summary):
    """Return an absence as an event, of whole days where it is so at the clinic."""
    event = _event_of(absence, _uid_of(absence), summary, is_off=absence.in_error)
    event.add("sequence", absence.version - 1)
    moments = {"dtstart": absence.starts_at, "dtend": absence.ends_at}
    # The end is the first day, or the first moment, that is no part of it.
    in_feed = timezone.localdate if absence.is_all_day else _in_utc
    for name, moment in moments.items():
        event.add(name, in_feed(moment))
    return event


def is_off(appointment):
    """Whether nobody has to come: cancelled, or never meant."""
    return appointment.in_error or appointment.status == AppointmentStatus.CANCELLED


def _event_of(record, uid, summary, *, is_off):
    event = Event()
    event.add("uid", f"{uid}@{DOMAIN}")
    event.add("summary", _on_one_line(summary))
    # The same row always gives the same text, so that a feed keeps its ETag.
    for name in ("dtstamp", "last-modified"):
        event.add(name, _in_utc(record.changed_at))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    return event


def _in_utc(moment):
    """A fixed offset would be written as a time zone that icalendar itself cannot read."""
    return moment.astimezone(UTC)


def _uid_of(absence):
    """An absence has no UID of its own: when it was first saved tells it from one of another
    clinic, which may have the same key."""
    return uuid5(ABSENCES, f"{absence.pk} {_in_utc(absence.created_at).isoformat()}")


def _on_one_line(text):
    """Some programs read a backslash before n as the end of a line, and nothing after U+2028."""
    return " ".join(text.replace("\\", "/").split())
