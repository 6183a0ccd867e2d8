"""Book and move appointments: nobody in two places, and no course beyond what is planned."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import (
    Appointment,
    AppointmentPlan,
    Laser,
    Room,
    TreatmentPlan,
)
from consultations.models.text import moment_in_words
from consultations.models.transactions import atomic
from consultations.summaries.bookable import MAY_CONSULT, left_to_book
from consultations.summaries.clashing import clashes_of, span_in_words, wrong_times
from consultations.summaries.timeline import name_of
from consultations.vocabulary import (
    AppointmentKind,
    AppointmentStatus,
    PlanStatus,
    Rebook,
)

from . import messages
from .locking import lock_patient_of, refuse_record_that_ended

MAY_OVERBOOK = "consultations.overbook_appointment"
WHEN = ("starts_at", "ends_at")


def lock_resources(*appointments):
    """Lock the practitioners, rooms and lasers of these, in this order and by key, so that nobody
    waits for somebody who waits for them. Their patients are locked first."""
    for model, name in ((get_user_model(), "practitioner"), (Room, "room"), (Laser, "laser")):
        keys = {getattr(one, f"{name}_id") for one in appointments} - {None}
        held = model._base_manager.select_for_update(no_key=True).filter(pk__in=keys)
        if keys:
            list(held.order_by("pk").values_list("pk"))


@atomic()
def book(*, appointment, by, plans=(), reason="", checked=False, tells=True):
    """Save a new or moved appointment and the courses it is for; tell the patient, if it `tells`.
    `checked` says that a form checked all this in the same transaction, its patient and resources
    locked.

    Raises ValidationError next to the field for a time that cannot be, for what is in the way and
    may not be booked over or has no reason to be, and for a course that takes no appointment.
    """
    patient = lock_patient_of(appointment)
    refuse_record_that_ended(patient)
    appointment.patient = patient
    plans = list(plans)
    before = _as_stored(appointment)
    is_moved = before is not None and _moved(before, appointment)
    if not checked:
        lock_resources(appointment)
        check(appointment, plans=plans, by=by, before=before)
    if is_moved:
        appointment.sequence += 1
        reason = reason or _moved_in_words(before, appointment)
        if before.day != appointment.day:
            # Whoever was here is to come once more.
            appointment.status, appointment.arrived_at = AppointmentStatus.BOOKED, None
    appointment.save(by=by, reason=reason)
    keep_courses(appointment, plans, by)
    if before is None:
        _close_rebooks(appointment, plans, by)
    if tells and before is None:
        messages.booked(appointment, by=by)
    elif tells and before.starts_at != appointment.starts_at:
        messages.moved(appointment, by=by)
    return appointment


@atomic()
def book_all(*, appointments, by):
    """Save several new appointments, each with its courses: pairs of appointment and plans; the
    patient is told of all in one message.

    Raises ValidationError as `book` does; nothing is saved then.
    """
    for appointment, _plans in appointments:
        lock_patient_of(appointment)
    lock_resources(*(appointment for appointment, _plans in appointments))
    made = [book(appointment=one, plans=plans, by=by, tells=False) for one, plans in appointments]
    messages.booked(*made, by=by)
    return made


def _as_stored(appointment):
    """The appointment as it stands; None for a new one."""
    return Appointment.objects.get(pk=appointment.pk) if appointment.pk else None


def _moved(before, appointment):
    """Whether calendars have to be told: another time or room."""
    names = (*WHEN, "room_id")
    return any(getattr(before, name) != getattr(appointment, name) for name in names)


def _moved_in_words(before, appointment):
    spans = [span_in_words(one.starts_at, one.ends_at) for one in (before, appointment)]
    if spans[0] == spans[1]:
        room = appointment.room or _("to be assigned")
        return _("Another room: %(room)s.") % {"room": room}
    return _("Moved from %(from)s to %(to)s.") % dict(zip(("from", "to"), spans, strict=True))


def check(appointment, *, plans, by, before=None):
    """Raise ValidationError for whatever is in the way of saving this appointment.

    `before` is it as stored, if it is. Fills in who books over others, and when.
    """
    told = {}
    if before is not None and not before.is_holding:
        raise ValidationError(_("This appointment is over. Book a new one."))
    if before is None or any(getattr(before, one) != getattr(appointment, one) for one in WHEN):
        for field, words in wrong_times(appointment):
            told.setdefault(field, []).append(words)
    if told:
        raise ValidationError(told)
    check_courses(appointment, plans, told)
    _check_who_consults(appointment, before, told)
    check_clashes(appointment, by, told)
    if told:
        raise ValidationError(told)


def _check_who_consults(appointment, before, told):
    """A consultation is held by whoever records consultations."""
    who = appointment.practitioner
    if appointment.kind != AppointmentKind.CONSULTATION or who is None:
        return
    is_new = before is None or before.practitioner_id != who.pk or before.kind != appointment.kind
    if is_new and not who.has_perm(MAY_CONSULT):
        words = _("%(name)s holds no consultations. Choose a clinician.")
        told.setdefault("practitioner", []).append(words % {"name": name_of(who)})


def check_clashes(appointment, by, told):
    """Put into `told` what is in the way and is not booked over; say who books over it."""
    found = clashes_of(appointment)
    of_patient = [one for one in found if one.field == "patient"]
    # What overlapped before there was a diary may, until one of them is moved away.
    appointment.before_diary = appointment.before_diary and bool(of_patient)
    if appointment.before_diary:
        found = [one for one in found if one not in of_patient]
    if not any(one.may_be_booked_over for one in found):
        appointment.overbooked_reason = ""
    is_over = bool(appointment.overbooked_reason) and by.has_perm(MAY_OVERBOOK)
    refused = [one for one in found if not (one.may_be_booked_over and is_over)]
    for clash in refused:
        told.setdefault(clash.field, []).append(clash.words)
    if refused and all(one.may_be_booked_over for one in refused) and by.has_perm(MAY_OVERBOOK):
        told["overbooked_reason"] = [_("To book anyway, say why.")]
    say_who_overbooks(appointment, by)


def say_who_overbooks(appointment, by):
    """Who books over others, and when, follows from there being a reason."""
    if not appointment.overbooked_reason:
        appointment.overbooked_by = appointment.overbooked_at = None
    elif appointment.overbooked_at is None:
        appointment.overbooked_by, appointment.overbooked_at = by, timezone.now()


def check_courses(appointment, plans, told):
    """Put into `told` why its courses take no such appointment."""
    if appointment.kind == AppointmentKind.TREATMENT and not plans:
        told.setdefault("plans", []).append(_("Choose what is to be treated."))
    for plan in plans:
        for words in why_not_booked(plan, appointment):
            told.setdefault("plans", []).append(words)


def why_not_booked(plan, appointment):
    """Yield why a course takes no such appointment, in words."""
    area = plan.assessment.get_area_display()
    if plan.patient.pk != appointment.patient_id:
        yield _("%(area)s is a course of another patient.") % {"area": area}
        return
    if plan.in_error:
        yield _("%(area)s: this course was entered in error.") % {"area": area}
        return
    if not _is_for(appointment, plan):
        if plan.status in (PlanStatus.PAUSED, PlanStatus.STOPPED):
            yield _("%(area)s: the course is not active. Resume it first.") % {"area": area}
            return
        treats = appointment.kind == AppointmentKind.TREATMENT
        if treats and plan.status == PlanStatus.ACTIVE and plan.next_due_on is None:
            yield _("%(area)s: the patient refused consent or withdrew it.") % {"area": area}
            return
        if treats and _is_full(plan, appointment):
            yield _(
                "%(area)s: all %(planned)s planned sessions are done or booked. Extend the course "
                "first, with a reason."
            ) % {"area": area, "planned": plan.planned_sessions}
            return
    others = AppointmentPlan.objects.holding().filter(plan=plan)
    if appointment.pk:
        others = others.exclude(appointment=appointment)
    for other in others.filter(appointment__kind=appointment.kind).select_related("appointment"):
        if other.appointment.day == appointment.day:
            when = moment_in_words(other.appointment.starts_at)
            yield _("%(area)s is booked that day already: %(when)s.") % {"area": area, "when": when}


def _is_for(appointment, plan):
    """Whether an appointment holds its place in this course already, as stored."""
    stored = AppointmentPlan.objects.holding().filter(appointment=appointment.pk, plan=plan)
    return stored.filter(appointment__kind=appointment.kind).exists()


def _is_full(plan, appointment):
    """Whether as much is done and booked, but for this appointment, as was planned."""
    return left_to_book(plan, done=plan.done_sessions().count(), but=appointment) <= 0


def keep_courses(appointment, plans, by):
    """Let the appointment be for these courses, and no others."""
    kept = {one.plan_id: one for one in appointment.courses.standing()}
    wanted = {plan.pk for plan in plans}
    for key, course in kept.items():
        if key not in wanted:
            course.entered_in_error_at, course.entered_in_error_by = timezone.now(), by
            course.entered_in_error_reason = _("The appointment is no longer for this course.")
            course.save(by=by, reason=course.entered_in_error_reason)
    for plan in plans:
        if plan.pk not in kept:
            AppointmentPlan(appointment=appointment, plan=plan).save(by=by)


def _close_rebooks(appointment, plans, by):
    """What was to be booked again, of this kind and for these courses, now is."""
    waiting = Appointment.objects.to_book_again().filter(
        patient=appointment.patient_id, kind=appointment.kind
    )
    if plans:
        waiting = waiting.filter(courses__plan__in=plans).distinct()
    for one in waiting:
        one.rebook, one.booked_again = Rebook.BOOKED, appointment
        when = moment_in_words(appointment.starts_at)
        one.save(by=by, reason=_("Booked again: %(when)s.") % {"when": when})


def plans_of(appointment):
    """The courses that an appointment is for."""
    plans = TreatmentPlan.objects.with_patient().filter(
        appointments__appointment=appointment, appointments__entered_in_error_at__isnull=True
    )
    return list(plans.order_by("pk"))
