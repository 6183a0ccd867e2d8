"""Running a course: where a plan may be opened, what a session counts for, when the next is due."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.courses import (
    keep_plan,
    keep_session,
)
from consultations.actions.prefilled import prefilled_plan, prefilled_session
from consultations.actions.signing import mark_in_error
from consultations.models import TreatmentPlan, TreatmentSession
from consultations.rules import RULEBOOK
from consultations.vocabulary import (
    Area,
    Outcome,
    PlanStatus,
    ShortCourseReason,
)
from tests.factories import (
    AssessmentFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db

REFERRED = "This area has an open referral to a surgeon. Close the referral first."
PLANNED = "This patient already has an open plan for this area."


def new_plan(patient=None, area=Area.FACE, **options):
    patient = patient or PatientFactory()
    assessment = AssessmentFactory(consultation__patient=patient, area=area)
    return PlanFactory.build(assessment=assessment, **options)


def new_session(plan, by, **options):
    """A session of today's answers, not yet saved, one interval after the last."""
    day = plan.started_on + timedelta(days=plan.interval_days * (plan.done_sessions().count() + 1))
    mode = LaserModeFactory(laser_type=plan.laser_type)
    defaults = {"plan": plan, "operator": by, "laser_mode": mode, "performed_on": day}
    return SessionFactory.build(**defaults | options)


def short_plan(sessions, **options):
    return PlanFactory(
        planned_sessions=sessions, short_course_reason=ShortCourseReason.TOUCH_UP, **options
    )


def refusal(action, **arguments):
    with pytest.raises(ValidationError) as told:
        action(**arguments)
    return told.value.message_dict


# Opening a plan


def test_plan_is_kept_with_its_first_due_date(clinician):
    plan = keep_plan(plan=new_plan(started_on=date(2025, 3, 3)), by=clinician, reason="Agreed.")
    assert [plan.status, plan.next_due_on] == ["active", date(2025, 3, 3)]
    assert plan.history.get().history_change_reason == "Agreed."


def test_plan_beside_an_open_referral_is_refused(clinician):
    referral = ReferralFactory()
    plan = new_plan(referral.patient)
    assert refusal(keep_plan, plan=plan, by=clinician) == {"assessment": [REFERRED]}
    assert TreatmentPlan.objects.count() == 0


def test_plan_beside_a_referral_of_another_area(clinician):
    referral = ReferralFactory(assessment__area=Area.NECK)
    keep_plan(plan=new_plan(referral.patient), by=clinician)
    assert TreatmentPlan.objects.count() == 1


@pytest.mark.parametrize("status", [PlanStatus.ACTIVE, PlanStatus.PAUSED])
def test_second_open_plan_of_patient_and_area_is_refused(status, clinician):
    first = PlanFactory(status=status, status_reason="Travels.")
    plan = new_plan(first.patient)
    assert refusal(keep_plan, plan=plan, by=clinician) == {"assessment": [PLANNED]}


def test_second_plan_after_one_that_was_stopped(clinician):
    first = PlanFactory(status=PlanStatus.STOPPED, status_reason="Moved away.")
    keep_plan(plan=new_plan(first.patient), by=clinician)
    assert TreatmentPlan.objects.open().count() == 1


def test_plan_for_an_area_not_suitable_is_refused(clinician):
    assessment = AssessmentFactory(infection=True)
    plan = PlanFactory.build(assessment=assessment)
    message = "This area is not suitable for laser: wait."
    assert refusal(keep_plan, plan=plan, by=clinician) == {"assessment": [message]}


def test_plan_for_an_area_decided_to_treat(clinician):
    assessment = AssessmentFactory(
        severe=True,
        decision=Outcome.CANDIDATE,
        decision_reason="Too frail for surgery.",
        decided_by=clinician,
        decided_at=timezone.now(),
    )
    keep_plan(plan=PlanFactory.build(assessment=assessment), by=clinician)
    assert TreatmentPlan.objects.get().assessment == assessment


def test_plan_for_an_assessment_since_found_in_error_is_refused(clinician):
    plan = new_plan()
    mark_in_error(
        record=type(plan.assessment).objects.get(), by=clinician, reason="Another patient."
    )
    message = "This assessment was entered in error."
    assert refusal(keep_plan, plan=plan, by=clinician) == {"assessment": [message]}


