"""A course that began a while ago, and later visits about its area."""

from tests.factories import AssessmentFactory, PlanFactory


def course_since(day, **given):
    on = {"assessment__consultation__consulted_on": day, "started_on": day}
    return PlanFactory(**(on | given))


def assessed_again(plan, on, area=None, **said):
    """Another visit that assessed the area of a plan, or another area of its patient."""
    visit = {"consultation__patient": plan.patient, "consultation__consulted_on": on}
    return AssessmentFactory(area=area or plan.area, **visit, **said)
