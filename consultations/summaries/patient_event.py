"""The .ics of a patient's appointment: one event that says neither kind nor area."""

from django.utils.translation import gettext as _
from icalendar import vCalAddress

from . import calendars

# Readers of calendars cut names at these, or leave them out.
UNREADABLE_IN_NAMES = str.maketrans("", "", '";:\\\r\n')


def event_of(appointment, *, clinic, sender="", to=""):
    """The calendar of one appointment as bytes, and its method: REQUEST, or CANCEL.

    `clinic` are the clinic's settings; with `sender` and `to`, calendars follow later updates.
    """
    event = calendars.event_of(
        appointment,
        summary=clinic.name or _("Appointment"),
        location=", ".join(clinic.address.splitlines()),
    )
    if sender:
        event.add("organizer", _person(sender, clinic.name))
    if to:
        attendee = _person(to)
        attendee.params["RSVP"] = "FALSE"
        event.add("attendee", attendee)
    method = "CANCEL" if calendars.is_off(appointment) else "REQUEST"
    return calendars.calendar_of([event], method=method), method


def _person(address, name=""):
    person = vCalAddress(f"mailto:{address}")
    if name := name.translate(UNREADABLE_IN_NAMES).strip():
        person.params["CN"] = name
    return person
