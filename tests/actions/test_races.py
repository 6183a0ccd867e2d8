"""What people do at the same moment: each on a connection of their own, and one of them first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections
from django.utils import timezone

from consultations.actions.assessments import record_assessments
from consultations.actions.courses import keep_plan, keep_session
from consultations.models import (
    AreaAssessment,
    Patient,
    RecordCounter,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.vocabulary import Outcome
from tests.factories import (
    AssessmentFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(3)
PATIENCE = 30


def at_once(*actions):
    """Run the actions together; returns what each gave or raised, in their order."""
    start = Barrier(len(actions), timeout=PATIENCE)

    def run(action):
        start.wait()
        try:
            return action()
        except (ValidationError, IntegrityError) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as people:
        return [done.result(PATIENCE) for done in [people.submit(run, act) for act in actions]]


def refused(results):
    return sum(isinstance(result, Exception) for result in results)


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_session_recorded_by_ten_at_once_is_stored_once(_round):
    user, plan, mode = UserFactory(), PlanFactory(), LaserModeFactory()
    override = {
        "override_reason": "Leaves the country.",
        "overridden_by": user,
        "overridden_at": timezone.now(),
    }

    def record():
        session = SessionFactory.build(
            plan=TreatmentPlan.objects.get(),
            operator=user,
            laser_mode=mode,
            performed_on=date(2025, 4, 1),
            **override,
        )
        return keep_session(session=session, by=user)

    results = at_once(*[record] * 10)
    assert [refused(results), TreatmentSession.objects.count()] == [9, 1]
    assert TreatmentPlan.objects.get().next_due_on == date(2025, 4, 29)
    assert plan.history.count() == 2


@pytest.mark.parametrize("_round", ROUNDS)
def test_done_sessions_never_exceed_planned(_round):
    user = UserFactory()
    PlanFactory()

    def record(day):
        session = SessionFactory.build(
            plan=TreatmentPlan.objects.get(), elsewhere=True, performed_on=day
        )
        return lambda: keep_session(session=session, by=user)

    days = [date(2025, 4, 1) + timedelta(days=28 * number) for number in range(10)]
    results = at_once(*[record(day) for day in days])
    assert [refused(results), TreatmentSession.objects.done().count()] == [5, 5]
    assert TreatmentPlan.objects.get().status == "completed"


@pytest.mark.parametrize("_round", ROUNDS)
def test_plan_and_referral_raced_for_one_area_leave_one(_round):
    user, assessment = UserFactory(), AssessmentFactory()

    def plan():
        return keep_plan(plan=PlanFactory.build(assessment=assessment), by=user)

    def refer():
        area = AreaAssessment.objects.get()
        area.decision, area.decision_reason = Outcome.REFER_TO_SURGERY, "Very loose."
        area.decided_by, area.decided_at = user, timezone.now()
        return record_assessments(consultation=area.consultation, by=user, changed=[area])

    results = at_once(plan, refer)
    held = [TreatmentPlan.objects.open().count(), SurgicalReferral.objects.open().count()]
    assert refused(results) == 1
    assert sorted(held) == [0, 1]


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_plans_at_once_for_patient_and_area_leave_one(_round):
    user, patient = UserFactory(), PatientFactory()
    first, second = AssessmentFactory.create_batch(2, consultation__patient=patient)

    def plan_on(assessment):
        return lambda: keep_plan(plan=PlanFactory.build(assessment=assessment), by=user)

    results = at_once(plan_on(first), plan_on(second))
    assert [refused(results), TreatmentPlan.objects.count()] == [1, 1]


@pytest.mark.parametrize("_round", ROUNDS)
def test_patients_registered_at_once_have_numbers_of_their_own(_round):
    user = UserFactory()
    RecordCounter.objects.all().delete()
    results = at_once(*[lambda: PatientFactory(by=user)] * 10)
    numbers = Patient.objects.order_by("record_number").values_list("record_number", flat=True)
    assert refused(results) == 0
    assert list(numbers) == [f"P-{number:06d}" for number in range(1, 11)]
