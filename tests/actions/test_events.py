"""A moderate or severe event keeps the laser off its area until a clinician clears it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.courses import keep_plan, keep_session
from consultations.actions.events import keep_event
from consultations.actions.signing import mark_in_error
from consultations.models import SurgicalReferral, TreatmentPlan
from consultations.vocabulary import EventSeverity, PlanStatus
from tests.factories import AssessmentFactory, EventFactory, PlanFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(clinician):
    return SessionFactory(by=clinician)


def event_of(session, **options):
    return EventFactory.build(session=session, **options)


def plan_of(session):
    return TreatmentPlan.objects.get(pk=session.plan_id)


def clear(event, by):
    event.clearance, event.cleared_by, event.cleared_at = "Healed.", by, timezone.now()
    return keep_event(event=event, by=by)


def test_mild_event_leaves_the_plan_alone(session, practitioner):
    keep_event(event=event_of(session), by=practitioner)
    assert plan_of(session).status == PlanStatus.ACTIVE


@pytest.mark.parametrize("severity", [EventSeverity.MODERATE, EventSeverity.SEVERE])
def test_event_pauses_the_plan_and_says_why(session, practitioner, severity):
    event = keep_event(event=event_of(session, severity=severity), by=practitioner)
    plan = plan_of(session)
    assert (plan.status, plan.paused_for, plan.next_due_on) == (PlanStatus.PAUSED, event, None)
    assert plan.status_reason.startswith("Redness that lasts since")


def test_clearing_resumes_the_plan(session, clinician):
    event = keep_event(event=event_of(session, moderate=True), by=clinician)
    clear(event, clinician)
    plan = plan_of(session)
    assert (plan.status, plan.status_reason, plan.paused_for) == (PlanStatus.ACTIVE, "", None)
    assert plan.next_due_on is not None


def test_plan_waits_until_the_last_event_is_cleared(session, clinician):
    first = keep_event(event=event_of(session, moderate=True), by=clinician)
    second = keep_event(event=event_of(session, moderate=True), by=clinician)
    clear(first, clinician)
    assert plan_of(session).status == PlanStatus.PAUSED
    clear(second, clinician)
    assert plan_of(session).status == PlanStatus.ACTIVE


def test_plan_paused_for_another_reason_stays_paused(session, clinician):
    plan = plan_of(session)
    plan.status, plan.status_reason = PlanStatus.PAUSED, "On holiday."
    keep_plan(plan=plan, by=clinician)
    clear(keep_event(event=event_of(session, moderate=True), by=clinician), clinician)
    assert (plan_of(session).status, plan_of(session).status_reason) == (
        PlanStatus.PAUSED,
        "On holiday.",
    )


def test_event_in_error_resumes_the_plan(session, clinician):
    event = keep_event(event=event_of(session, moderate=True), by=clinician)
    mark_in_error(record=event, by=clinician, reason="Wrong patient.")
    assert plan_of(session).status == PlanStatus.ACTIVE


def test_cleared_plan_waits_for_an_open_referral(session, clinician):
    event = keep_event(event=event_of(session, moderate=True), by=clinician)
    again = AssessmentFactory(
        consultation__patient=session.patient, area=session.plan.area, severe=True, by=clinician
    )
    SurgicalReferral(assessment=again).save(by=clinician)
    clear(event, clinician)
    plan = plan_of(session)
    assert (plan.status, plan.paused_for) == (PlanStatus.PAUSED, None)
    assert "referral" in plan.status_reason


def test_plan_cannot_be_resumed_by_hand_before(session, clinician):
    keep_event(event=event_of(session, moderate=True), by=clinician)
    plan = plan_of(session)
    plan.status, plan.status_reason = PlanStatus.ACTIVE, ""
    with pytest.raises(ValidationError, match="not cleared yet"):
        keep_plan(plan=plan, by=clinician)


def test_new_plan_of_the_area_is_refused_before(session, clinician):
    event = keep_event(event=event_of(session, moderate=True), by=clinician)
    again = AssessmentFactory(consultation__patient=event.patient, area=event.area, by=clinician)
    with pytest.raises(ValidationError, match="not cleared yet"):
        keep_plan(plan=PlanFactory.build(assessment=again), by=clinician)


def test_session_with_an_event_is_not_marked_in_error_first(session, clinician):
    keep_event(event=event_of(session), by=clinician)
    with pytest.raises(ValidationError, match="Mark the event first"):
        mark_in_error(record=session, by=clinician, reason="Wrong patient.")


def test_plan_names_the_event_it_still_waits_for(session, clinician):
    first = keep_event(event=event_of(session, moderate=True), by=clinician)
    second = keep_event(event=event_of(session, severity=EventSeverity.SEVERE), by=clinician)
    clear(first, clinician)
    plan = plan_of(session)
    assert plan.paused_for == second
    assert plan.status_reason.startswith("Redness that lasts")


def test_course_that_opens_again_waits_for_the_event(clinician):
    plan = PlanFactory(planned_sessions=2, short_course_reason="touch_up", by=clinician)
    first, last = (SessionFactory(plan=plan, by=clinician) for _number in range(2))
    event = keep_event(event=event_of(first, moderate=True), by=clinician)
    mark_in_error(record=last, by=clinician, reason="Wrong patient.")
    assert (plan_of(first).status, plan_of(first).paused_for) == (PlanStatus.PAUSED, event)
    clear(event, clinician)
    assert plan_of(first).status == PlanStatus.ACTIVE


def test_session_cannot_leave_its_event_behind(session, clinician):
    keep_event(event=event_of(session), by=clinician)
    session.performed_on = timezone.localdate()
    with pytest.raises(ValidationError) as refused:
        keep_session(session=session, by=clinician)
    assert list(refused.value.message_dict) == ["performed_on"]
