"""The .ics of a patient's appointment: one event, in UTC, that says neither kind nor area."""

from datetime import UTC

from icalendar import Calendar, Event, vCalAddress

from consultations.vocabulary import AppointmentStatus

DOMAIN = "turgor"
# Readers of calendars cut names at these, or leave them out.
UNREADABLE_IN_NAMES = str.maketrans("", "", '";:\\\r\n')


def event_of(appointment, *, clinic, sender="", to=""):
    """The calendar of one appointment as bytes, and its method: REQUEST, or CANCEL.

    `clinic` are the clinic's settings; with `sender` and `to`, calendars follow later updates.
    """
    is_cancelled = appointment.status == AppointmentStatus.CANCELLED
    method = "CANCEL" if is_cancelled else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", "-//Turgor//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", f"{appointment.uid}@{DOMAIN}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.changed_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", clinic.name or "Appointment")
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if clinic.address:
        event.add("location", ", ".join(clinic.address.splitlines()))
    if sender:
        event.add("organizer", _person(sender, clinic.name))
    if to:
        attendee = _person(to)
        attendee.params["RSVP"] = "FALSE"
        event.add("attendee", attendee)
    calendar.add_component(event)
    return calendar.to_ical(), method


def _person(address, name=""):
    person = vCalAddress(f"mailto:{address}")
    if name := name.translate(UNREADABLE_IN_NAMES).strip():
        person.params["CN"] = name
    return person
