"""The numbers behind the plots a manager looks at, each read off an index by date."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from consultations.models import AreaAssessment, Consultation, TreatmentPlan, TreatmentSession
from consultations.vocabulary import Outcome, PlanStatus, SessionStatus

WEEKS_SHOWN = 12
OUTCOME_DAYS = 90
COURSE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    sessions: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a manager looks at: pairs of a value and its count, and the weeks in order."""

    outcomes: tuple
    weeks: tuple
    courses: tuple


def figures_of(today):
    """Outcomes of the last 90 days, sessions of 12 weeks, courses of 12 months."""
    return Figures(
        outcomes=_outcomes(today - timedelta(days=OUTCOME_DAYS)),
        weeks=_weeks(today),
        courses=_courses(today - timedelta(days=COURSE_DAYS)),
    )


def _outcomes(since):
    # By key: joined, SQLite walks all areas there are instead of the days asked for.
    consultations = Consultation.objects.standing().filter(consulted_on__gt=since).values("pk")
    areas = AreaAssessment.objects.filter(
        consultation__in=consultations, entered_in_error_at__isnull=True
    )
    return _by_value(areas, "effective_outcome", Outcome)


def _courses(since):
    """Plans started since that day, by how they stand. Nothing they rest on is in error."""
    plans = TreatmentPlan.objects.filter(started_on__gt=since, entered_in_error_at__isnull=True)
    return _by_value(plans, "status", PlanStatus)


def _by_value(records, column, choices):
    # Not grouped: SQLite would walk the index of all values instead of that of days.
    counts = {value.name: Count(column, filter=Q(**{column: value})) for value in choices}
    found = records.aggregate(**counts)
    return tuple((value, found[value.name]) for value in choices)


def _weeks(today):
    """Done sessions of the last weeks, this one last."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS_SHOWN - 1)
    days = TreatmentSession.objects.filter(
        status=SessionStatus.DONE, day__gte=first, entered_in_error_at__isnull=True
    )
    counts = dict.fromkeys(range(WEEKS_SHOWN), 0)
    for day, count in days.order_by().values_list("day").annotate(Count("day")):
        if day <= today:
            counts[(day - first).days // 7] += count
    return tuple(Week(first + timedelta(weeks=week), count) for week, count in counts.items())
