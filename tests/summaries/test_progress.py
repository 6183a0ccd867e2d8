"""How far a course has come: what counts, what is due, what is overdue."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from consultations.models import TreatmentPlan
from consultations.summaries.progress import Progress, progress_of
from consultations.vocabulary import PlanStatus
from tests.factories import PlanFactory, SessionFactory, appointment_for

pytestmark = pytest.mark.django_db

TODAY = date(2025, 7, 1)
NOON = datetime(2025, 7, 1, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOON, tick=False)


def progress(plan):
    return progress_of([plan])[plan.pk]


def plan_due(days, **options):
    """A plan whose next session is due so many days from today."""
    return PlanFactory(started_on=TODAY + timedelta(days=days), **options)


def test_progress_of_a_new_plan():
    plan = plan_due(1)
    assert progress(plan) == Progress(
        done=0,
        planned=5,
        status="active",
        next_due_on=date(2025, 7, 2),
        last_on=None,
        booked_for=None,
        is_overdue=False,
    )


def test_progress_of_a_course_under_way():
    plan = PlanFactory(started_on=date(2025, 5, 5))
    SessionFactory(plan=plan, performed_on=date(2025, 5, 12))
    SessionFactory(plan=plan, performed_on=date(2025, 6, 9))
    appointment_for(plan, missed=True)
    appointment_for(plan, starts_at=NOON + timedelta(days=9))
    appointment_for(plan, starts_at=NOON + timedelta(days=8))
    assert progress(plan) == Progress(
        done=2,
        planned=5,
        status="active",
        next_due_on=date(2025, 7, 7),
        last_on=date(2025, 6, 9),
        booked_for=NOON + timedelta(days=8),
        is_overdue=False,
    )


def test_progress_leaves_out_what_is_in_error(clinician):
    plan = PlanFactory()
    SessionFactory(
        plan=plan,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong patient.",
    )
    assert [progress(plan).done, progress(plan).last_on] == [0, None]


def test_dots_and_words():
    plan = PlanFactory()
    SessionFactory.create_batch(3, plan=plan)
    assert [progress(plan).dots, progress(plan).words] == ["●●●○○", "3 of 5"]


def test_dots_and_words_of_a_finished_course():
    plan = PlanFactory()
    SessionFactory.create_batch(5, plan=plan)
    finished = progress(plan)
    assert [finished.dots, finished.words, finished.status] == ["●●●●●", "5 of 5", "completed"]
    assert [finished.next_due_on, finished.is_overdue] == [None, False]


OVERDUE = [
    (-7, None, True),
    (-6, None, False),
    (1, None, False),
    (-7, timedelta(days=-1), False),  # first write down what became of that
    (-7, timedelta(hours=-10), False),  # booked for one o'clock this morning
    (-7, timedelta(days=3), False),
    (-7, timedelta(days=27), False),
    (-7, timedelta(days=28), True),  # an interval away, and so no help
]


@pytest.mark.parametrize(("due", "booked", "overdue"), OVERDUE)
def test_overdue_as_shown_and_as_listed(due, booked, overdue):
    plan = plan_due(due)
    if booked is not None:
        appointment_for(plan, starts_at=NOON + booked)
    assert progress(plan).is_overdue is overdue
    assert TreatmentPlan.objects.overdue().exists() is overdue


def test_what_is_to_be_booked_again_is_not_overdue():
    plan = plan_due(-15)
    appointment_for(plan, missed=True)
    assert progress(plan).is_overdue is False
    assert list(TreatmentPlan.objects.overdue()) == []


@pytest.mark.parametrize("status", [PlanStatus.PAUSED, PlanStatus.STOPPED])
def test_plan_that_waits_is_not_overdue(status):
    plan = plan_due(-15, status=status, status_reason="Travels.")
    assert [progress(plan).is_overdue, progress(plan).next_due_on] == [False, None]


def test_plan_in_error_is_not_overdue(clinician):
    plan = plan_due(-15)
    plan.entered_in_error_at, plan.entered_in_error_by = timezone.now(), clinician
    plan.entered_in_error_reason = "Wrong patient."
    plan.save(by=clinician)
    assert progress(plan).is_overdue is False
    assert list(TreatmentPlan.objects.overdue()) == []


@pytest.mark.parametrize("count", [1, 30])
def test_progress_takes_one_query(count, django_assert_num_queries):
    plans = PlanFactory.create_batch(count)
    for plan in plans:
        SessionFactory(plan=plan)
    with django_assert_num_queries(1):
        found = progress_of(plans)
    assert [found[plan.pk].done for plan in plans] == [1] * count