def test_paused_plan_is_not_due(clinician):
    plan = PlanFactory()
    plan.status, plan.status_reason = PlanStatus.PAUSED, "Travels."
    assert keep_plan(plan=plan, by=clinician).next_due_on is None


def test_resuming_beside_an_open_referral_is_refused(clinician):
    plan = PlanFactory(status=PlanStatus.PAUSED, status_reason="Referred.")
    ReferralFactory(assessment__consultation__patient=plan.patient)
    plan.status = PlanStatus.ACTIVE
    assert refusal(keep_plan, plan=plan, by=clinician) == {"status": [REFERRED]}


def test_resuming_beside_another_open_plan_is_refused(clinician):
    plan = PlanFactory(status=PlanStatus.STOPPED, status_reason="Moved away.")
    PlanFactory(assessment__consultation__patient=plan.patient)
    plan.status = PlanStatus.ACTIVE
    assert refusal(keep_plan, plan=plan, by=clinician) == {"status": [PLANNED]}


# Due and done


def test_next_due_is_the_start_and_then_the_last_done_plus_the_interval(clinician):
    plan = PlanFactory(started_on=date(2025, 3, 3), interval_days=28)
    due = [plan.next_due_on]
    for day in (date(2025, 4, 7), date(2025, 5, 12)):
        keep_session(session=new_session(plan, clinician, performed_on=day), by=clinician)
        due.append(TreatmentPlan.objects.get().next_due_on)
    assert due == [date(2025, 3, 3), date(2025, 5, 5), date(2025, 6, 9)]


def test_session_entered_late_does_not_move_the_due_date_back(clinician):
    plan = SessionFactory(performed_on=date(2025, 6, 2)).plan
    keep_session(session=new_session(plan, clinician, performed_on=date(2025, 4, 7)), by=clinician)
    assert TreatmentPlan.objects.get().next_due_on == date(2025, 6, 30)


def test_last_planned_session_completes_the_plan(clinician):
    plan = short_plan(2)
    for _ in range(2):
        last = keep_session(session=new_session(plan, clinician), by=clinician)
    kept = TreatmentPlan.objects.get()
    assert [kept.status, kept.completed_on, kept.next_due_on] == [
        "completed",
        last.performed_on,
        None,
    ]


def test_one_session_more_than_planned_is_refused_until_extended(clinician):
    plan = short_plan(1)
    SessionFactory(plan=plan)
    message = "All 1 planned sessions are done. Extend the plan first, with a reason."
    session = new_session(plan, clinician)
    assert refusal(keep_session, session=session, by=clinician) == {"performed_on": [message]}
    plan.planned_sessions, plan.extension_reason = 2, "Still loose."
    keep_plan(plan=plan, by=clinician)
    assert [plan.status, plan.completed_on] == ["active", None]
    keep_session(session=session, by=clinician)
    assert TreatmentPlan.objects.get().status == PlanStatus.COMPLETED


def test_marking_a_session_in_error_reactivates_the_plan(clinician):
    plan = short_plan(2)
    first, second = SessionFactory(plan=plan), SessionFactory(plan=plan)
    mark_in_error(record=second, by=clinician, reason="Another patient.")
    kept = TreatmentPlan.objects.get()
    assert [kept.status, kept.completed_on] == ["active", None]
    assert kept.next_due_on == first.performed_on + timedelta(days=28)


def test_last_session_may_still_be_edited(clinician):
    session = SessionFactory(plan=short_plan(1))
    session.notes = "Slight redness."
    keep_session(session=session, by=clinician)
    assert TreatmentSession.objects.get().notes == "Slight redness."


def test_plan_made_shorter_meanwhile_takes_no_session_more(clinician):
    plan = short_plan(2)
    keep_session(session=new_session(plan, clinician), by=clinician)
    read_before = TreatmentPlan.objects.get()
    plan = TreatmentPlan.objects.get()
    plan.planned_sessions = 1
    keep_plan(plan=plan, by=clinician)
    session = new_session(read_before, clinician)
    assert list(refusal(keep_session, session=session, by=clinician)) == ["performed_on"]


