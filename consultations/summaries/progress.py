"""The progress of a course: sessions done of those planned, next due, overdue."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import AppointmentPlan, TreatmentPlan, TreatmentSession
from consultations.models.days import start_of
from consultations.models.plan import HOLDS, OVERDUE_AFTER, TO_BOOK_AGAIN
from consultations.models.spine import STANDING
from consultations.vocabulary import AppointmentKind, PlanStatus, Rebook, SessionStatus

# What is read of a plan for its progress.
READ_FOR_PROGRESS = (
    "status",
    "planned_sessions",
    "interval_days",
    "next_due_on",
    "entered_in_error_at",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """One course today.

    `booked_for` is the next treatment booked from today on, `last_on` the day of the last done
    session.
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
    counts = {}
    if plans:
        rows = TreatmentPlan.objects.filter(pk__in=[plan.pk for plan in plans]).order_by()
        counts = {row["pk"]: row for row in rows.values("pk", **_counted())}
    return {plan.pk: _progress(plan, counts.get(plan.pk, {})) for plan in plans}


def _counted():
    """What is asked of each plan: sessions done, the last of them, appointments still open."""
    done = TreatmentSession.objects.filter(
        STANDING, plan=OuterRef("pk"), status=SessionStatus.DONE
    ).order_by()
    held = AppointmentPlan.objects.treating().filter(plan=OuterRef("pk")).order_by()
    begun = start_of(timezone.localdate())
    return {
        "done": _of(done, Count("pk")),
        "last_on": _of(done, Max("performed_on")),
        "booked_for": _of(
            held.filter(appointment__starts_at__gte=begun), Min("appointment__starts_at")
        ),
        "is_to_deal_with": Exists(
            AppointmentPlan.objects.filter(
                STANDING,
                Q(HOLDS, appointment__starts_at__lt=begun) | TO_BOOK_AGAIN,
                plan=OuterRef("pk"),
            )
        ),
    }


def _of(rows, what):
    return Subquery(rows.values("plan").annotate(found=what).values("found"))


def progress_in(plan, sessions, courses):
    """Return the progress of one plan from sessions and courses of appointments that were already
    read.

    Those of other plans may be among them.
    """
    done = [one.performed_on for one in sessions if one.plan_id == plan.pk and one.is_done]
    own = [one.appointment for one in courses if one.plan_id == plan.pk and not one.in_error]
    own = [one for one in own if one.kind == AppointmentKind.TREATMENT]
    held = [one for one in own if one.is_holding]
    begun = start_of(timezone.localdate())
    counts = {
        "done": len(done),
        "last_on": max(done, default=None),
        "booked_for": min((one.starts_at for one in held if one.starts_at >= begun), default=None),
        "is_to_deal_with": any(
            one.starts_at < begun if one.is_holding else one.rebook == Rebook.OPEN
            for one in own
            if not one.in_error
        ),
    }
    return _progress(plan, counts)


def _progress(plan, counts):
    today = timezone.localdate()
    booked_for = counts.get("booked_for")
    due = plan.next_due_on
    is_late = due is not None and due <= today - timedelta(days=OVERDUE_AFTER)
    far = start_of(today).astimezone(UTC) + timedelta(days=plan.interval_days)
    return Progress(
        done=counts.get("done") or 0,
        planned=plan.planned_sessions,
        status=plan.status,
        next_due_on=due,
        last_on=counts.get("last_on"),
        booked_for=booked_for,
        is_overdue=plan.status == PlanStatus.ACTIVE
        and is_late
        and (booked_for is None or booked_for >= far)
        and not counts.get("is_to_deal_with", False)
        and not plan.in_error,
    )
