"""How an appointment is shown, and what can be done about it in a press or two."""

from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from consultations.models import AppointmentReason
from consultations.permissions import writes_clinical
from consultations.vocabulary import (
    AppointmentKind,
    AppointmentStatus,
    ReasonOf,
    Rebook,
)

from .displays import Act, Step, admin_url, chip

MAY_BOOK = "consultations.add_appointment"
MAY_CHANGE = "consultations.change_appointment"


@dataclass(frozen=True)
class Press:
    """Something done in one press: the button, where it is posted, and the version it is about."""

    label: str
    url: str
    version: int


def clock(moment):
    """The time at the clinic: 09:30."""
    return formats.time_format(timezone.localtime(moment), "H:i")


def state_of(appointment):
    """Its status in a word, since when for whoever is here, and what it waits for."""
    label = appointment.get_status_display()
    if appointment.status == AppointmentStatus.ARRIVED:
        label = _("Arrived %(time)s") % {"time": clock(appointment.arrived_at)}
    return chip(AppointmentStatus(appointment.status), label)


def reasons_offered():
    """The clinic's reasons, read once and only where they are shown."""
    return SimpleLazyObject(AppointmentReason.objects.offered)


def record_step(appointment, user):
    """Recording what the appointment is for, for those who do; else None."""
    patient = appointment.patient_id
    if not writes_clinical(user):
        return None
    if appointment.kind == AppointmentKind.CONSULTATION:
        if not user.has_perm("consultations.add_consultation"):
            return None
        return Step(_("Record"), admin_url("consultation", "add", patient=patient))
    if appointment.kind != AppointmentKind.TREATMENT:
        return None
    query = {"on": appointment.day.isoformat()}
    if appointment.course_list:
        query["plan"] = appointment.course_list[0].plan_id
    return Step(_("Record"), admin_url("patient", "visit", patient, **query))


def presses_of(appointment, user):
    """What is written down in one press, for those who may: arrived, in the room, done."""
    if not (user.has_perm(MAY_CHANGE) and appointment.is_holding):
        return ()
    pages = []
    if appointment.day == timezone.localdate():
        if appointment.status == AppointmentStatus.BOOKED:
            pages.append((_("Arrived"), "arrive"))
        if appointment.status != AppointmentStatus.IN_ROOM:
            pages.append((_("In the room"), "enter"))
    is_recorded = appointment.kind in AppointmentKind.recorded()
    if not is_recorded and appointment.starts_at <= timezone.now():
        pages.append((_("Done"), "finish"))
    return tuple(_press(label, page, appointment) for label, page in pages)


def _press(label, page, appointment):
    url = admin_url("appointment", page, appointment.pk)
    return Press(label, url, appointment.version)


def acts_of(appointment, user, reasons):
    """Writing that it was missed or cancelled, with one of these reasons, for those who may."""
    if not (user.has_perm(MAY_CHANGE) and appointment.is_holding):
        return ()
    ways = [(_("Cancelled"), AppointmentStatus.CANCELLED, reasons)]
    if appointment.starts_at <= timezone.now():
        theirs = [one for one in reasons if one.of != ReasonOf.CLINIC]
        ways.insert(0, (_("Missed"), AppointmentStatus.MISSED, theirs))
    return tuple(
        Act(
            label,
            admin_url("appointment", "call_off", appointment.pk, status.value),
            tuple(one.words for one in offered),
            appointment.version,
        )
        for label, status, offered in ways
    )


def rebook_steps(appointment, user):
    """Booking again what was missed or cancelled, for those who may."""
    if appointment.rebook != Rebook.OPEN or not user.has_perm(MAY_BOOK):
        return ()
    url = admin_url("appointment", "add", patient=appointment.patient_id, again=appointment.pk)
    return (Step(_("Book again"), url),)


def rebook_acts(appointment, user):
    """Writing that it is not booked again, for those who may."""
    if appointment.rebook != Rebook.OPEN or not user.has_perm(MAY_CHANGE):
        return ()
    url = admin_url("appointment", "decline", appointment.pk)
    choices = (_("Wants no more"), _("Goes elsewhere"), _("Cannot be reached"))
    return (Act(_("Not again"), url, choices, appointment.version),)


def put_back_press(appointment, user):
    """Taking back what was pressed by mistake, for those who may; else None."""
    undone = (
        AppointmentStatus.ARRIVED,
        AppointmentStatus.IN_ROOM,
        *(AppointmentStatus.MISSED, AppointmentStatus.CANCELLED),
    )
    if appointment.status not in undone or not user.has_perm(MAY_CHANGE):
        return None
    return _press(_("Take back"), "put_back", appointment)
