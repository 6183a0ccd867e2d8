"""Courses: begun and how they stand, completed and what they took and changed."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Subquery, Sum

from consultations.models import TreatmentPlan, TreatmentSession
from consultations.models.spine import STANDING
from consultations.summaries.money import DONE_HERE
from consultations.vocabulary import Area, PlanStatus

from .counts import graded_after, of_courses_begun, of_courses_completed
from .days_between import DaysBetween
from .numbers import NO_MEANS, Both, all_of, averaged, counted


@dataclass(frozen=True, slots=True)
class Grades:
    """Mean laxity of an area before and after its course, 0 to 4, of those where both are known."""

    area: Area
    at_first: Both
    at_last: Both


@dataclass(frozen=True, slots=True)
class Courses:
    """`begun` in these days, and how they stand today; `completed` in these days, with the mean
    number of sessions done here and of days from the start on."""

    begun: Both
    states: dict
    completed: Both
    sessions: Both
    days: Both
    grades: tuple[Grades, ...]


def courses_of(span):
    """Return the courses of a span and of the one before, in two queries."""
    begun = list(
        TreatmentPlan.objects.filter(of_courses_begun(span.with_before))
        .order_by()
        .values("status", is_now=span.is_now("started_on"))
        .annotate(count=Count("pk"))
    )
    states, completed = counted(begun, lambda row: row["status"]), _completed(span)
    for row in completed:
        row["sessions"] = row["done"] * row["count"] if row["done"] else 0
    return Courses(
        begun=counted(begun, all_of).get(None, Both()),
        states={one: states.get(one.value, Both()) for one in PlanStatus},
        completed=counted(completed, all_of).get(None, Both()),
        sessions=averaged(completed, all_of, "sessions", "count").get(None, NO_MEANS),
        days=averaged(completed, all_of, "days", "count").get(None, NO_MEANS),
        grades=tuple(_grades(completed)),
    )


def _completed(span):
    """Courses that ended with the same number of sessions and the same grades count as one row:
    those are few, however many courses there are."""
    sessions = TreatmentSession.objects.filter(STANDING, plan=OuterRef("pk")).order_by()
    here = sessions.filter(DONE_HERE).values("plan").annotate(found=Count("pk")).values("found")
    return list(
        TreatmentPlan.objects.filter(of_courses_completed(span.with_before))
        .order_by()
        .values(
            is_now=span.is_now("completed_on"),
            area=F("assessment__area"),
            at_first=F("assessment__grade"),
            at_last=Subquery(graded_after().values("grade")[:1]),
            done=Subquery(here),
        )
        .annotate(count=Count("pk"), days=Sum(DaysBetween("started_on", "completed_on")))
    )


def _grades(rows):
    both = [row for row in rows if None not in (row["at_first"], row["at_last"])]
    for row in both:
        for name in ("at_first", "at_last"):
            row[f"sum_{name}"] = row[name] * row["count"]
    means = [
        averaged(both, lambda row: row["area"], f"sum_{name}", "count")
        for name in ("at_first", "at_last")
    ]
    for area in Area:
        yield Grades(area, *(found.get(area.value, NO_MEANS) for found in means))
