"""What is still booked for courses that a save ended, paused or brought forward."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Appointment, AppointmentPlan, TreatmentPlan
from consultations.models.days import start_of
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic
from consultations.summaries.bookable import left_to_book
from consultations.summaries.chart import earliest_safe
from consultations.vocabulary import (
    AppointmentKind,
    AppointmentStatus,
    PlanStatus,
    ReasonOf,
)

from . import messages
from .appointments import rebook_of
from .booking import keep_courses, plans_of
from .locking import lock_patient_of

# A review is not left over: who is no longer treated may well be seen.
TREATS = (AppointmentKind.TREATMENT, AppointmentKind.TEST_PATCH)
# What of a course its appointments depend on.
CHANGES = ("status", "next_due_on", "planned_sessions", "laser_type")


@dataclass(frozen=True)
class LeftBooked:
    """A course, why it has no use for these appointments any longer, and them."""

    plan: TreatmentPlan
    why: str
    appointments: tuple[Appointment, ...]


def left_booked(plans):
    """What is still to come for courses that were changed, and that they have no use for: all of
    it where a course has ended or waits, else what falls before the skin is safe to be treated
    again, or is more than was planned.

    `plans` are the courses, each with the version that it had before, or None.
    """
    booked = (
        AppointmentPlan.objects.holding()
        .filter(
            plan__in=plans,
            appointment__status=AppointmentStatus.BOOKED,
            appointment__kind__in=TREATS,
            appointment__starts_at__gte=start_of(timezone.localdate()),
        )
        .select_related(
            *("appointment__patient", "appointment__practitioner"),
            "plan__assessment__consultation__patient",
        )
        .order_by("plan", "appointment__starts_at", "pk")
    )
    held = {}
    for one in booked:
        held.setdefault(one.plan, []).append(one.appointment)
    found = (
        _left_of(plan, appointments, _as_before(plan, plans[plan]))
        for plan, appointments in held.items()
    )
    return [one for one in found if one is not None]


def _as_before(plan, version):
    """What stood in a course before it was changed, by name; {} where that is not to be told."""
    return plan.history.filter(version=version).values(*CHANGES).first() or {}


# Read by reception too: not why a course waits, only that it does.
WHY = {
    PlanStatus.COMPLETED: gettext_lazy("The course is complete"),
    PlanStatus.PAUSED: gettext_lazy("The course is paused"),
    PlanStatus.STOPPED: gettext_lazy("The course was stopped"),
}


def _left_of(plan, booked, before):
    if before == {name: getattr(plan, name) for name in CHANGES}:
        return None
    if plan.status != PlanStatus.ACTIVE:
        return LeftBooked(plan, str(WHY[plan.status]), tuple(booked))
    treatments = [one for one in booked if one.kind == AppointmentKind.TREATMENT]
    if plan.next_due_on is None:
        words = _("Consent to the course was refused or withdrawn")
        return LeftBooked(plan, words, tuple(treatments)) if treatments else None
    safe_from = earliest_safe(plan)
    early = [one for one in treatments if safe_from and one.day < safe_from]
    in_time = [one for one in treatments if one not in early]
    beyond = -left_to_book(plan, done=plan.done_sessions().count()) - len(early)
    if beyond > 0:
        # Of a course that became shorter its end goes; else the next, which was treated already.
        is_shorter = plan.planned_sessions < before.get("planned_sessions", 0)
        early += in_time[-beyond:] if is_shorter else in_time[:beyond]
        return LeftBooked(plan, _("More is booked than is planned"), tuple(early))
    if early:
        words = _("The next session is safe from %(day)s")
        return LeftBooked(plan, words % {"day": day_in_words(safe_from)}, tuple(early))
    return None


@atomic()
def cancel_left(left, *, by):
    """Cancel what is left booked for a course; an appointment for other courses too goes on for
    those. Return what was cancelled or changed."""
    lock_patient_of(left.plan)
    # As they stand now: one of them may have been taken off another course just before.
    keys = [appointment.pk for appointment in left.appointments]
    changed = list(Appointment.objects.select_related("patient").filter(pk__in=keys))
    for appointment in changed:
        others = [one for one in plans_of(appointment) if one.pk != left.plan.pk]
        if others:
            keep_courses(appointment, others, by)
            area = str(left.plan.assessment.get_area_display()).lower()
            appointment.save(by=by, reason=_("No longer for the %(area)s.") % {"area": area})
            continue
        appointment.status = AppointmentStatus.CANCELLED
        appointment.reason = left.why
        appointment.reason_of = ReasonOf.MEDICAL
        appointment.sequence += 1
        appointment.rebook = rebook_of(appointment)
        appointment.save(by=by, reason=appointment.reason)
        messages.called_off(appointment, by=by)
    return changed
