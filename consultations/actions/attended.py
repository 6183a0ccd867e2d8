"""What is recorded on the day makes its appointment done; what no longer counts opens it again."""

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import (
    Appointment,
    AppointmentPlan,
    Consultation,
)
from consultations.models.appointment import CALLED_OFF
from consultations.vocabulary import (
    AppointmentKind,
    AppointmentStatus,
)


def keep_appointment_in_step(*, session, by, is_new=False):
    """An appointment is done with the session of its day and course, and with no other."""
    if not is_new:
        open_again_without(session=session, by=by)
    if is_new or not AppointmentPlan.objects.standing().filter(session=session).exists():
        finish_with_session(session=session, by=by)


def finish_with_session(*, session, by):
    """The open appointment of that day for the course of a done session is done with it."""
    if not session.is_done or session.performed_elsewhere:
        return
    course = _course_of(session)
    if course is None:
        return
    course.session = session
    course.save(by=by, reason=_("Treated."))
    _make_done(course.appointment, by)


def _course_of(session):
    """The course of an appointment on that day that has no session done yet; an open one first."""
    courses = AppointmentPlan.objects.standing().filter(plan=session.plan_id)
    courses = courses.exclude(appointment__status__in=CALLED_OFF)
    courses = courses.exclude(session__status=AppointmentStatus.DONE)
    found = [
        one
        for one in courses.select_related("appointment").order_by("appointment__starts_at", "pk")
        if one.appointment.day == session.performed_on
        and one.appointment.kind == AppointmentKind.TREATMENT
    ]
    found.sort(key=lambda one: not one.appointment.is_holding)
    return next(iter(found), None)


def _make_done(appointment, by):
    if appointment.status != AppointmentStatus.DONE:
        appointment.status = AppointmentStatus.DONE
        appointment.save(by=by, reason=_("Done."))


def open_again_without(*, session, by):
    """Once its last session is in error, or of another day, an appointment is not done."""
    for course in AppointmentPlan.objects.standing().filter(session=session):
        appointment = course.appointment
        if session.is_done and session.performed_on == appointment.day:
            continue
        course.session = None
        course.save(by=by, reason=_("The session no longer counts."))
        others = appointment.courses.standing().filter(session__isnull=False)
        if appointment.status == AppointmentStatus.DONE and not others.exists():
            _put_to_arrived(appointment, by)


def _put_to_arrived(appointment, by):
    appointment.status = AppointmentStatus.ARRIVED
    appointment.arrived_at = appointment.arrived_at or timezone.now()
    appointment.save(by=by, reason=_("What was recorded no longer counts."))


def finish_with_consultation(*, consultation, by):
    """The patient's open consultation appointment of that day is done with it."""
    own = Appointment.objects.filter(
        patient=consultation.patient_id, kind=AppointmentKind.CONSULTATION
    ).on(consultation.consulted_on)
    if (first := own.holding().order_by("starts_at", "pk").first()) is not None:
        _make_done(first, by)


def open_again_without_consultation(*, patient, day, by):
    """Once no consultation of this day stands any more (it is in error, of another day or of
    another patient), its appointment is not done."""
    if Consultation.objects.standing().filter(patient=patient, consulted_on=day).exists():
        return
    own = Appointment.objects.standing().filter(
        patient=patient, kind=AppointmentKind.CONSULTATION, status=AppointmentStatus.DONE
    )
    for appointment in own.on(day):
        _put_to_arrived(appointment, by)
