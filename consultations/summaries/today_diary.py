"""Today's lists of appointments: who comes, what was not written down, what is to be arranged."""

from datetime import timedelta

from django.db.models.lookups import IsNull

from consultations.models import Appointment, FollowUp, Message
from consultations.models.in_order import BesideOrder
from consultations.vocabulary import FollowUpKind

ASSIGNED_WITHIN = 7  # days
NOBODY = IsNull(BesideOrder("practitioner"), True)
PATIENT = ("family_name", "given_name", "record_number", "date_of_birth", "phone")
APPOINTMENT = (
    *("version", "kind", "status", "starts_at", "ends_at", "arrived_at", "reason", "rebook"),
    *("entered_in_error_at", "practitioner"),
    *(f"patient__{name}" for name in PATIENT),
)


def shown(appointments):
    return appointments.select_related("patient").only(*APPOINTMENT)


def booked(user, today):
    return shown(Appointment.objects.holding().on(today)).order_by("starts_at", "pk")


def not_recorded(user, today):
    """Appointments of earlier days of which nobody wrote what became of them, latest first."""
    past = Appointment.objects.not_written_down(today)
    return shown(past).order_by("-starts_at", "-pk")


def tomorrow(user, today):
    appointments = Appointment.objects.holding().on(today + timedelta(days=1))
    return shown(appointments).order_by("starts_at", "pk")


def to_book_again(user, today):
    waiting = Appointment.objects.to_book_again()
    return shown(waiting).order_by("starts_at", "pk")


def to_move(user, today):
    return shown(Appointment.objects.to_move(today)).order_by("starts_at", "pk")


def to_assign(user, today):
    soon = Appointment.objects.holding().on(today, ASSIGNED_WITHIN).filter(NOBODY)
    return shown(soon).order_by("starts_at", "pk")


def recalls(user, today):
    """Whom the desk is to call back; about nothing clinical."""
    due = FollowUp.objects.due(today).filter(kind=FollowUpKind.RECALL).select_related("patient")
    shown = ("due_on", "due_time", "done_on", "no_answer_on", "entered_in_error_at", "kind")
    return due.only(*shown, *(f"patient__{name}" for name in PATIENT)).order_by("due_on", "pk")


def messages(user, today):
    """What patients were not told, or nobody knows, of appointments still to come."""
    return (
        Message.objects.to_look_after()
        .select_related("patient", "appointment")
        .only(
            *("kind", "channel", "to", "status", "reply"),
            *(f"patient__{name}" for name in PATIENT),
            "appointment__starts_at",
        )
        .order_by("status", "due_at", "pk")  # as its index
    )


DIARY_LISTS = {
    "messages": messages,
    "recalls": recalls,
    "booked": booked,
    "not_recorded": not_recorded,
    "tomorrow": tomorrow,
    "to_book_again": to_book_again,
    "to_move": to_move,
    "to_assign": to_assign,
}
