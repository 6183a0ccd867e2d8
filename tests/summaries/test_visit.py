"""What a visit starts from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.summaries.visit import visit_of
from consultations.vocabulary import Area, LaserType, PlanStatus
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PlanFactory,
    SessionFactory,
    appointment_for,
    at,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def consultation():
    return ConsultationFactory(consulted_on=TODAY() - timedelta(days=90))


def plan_of(consultation, area, **options):
    return PlanFactory(
        assessment=AssessmentFactory(consultation=consultation, area=area),
        started_on=consultation.consulted_on,
        **options,
    )


def days_ago(days):
    return TODAY() - timedelta(days=days)


def test_due_areas_come_first(consultation):
    later = plan_of(consultation, Area.FACE, next_due_on=TODAY() + timedelta(days=100))
    due = plan_of(consultation, Area.NECK)
    found = visit_of(consultation.patient, TODAY()).areas
    assert [(area.plan, area.is_due) for area in found] == [(due, True), (later, False)]


def test_what_is_booked_for_the_day_is_due(consultation):
    plan = plan_of(consultation, Area.FACE, next_due_on=TODAY() + timedelta(days=100))
    appointment_for(plan, starts_at=at(10, days=1))
    (area,) = visit_of(consultation.patient, TODAY()).areas
    assert (area.is_booked, area.is_due) == (False, False)
    (area,) = visit_of(consultation.patient, TODAY() + timedelta(days=1)).areas
    assert (area.is_booked, area.is_due) == (True, True)


def test_last_time_is_that_of_the_same_laser_here(consultation):
    plan = plan_of(consultation, Area.FACE)
    last = SessionFactory(plan=plan, performed_on=days_ago(40))
    SessionFactory(plan=plan, performed_on=days_ago(20), elsewhere=True)
    again = ConsultationFactory(patient=consultation.patient, consulted_on=days_ago(80))
    other = plan_of(
        again,
        Area.FACE,
        laser_type=LaserType.NON_ABLATIVE_FRACTIONAL,
        status=PlanStatus.STOPPED,
        status_reason="Changed.",
    )
    SessionFactory(plan=other, performed_on=days_ago(30))
    (area,) = visit_of(consultation.patient, TODAY()).areas
    assert (area.last, area.number) == (last, 3)
    # Any session on the area counts for its rest, wherever and with whatever it was done.
    assert area.safe_from == days_ago(20 - 14)


def test_eleven_queries_whatever_there_is(consultation, django_assert_num_queries):
    for area in Area:
        plan = plan_of(consultation, area)
        SessionFactory(plan=plan, performed_on=days_ago(40))
    with django_assert_num_queries(11):
        assert len(visit_of(consultation.patient, TODAY()).areas) == 5


def test_nothing_without_an_active_plan(consultation):
    plan_of(consultation, Area.FACE, status=PlanStatus.PAUSED, status_reason="Away.")
    assert visit_of(consultation.patient, TODAY()).areas == ()
