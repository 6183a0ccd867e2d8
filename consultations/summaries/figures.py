"""The numbers behind the plots a manager looks at, each read off an index by date.

Where they are many, they are counted every ten minutes, and say when.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from consultations.models import AreaAssessment, Consultation, TreatmentPlan, TreatmentSession
from consultations.vocabulary import Outcome, PlanStatus, SessionStatus

WEEKS_SHOWN = 12
OUTCOME_DAYS = 90
COURSE_DAYS = 365
MANY = 20_000
KEPT_FOR = 600  # seconds


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    sessions: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a manager looks at: pairs of a value and its count, and the weeks in order; of which day
    they are, and when they were counted where that was a while ago."""

    today: date
    outcomes: tuple
    weeks: tuple
    courses: tuple
    counted_at: datetime | None = None

    @property
    def counted(self):
        """How many rows were counted."""
        weeks = sum(week.sessions for week in self.weeks)
        return weeks + sum(count for _value, count in (*self.outcomes, *self.courses))


def figures_of(today):
    """Outcomes of the last 90 days, sessions of 12 weeks, courses of 12 months."""
    return kept_where_many(f"figures-{today}", lambda: _count(today), MANY)


def kept_where_many(key, count, many):
    """Return what `count` counts, under a key of its own: a dataclass with `counted` rows and
    `counted_at`. From so `many` rows on it is counted once in a while, and says when."""
    if (kept := cache.get(key)) is not None:
        return kept
    figures = count()
    if figures.counted >= many:
        figures = replace(figures, counted_at=timezone.now())
        cache.set(key, figures, KEPT_FOR)
    return figures


def _count(today):
    return Figures(
        today=today,
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
