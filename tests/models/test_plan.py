"""Treatment plans: five sessions or a reason, one per area, states that say why and when."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.models import TreatmentPlan
from consultations.vocabulary import PlanStatus, ShortCourseReason
from tests.factories import PatientFactory, PlanFactory, SessionFactory, appointment_for

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def test_second_plan_of_one_assessment():
    first = PlanFactory()
    breaks("plan_one_per_assessment", PlanFactory(), assessment=first.assessment)


def test_second_plan_after_one_in_error(clinician):
    first = PlanFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong laser.",
    )
    keeps(PlanFactory(), assessment=first.assessment)


def test_four_sessions_without_a_reason():
    breaks("plan_five_sessions_or_a_reason", PlanFactory(), planned_sessions=4)


def test_no_session_even_with_a_reason():
    breaks(
        "plan_five_sessions_or_a_reason",
        PlanFactory(),
        planned_sessions=0,
        short_course_reason=ShortCourseReason.TOUCH_UP,
    )


def test_one_session_with_a_reason():
    keeps(PlanFactory(), planned_sessions=1, short_course_reason=ShortCourseReason.TOUCH_UP)


def test_negative_price():
    breaks("plan_price_not_negative", PlanFactory(), price_per_session=Decimal("-0.01"))


def test_free_of_charge():
    keeps(PlanFactory(), price_per_session=Decimal(0))


@pytest.mark.parametrize("status", [PlanStatus.PAUSED, PlanStatus.STOPPED])
def test_paused_or_stopped_without_a_reason(status):
    breaks("plan_paused_or_stopped_says_why", PlanFactory(), status=status)


@pytest.mark.parametrize(
    ("status", "completed_on"),
    [(PlanStatus.COMPLETED, None), (PlanStatus.ACTIVE, date(2025, 9, 1))],
)
def test_completion_and_its_date_that_disagree(status, completed_on):
    breaks("plan_completed_has_a_date", PlanFactory(), status=status, completed_on=completed_on)


TODAY = date(2025, 4, 1)


@pytest.mark.parametrize(
    ("due_in", "booked_in", "overdue"),
    [
        (-7, None, True),
        (-6, None, False),
        (-7, 0, False),
        (-7, 27, False),
        (-7, 28, True),  # an interval away: too late to count
        (-7, -1, False),  # first write down what became of that
    ],
)
def test_overdue(due_in, booked_in, overdue):
    plan = PlanFactory(started_on=TODAY + timedelta(days=due_in), interval_days=28)
    if booked_in is not None:
        noon = datetime(2025, 4, 1, 12, tzinfo=UTC) + timedelta(days=booked_in)
        appointment_for(plan, starts_at=noon)
    assert list(TreatmentPlan.objects.overdue(TODAY)) == ([plan] if overdue else [])


@pytest.mark.parametrize(
    ("due_in", "booked_in", "to_book"),
    [
        (14, None, True),
        (15, None, False),
        (-6, None, True),
        (-7, None, False),  # overdue by now
        (0, 400, False),
    ],
)
def test_to_book(due_in, booked_in, to_book):
    plan = PlanFactory(started_on=TODAY + timedelta(days=due_in))
    if booked_in is not None:
        noon = datetime(2025, 4, 1, 12, tzinfo=UTC) + timedelta(days=booked_in)
        appointment_for(plan, starts_at=noon)
    assert list(TreatmentPlan.objects.to_book(TODAY)) == ([plan] if to_book else [])


def test_what_is_to_be_booked_again_is_neither_overdue_nor_to_book():
    plan = PlanFactory(started_on=TODAY - timedelta(days=30))
    appointment_for(plan, missed=True)
    plans = TreatmentPlan.objects
    assert [*plans.overdue(TODAY), *plans.to_book(TODAY)] == []


def test_overdue_leaves_out_paused():
    PlanFactory(
        status=PlanStatus.PAUSED, status_reason="Travels.", next_due_on=TODAY - timedelta(days=30)
    )
    assert list(TreatmentPlan.objects.overdue(TODAY)) == []


def test_done_sessions_are_those_that_count_in_order():
    plan = PlanFactory()
    later = SessionFactory(plan=plan, performed_on=date(2025, 5, 1))
    earlier = SessionFactory(plan=plan, performed_on=date(2025, 4, 1))
    SessionFactory(plan=plan, missed=True)
    assert list(plan.done_sessions()) == [earlier, later]


def test_name_of_a_plan():
    patient = PatientFactory(family_name="Ng", given_name="Ann")
    assert str(PlanFactory(assessment__consultation__patient=patient)) == (
        "Plan: Ng, Ann (P-000001), face on 3 Mar 2025"
    )


def test_course_price_below_nothing():
    breaks("plan_course_price_not_negative", PlanFactory(), course_price=Decimal("-0.01"))


QUOTE = {
    "quoted_at": timezone.now(),
    "quoted_price": Decimal(500),
    "quoted_sessions": 5,
    "quoted_worth": "single",
}


def test_quote_without_a_price_per_session():
    keeps(PlanFactory(), **QUOTE)


@pytest.mark.parametrize("name", QUOTE)
def test_quote_that_lacks_something(name):
    missing = {name: "" if name == "quoted_worth" else None}
    breaks("plan_quote_is_whole", PlanFactory(), **QUOTE | missing)
