"""What becomes of an appointment: arrived, done, missed, cancelled, booked again or not."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import (
    Appointment,
    AppointmentReason,
    ClinicSettings,
    Consultation,
    StaleRecordError,
)
from consultations.models.text import day_in_words, moment_in_words
from consultations.models.transactions import atomic
from consultations.summaries.bookable import RESOURCES
from consultations.vocabulary import (
    AppointmentKind,
    AppointmentStatus,
    PlanStatus,
    ReasonOf,
    Rebook,
)

from . import messages
from .booking import book, check_clashes, check_courses, lock_resources, plans_of
from .locking import lock_patient_of


def hold_as_read(appointment):
    """Lock the patient and read an appointment again, in the version that was shown.

    Raises StaleRecordError if it has changed since.
    """
    lock_patient_of(appointment)
    read = appointment.version
    appointment.refresh_from_db()
    if appointment.version != read:
        when = moment_in_words(appointment.starts_at)
        status = appointment.get_status_display().lower()
        raise StaleRecordError(
            _("This appointment is now on %(when)s, %(status)s. Nothing was changed.")
            % {"when": when, "status": status}
        )


@atomic()
def arrive(*, appointment, by, in_room=False):
    """Write that the patient has arrived, or is in the room.

    Raises ValidationError on another day, or if the appointment is over.
    """
    hold_as_read(appointment)
    _refuse_over(appointment)
    if appointment.day != timezone.localdate():
        day = day_in_words(appointment.day)
        raise ValidationError(_("This appointment is on %(day)s.") % {"day": day})
    status = AppointmentStatus.IN_ROOM if in_room else AppointmentStatus.ARRIVED
    appointment.status = status
    appointment.arrived_at = appointment.arrived_at or timezone.now()
    appointment.save(by=by, reason=str(status.label))
    return appointment


@atomic()
def finish(*, appointment, by):
    """Write that an appointment is done, of a kind that no record does by itself.

    Raises ValidationError if it is over, has not begun, or is done by recording what was done.
    """
    hold_as_read(appointment)
    _refuse_over(appointment)
    if appointment.kind in AppointmentKind.recorded():
        raise ValidationError(_("Record what was done; the appointment is done with it."))
    if appointment.starts_at > timezone.now():
        raise ValidationError(_("This appointment is still to come."))
    appointment.status = AppointmentStatus.DONE
    appointment.save(by=by, reason=_("Done."))
    return appointment


@atomic()
def call_off(*, appointment, status, reason, by):
    """Write that an appointment was missed or cancelled, and why: a reason of the clinic's list, or
    other words.

    Raises ValidationError without a reason, if it is over, or if one is missed that has not begun.
    """
    hold_as_read(appointment)
    _refuse_over(appointment)
    now = timezone.now()
    if status == AppointmentStatus.MISSED and appointment.starts_at > now:
        raise ValidationError(_("This appointment is still to come. Cancel it instead."))
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why.")})
    _say_why(appointment, reason)
    appointment.status = status
    if status == AppointmentStatus.CANCELLED:
        appointment.sequence += 1
        appointment.cancelled_late = is_late(appointment, now)
    appointment.rebook = rebook_of(appointment)
    appointment.save(by=by, reason=reason)
    messages.called_off(appointment, by=by)
    return appointment


@atomic()
def move(*, appointment, starts_at, by, **to):
    """Move an appointment, in the version that was shown, to another time; it stays as long as it
    is. `to` is what else becomes of it: another `practitioner`, `room` or `laser`.

    Raises ValidationError if that time cannot be, and StaleRecordError if the appointment has
    changed since its version was read.
    """
    hold_as_read(appointment)
    length = appointment.ends_at - appointment.starts_at
    appointment.starts_at, appointment.ends_at = starts_at, starts_at + length
    for name, resource in to.items():
        setattr(appointment, name, resource)
    # What was said of the old time does not hold for the new one.
    appointment.overbooked_reason = ""
    return book(appointment=appointment, plans=plans_of(appointment), by=by)


@atomic()
def fill(*, slot, appointment, by):
    """Move an appointment of somebody who would come earlier to the time of a cancelled one, with
    its practitioner, room and laser; they wait no longer.

    Raises ValidationError if that time is not free any more, and StaleRecordError if the
    appointment has changed since its version was read.
    """
    to = {name: getattr(slot, name) for name in RESOURCES if getattr(slot, name)}
    return move(
        appointment=appointment, starts_at=slot.starts_at, by=by, would_come_earlier=False, **to
    )


def _say_why(appointment, reason):
    listed = {one.words: one.of for one in AppointmentReason.objects.offered()}
    if reason in listed:
        appointment.reason, appointment.reason_of = reason, listed[reason]
    else:
        appointment.reason, appointment.reason_words = _("Other"), reason


def is_late(appointment, now):
    """Whether the patient cancels an appointment too late, at `now`."""
    hours = ClinicSettings.objects.current().late_cancellation_hours
    left = (appointment.starts_at - now).total_seconds()
    return appointment.reason_of == ReasonOf.PATIENT and left < hours * 3600


def rebook_of(appointment):
    """Whether the patient is to be asked for another time: unless its courses have ended."""
    courses = appointment.courses.standing().select_related("plan")
    plans = [one.plan for one in courses]
    ended = (PlanStatus.STOPPED, PlanStatus.COMPLETED)
    goes_on = not plans or any(not one.in_error and one.status not in ended for one in plans)
    return Rebook.OPEN if goes_on else ""


@atomic()
def decline(*, appointment, reason, by):
    """Write that a missed or cancelled appointment is not booked again, and why.

    Raises ValidationError without a reason, or if it is not waiting to be.
    """
    hold_as_read(appointment)
    if appointment.rebook != Rebook.OPEN:
        raise ValidationError(_("This is no longer waiting to be booked again."))
    if not reason.strip():
        raise ValidationError({"declined_reason": _("Say why not.")})
    appointment.rebook, appointment.declined_reason = Rebook.DECLINED, reason.strip()
    appointment.save(by=by, reason=appointment.declined_reason)
    return appointment


@atomic()
def put_back(*, appointment, by):
    """Take back that somebody arrived, or that an appointment was missed, cancelled or done by
    hand: it is booked again, at its time.

    Raises ValidationError if something else holds its time by now, or if a record made it done.
    """
    hold_as_read(appointment)
    if appointment.in_error or appointment.status == AppointmentStatus.BOOKED:
        raise ValidationError(_("There is nothing to take back."))
    if is_recorded(appointment):
        raise ValidationError(_("A record made this done. Mark that as entered in error."))
    if appointment.rebook == Rebook.BOOKED:
        when = moment_in_words(appointment.booked_again.starts_at)
        raise ValidationError(_("It was booked again: %(when)s.") % {"when": when})
    was = appointment.get_status_display()
    lock_resources(appointment)
    told = {}
    if not appointment.is_holding:
        plans = plans_of(appointment)
        appointment.status = AppointmentStatus.BOOKED
        if plans:
            check_courses(appointment, plans, told)
        check_clashes(appointment, by, told)
    if told:
        raise ValidationError([words for found in told.values() for words in found])
    if appointment.rebook or was == AppointmentStatus.CANCELLED.label:
        appointment.sequence += 1
    _blank_outcome(appointment)
    appointment.status = AppointmentStatus.BOOKED
    appointment.save(by=by, reason=_("Taken back: %(status)s.") % {"status": was.lower()})
    messages.put_back(appointment, by=by)
    return appointment


def is_recorded(appointment):
    """Whether a session or a consultation made an appointment done."""
    if appointment.status != AppointmentStatus.DONE:
        return False
    if appointment.kind == AppointmentKind.CONSULTATION:
        own = Consultation.objects.standing().filter(patient=appointment.patient_id)
        return own.filter(consulted_on=appointment.day).exists()
    return appointment.courses.standing().filter(session__isnull=False).exists()


def wait_again_for(*, appointment, by):
    """Without this appointment, what it was booked instead of is to be booked again."""
    for one in Appointment.objects.standing().filter(booked_again=appointment):
        one.rebook, one.booked_again = Rebook.OPEN, None
        one.save(by=by, reason=_("What was booked instead was entered in error."))


def _blank_outcome(appointment):
    appointment.reason = appointment.reason_of = appointment.reason_words = ""
    appointment.rebook = appointment.declined_reason = ""
    appointment.booked_again = appointment.arrived_at = None
    appointment.cancelled_late = False


def _refuse_over(appointment):
    if not appointment.is_holding:
        status = appointment.get_status_display().lower()
        raise ValidationError(_("This appointment is %(status)s already.") % {"status": status})
