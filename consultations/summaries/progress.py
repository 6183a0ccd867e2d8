"""The progress of a course: sessions done of those planned, next due, overdue."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import TreatmentSession
from consultations.vocabulary import PlanStatus, SessionStatus

# What is read of a plan for its progress.
READ_FOR_PROGRESS = ("status", "planned_sessions", "next_due_on", "entered_in_error_at")


@dataclass(frozen=True, slots=True)
class Progress:
    """One course today.

    `booked_for` is the next booking from today on, `last_on` the day of the last done session.
    """

    done: int
    planned: int
    status: str
    next_due_on: date | None
    last_on: date | None
    booked_for: datetime | None
    is_overdue: bool

    @property
    def is_open(self):
        return self.status in {PlanStatus.ACTIVE, PlanStatus.PAUSED}

    @property
    def dots(self):
        """Return ●●●○○ for the eye alone; `words` says it for everybody."""
        return "●" * self.done + "○" * max(self.planned - self.done, 0)

    @property
    def words(self):
        return _("%(done)s of %(planned)s") % {"done": self.done, "planned": self.planned}


def progress_of(plans):
    """Return progress by plan id, in one query for any number of plans."""
    today = timezone.localdate()
    done = Q(status=SessionStatus.DONE)
    booked = Q(status=SessionStatus.BOOKED, day__gte=today)
    counts = (
        TreatmentSession.objects.filter(
            plan__in=[plan.pk for plan in plans], entered_in_error_at__isnull=True
        )
        .order_by()
        .values("plan")
        .annotate(
            done=Count("pk", filter=done),
            last_on=Max("performed_on", filter=done),
            booked_for=Min("booked_for", filter=booked),
        )
    )
    by_plan = {row["plan"]: row for row in counts}
    return {plan.pk: _progress(plan, by_plan.get(plan.pk, {}), today) for plan in plans}


def progress_in(plan, sessions):
    """Return the progress of one plan from sessions that were already read.

    Those of other plans may be among them.
    """
    today = timezone.localdate()
    own = [one for one in sessions if one.plan_id == plan.pk and not one.in_error]
    done = [one.performed_on for one in own if one.is_done]
    booked = [
        one.booked_for for one in own if one.status == SessionStatus.BOOKED and one.day >= today
    ]
    counts = {
        "done": len(done),
        "last_on": max(done, default=None),
        "booked_for": min(booked, default=None),
    }
    return _progress(plan, counts, today)


def _progress(plan, counts, today):
    booked_for = counts.get("booked_for")
    late = plan.next_due_on is not None and plan.next_due_on < today
    return Progress(
        done=counts.get("done", 0),
        planned=plan.planned_sessions,
        status=plan.status,
        next_due_on=plan.next_due_on,
        last_on=counts.get("last_on"),
        booked_for=booked_for,
        is_overdue=plan.status == PlanStatus.ACTIVE
        and late
        and booked_for is None
        and not plan.in_error,
    )
