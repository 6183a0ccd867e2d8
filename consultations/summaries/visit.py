"""What a visit starts from: the areas under treatment, what is due, and what was done last time."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from consultations.models import TreatmentPlan, TreatmentSession
from consultations.rules.protocol import MINIMUM_GAP_DAYS
from consultations.vocabulary import PlanStatus

from .progress import Progress, progress_of

SOON = 3  # days before it is due that a session is offered as due


@dataclass(frozen=True, slots=True)
class AreaVisit:
    """One area on a visit's page. `session` is today's booking or a new one, unsaved; `last` the
    last session done here with the same laser type."""

    plan: TreatmentPlan
    progress: Progress
    last: TreatmentSession | None
    session: TreatmentSession
    safe_from: date | None
    is_due: bool

    @property
    def number(self):
        """The place this session will have in its course."""
        return self.progress.done + 1


def areas_of(patient):
    """The areas of a patient with an active plan, those booked for today or due first; four
    queries."""
    today = timezone.localdate()
    plans = [
        plan
        for plan in TreatmentPlan.objects.open()
        .filter(assessment__consultation__patient=patient)
        .select_related("assessment__consultation__patient")
        .order_by("pk")
        if plan.status == PlanStatus.ACTIVE
    ]
    progress = progress_of(plans)
    bookings = TreatmentSession.objects.booked().filter(plan__in=plans, day=today)
    booked = {booking.plan_id: booking for booking in bookings}
    done = list(
        TreatmentSession.objects.done()
        .filter(plan__assessment__consultation__patient=patient)
        .select_related("plan__assessment", "laser_mode__laser")
        .order_by("-performed_on", "-pk")
    )
    areas = [_area(plan, progress[plan.pk], booked.get(plan.pk), done, today) for plan in plans]
    return sorted(areas, key=lambda area: not area.is_due)


def _area(plan, progress, booking, done, today):
    on_area = [one for one in done if one.plan.area == plan.area]
    session = booking or TreatmentSession(plan=plan)
    session.plan = plan
    due_on = plan.next_due_on
    return AreaVisit(
        plan=plan,
        progress=progress,
        last=next((one for one in on_area if _is_like(one, plan)), None),
        session=session,
        safe_from=_safe_from(plan, on_area),
        is_due=booking is not None or bool(due_on and (due_on - today).days <= SOON),
    )


def _is_like(session, plan):
    return session.plan.laser_type == plan.laser_type and not session.performed_elsewhere


def _safe_from(plan, on_area):
    if not on_area:
        return None
    return on_area[0].performed_on + timedelta(days=MINIMUM_GAP_DAYS[plan.laser_type])