def test_planned_sessions_below_those_done_are_refused(clinician):
    plan = short_plan(3)
    SessionFactory.create_batch(2, plan=plan)
    plan.planned_sessions = 1
    assert list(refusal(keep_plan, plan=plan, by=clinician)) == ["planned_sessions"]


def test_extending_a_completed_plan_beside_an_open_one_is_refused(clinician):
    plan = SessionFactory(plan=short_plan(1)).plan
    PlanFactory(assessment__consultation__patient=plan.patient)
    plan.planned_sessions = 2
    assert refusal(keep_plan, plan=plan, by=clinician) == {"status": [PLANNED]}


def test_extending_a_completed_plan_beside_a_referral_is_refused(clinician):
    plan = SessionFactory(plan=short_plan(1)).plan
    ReferralFactory(assessment__consultation__patient=plan.patient)
    plan.planned_sessions = 2
    assert refusal(keep_plan, plan=plan, by=clinician) == {"status": [REFERRED]}


# Readiness


def test_findings_and_rulebook_are_kept(clinician):
    session = new_session(PlanFactory(), clinician, fluence_j_cm2=Decimal(60))
    session.override_reason = "Test spot was clear."
    session.overridden_by, session.overridden_at = clinician, timezone.now()
    keep_session(session=session, by=clinician)
    kept = TreatmentSession.objects.get()
    assert [(finding["id"], finding["level"]) for finding in kept.findings] == [
        ("settings.outside", "block")
    ]
    assert kept.rulebook == RULEBOOK


def test_session_with_nothing_found_keeps_the_rulebook(clinician):
    keep_session(session=new_session(PlanFactory(), clinician), by=clinician)
    kept = TreatmentSession.objects.get()
    assert [kept.findings, kept.rulebook] == [[], RULEBOOK]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"infection": None}, "Ask today: infection in this area."),
        (
            {"fluence_j_cm2": Decimal(60)},
            "Fluence 60 J/cm² is outside this mode's range, 10 to 50.",
        ),
    ],
)
def test_blocked_session_is_refused_without_an_override(changes, message, clinician):
    plan = PlanFactory()
    session = new_session(plan, clinician, **changes)
    assert refusal(keep_session, session=session, by=clinician) == {"override_reason": [message]}
    assert TreatmentSession.objects.count() == 0
    assert TreatmentPlan.objects.get().next_due_on == plan.next_due_on


def test_session_on_a_paused_plan_is_refused(clinician):
    plan = PlanFactory(status=PlanStatus.PAUSED, status_reason="Travels.")
    session = new_session(plan, clinician)
    assert refusal(keep_session, session=session, by=clinician) == {
        "override_reason": ["The plan is paused."]
    }


def test_session_performed_elsewhere_is_not_judged_and_counts(clinician):
    plan = PlanFactory()
    session = SessionFactory.build(
        plan=plan, elsewhere=True, infection=True, performed_on=date(2025, 3, 4)
    )
    keep_session(session=session, by=clinician)
    kept = TreatmentSession.objects.get()
    assert [kept.findings, kept.rulebook] == [[], ""]
    assert TreatmentPlan.objects.get().next_due_on == date(2025, 4, 1)


# What forms start from


def test_prefilled_plan_is_what_the_verdict_proposes():
    plan = prefilled_plan(AssessmentFactory())
    assert [plan.pk, plan.laser_type, plan.pace, plan.interval_days, plan.planned_sessions] == [
        None,
        "non_ablative",
        "gradual",
        28,
        5,
    ]


def test_prefilled_session_starts_from_last_time(time_machine, practitioner):
    time_machine.move_to(datetime(2025, 6, 30, 23, 30, tzinfo=UTC))  # 1 July in London
    plan = PlanFactory()
    SessionFactory(plan=plan, fluence_j_cm2=20, cooling="air")
    last = SessionFactory(plan=plan, fluence_j_cm2=24, passes=2)
    SessionFactory(plan=plan, elsewhere=True)
    new = prefilled_session(plan, operator=practitioner)
    assert [new.pk, new.plan, new.operator] == [None, plan, practitioner]
    assert [new.laser_mode, new.fluence_j_cm2, new.passes] == [last.laser_mode, 24, 2]
    assert [new.cooling, new.infection, new.performed_on] == ["", None, date(2025, 7, 1)]
