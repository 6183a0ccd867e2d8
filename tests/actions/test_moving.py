"""Wrong patient: what goes along with a consultation, what a merge brings together, and why not."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consultations.actions.assessments import record_assessments
from consultations.actions.moving import (
    merge_patients,
    move_consultation,
    verdicts_of_move,
)
from consultations.actions.signing import mark_in_error, sign
from consultations.models import (
    StaleRecordError,
)
from consultations.summaries.moving import move_of
from tests.factories import (
    AssessmentFactory,
    ConsentFactory,
    ConsultationFactory,
    EventFactory,
    FollowUpFactory,
    PatientFactory,
    PhotoFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    TestPatchFactory,
)

from .decisions import WAITS, WHY, decided_to_wait

pytestmark = [pytest.mark.django_db, pytest.mark.trust]


@pytest.fixture
def by(clinician):
    return clinician


@pytest.fixture
def to(by):
    return PatientFactory(by=by)


def move(consultation, to, by, **options):
    return move_consultation(consultation=consultation, to=to, reason=WHY, by=by, **options)


def merge(keep, other, by, **options):
    return merge_patients(keep=keep, other=other, reason="The same woman.", by=by, **options)


def reasons(record):
    return list(record.history.values_list("history_change_reason", flat=True))


# Moving


def test_move_takes_all_that_hangs_on_it_along(by, to):
    session = SessionFactory(by=by, plan__consented=False)
    plan, source = session.plan, session.patient
    event = EventFactory(by=by, session=session)
    followed = FollowUpFactory(by=by, patient=source, plan=plan)
    referral = ReferralFactory(
        by=by, assessment__consultation=plan.assessment.consultation, assessment__area="neck"
    )
    move(plan.assessment.consultation, to, by)
    moved = [plan, session, event, referral]
    assert {type(one).objects.get(pk=one.pk).patient for one in moved} == {to}
    followed.refresh_from_db()
    assert followed.patient == to


def test_move_leaves_what_belongs_to_the_person(by, to):
    consultation = AssessmentFactory(by=by).consultation
    source = consultation.patient
    stays = [
        ConsentFactory(by=by, patient=source),
        PhotoFactory(by=by, patient=source),
        FollowUpFactory(by=by, patient=source),
        ConsultationFactory(by=by, patient=source),
    ]
    move(consultation, to, by)
    for one in stays:
        one.refresh_from_db()
    assert {one.patient for one in stays} == {source}


def test_move_is_told_in_the_history_of_both(by, to):
    consultation = AssessmentFactory(by=by).consultation
    source = consultation.patient
    move(consultation, to, by)
    told = f"Consultation of 3 Mar 2025 moved to {to.record_number}: {WHY}"
    assert reasons(source)[0] == told
    told = f"Consultation of 3 Mar 2025 moved here from {source.record_number}: {WHY}"
    assert reasons(to)[0] == told
    told = f"Moved from {source.record_number} to {to.record_number}: {WHY}"
    assert reasons(consultation)[0] == told
    assert consultation.history.first().history_user == by


@pytest.mark.parametrize("reason", ["", "  "])
def test_move_without_a_reason_is_refused(by, to, reason):
    consultation = ConsultationFactory(by=by)
    with pytest.raises(ValidationError, match="Say why"):
        move_consultation(consultation=consultation, to=to, reason=reason, by=by)


@pytest.mark.parametrize("named", ["source", "to"])
def test_move_for_a_reason_that_names_somebody_is_refused(by, to, named):
    consultation = ConsultationFactory(by=by)
    patient = {"source": consultation.patient, "to": to}[named]
    for reason in (f"Meant for {patient.family_name}.", f"See {patient.record_number}."):
        with pytest.raises(ValidationError) as refused:
            move_consultation(consultation=consultation, to=to, reason=reason, by=by)
        assert refused.value.message_dict == {
            "reason": ["This is kept in both records. Leave out names, numbers and contacts."]
        }


def test_move_judges_with_the_facts_of_the_other(by):
    area = AssessmentFactory(by=by)
    to = PatientFactory(by=by, date_of_birth=date(2010, 1, 1))
    told = verdicts_of_move(move_of(area.consultation, to))
    move(area.consultation, to, by)
    area.refresh_from_db()
    after = told[0].after
    assert [after.outcome, after.reason] == [area.outcome, area.reason]
    assert area.outcome == "not_a_candidate"


@pytest.mark.parametrize(
    ("own", "outcome"), [({}, "candidate"), ({"test_patch_result": "reaction"}, "hold")]
)
def test_move_leaves_test_patches_and_takes_what_the_assessment_was_told_of_one(by, own, outcome):
    area = AssessmentFactory(by=by, **own)
    patch = TestPatchFactory(by=by, patient=area.patient, done_on=date(2025, 3, 2), reaction=True)
    record_assessments(consultation=area.consultation, by=by)
    to = PatientFactory(by=by)
    told = verdicts_of_move(move_of(area.consultation, to))
    move(area.consultation, to, by)
    for one in (area, patch):
        one.refresh_from_db()
    assert (area.outcome, area.patient, patch.patient == to) == (outcome, to, False)
    assert [one.after.outcome for one in told] == ([outcome] if not own else [])


def test_move_leaves_what_a_plan_rests_on_as_it_was_judged(by):
    plan = PlanFactory(consented=False, by=by)
    to = PatientFactory(by=by, date_of_birth=date(2010, 1, 1))
    assert verdicts_of_move(move_of(plan.assessment.consultation, to)) == []
    move(plan.assessment.consultation, to, by)
    plan.assessment.refresh_from_db()
    assert plan.assessment.outcome == "candidate"


def refusal(consultation, to, by):
    with pytest.raises(ValidationError) as refused:
        move(consultation, to, by)
    consultation.refresh_from_db()
    assert consultation.patient != to
    return refused.value.messages


def test_move_of_what_is_signed_is_refused(by, to):
    consultation = ConsultationFactory(by=by)
    sign(record=consultation, by=by)
    assert refusal(consultation, to, by)[0].startswith("This consultation is signed by")


def test_move_under_a_signed_session_is_refused(by, to):
    session = SessionFactory(by=by, plan__consented=False)
    sign(record=session, by=by)
    told = ["The session of 31 Mar 2025, which rests on it, is signed."]
    assert refusal(session.plan.assessment.consultation, to, by) == told


def test_move_before_birth_is_refused(by):
    to = PatientFactory(by=by, date_of_birth=date(2025, 3, 4))
    told = [f"3 Mar 2025 is before {to.record_number} was born."]
    assert refusal(ConsultationFactory(by=by), to, by) == told


def test_move_to_its_own_patient_is_refused(by):
    consultation = ConsultationFactory(by=by)
    with pytest.raises(ValidationError, match="already in the record of"):
        move(consultation, consultation.patient, by)


def test_move_to_a_merged_record_is_refused(by, to):
    kept = PatientFactory(by=by)
    merge(kept, to, by, values={})
    told = [f"{to.record_number} was merged into {kept.record_number}."]
    assert refusal(ConsultationFactory(by=by), to, by) == told


def test_move_beside_another_open_plan_is_refused(by, to):
    PlanFactory(consented=False, by=by, assessment__consultation__patient=to)
    plan = PlanFactory(consented=False, by=by)
    told = ["Face: each has an open plan. Complete or stop one of them first."]
    assert refusal(plan.assessment.consultation, to, by) == told


def test_move_of_a_plan_beside_an_open_referral_is_refused(by, to):
    ReferralFactory(by=by, assessment__consultation__patient=to)
    plan = PlanFactory(consented=False, by=by)
    told = refusal(plan.assessment.consultation, to, by)
    assert told[0].startswith("Face: one has an active plan, the other an open referral.")


def test_move_of_a_referral_beside_an_active_plan_is_refused(by, to):
    PlanFactory(consented=False, by=by, assessment__consultation__patient=to)
    referral = ReferralFactory(by=by)
    told = refusal(referral.assessment.consultation, to, by)
    assert told[0].startswith("Face: one has an active plan, the other an open referral.")


def test_move_of_a_referral_beside_another_is_refused(by, to):
    ReferralFactory(by=by, assessment__consultation__patient=to)
    referral = ReferralFactory(by=by)
    told = ["Face: each has an open referral. Close one of them first."]
    assert refusal(referral.assessment.consultation, to, by) == told


def test_move_of_a_referral_that_another_consultation_follows_is_refused(by, to):
    referral = ReferralFactory(
        by=by, status="closed", closed_on=date(2025, 3, 4), closure="no_reply"
    )
    later = ConsultationFactory(by=by, patient=referral.patient, consulted_on=date(2025, 5, 5))
    AssessmentFactory(by=by, consultation=later, follows_referral=referral)
    told = refusal(referral.assessment.consultation, to, by)
    assert told[0].startswith("The consultation of 5 May 2025 follows the referral of the face")


def test_move_follows_no_referral_that_stays(by, to):
    referral = ReferralFactory(
        by=by, status="closed", closed_on=date(2025, 3, 4), closure="no_reply"
    )
    later = ConsultationFactory(by=by, patient=referral.patient, consulted_on=date(2025, 5, 5))
    area = AssessmentFactory(by=by, consultation=later, follows_referral=referral)
    move(later, to, by)
    area.refresh_from_db()
    assert area.follows_referral is None


def test_moved_event_pauses_the_plan_there_and_frees_the_one_here(by, to):
    there = PlanFactory(consented=False, by=by, assessment__consultation__patient=to)
    done = SessionFactory(by=by, plan__consented=False)
    old = done.plan
    old.refresh_from_db()
    old.status, old.status_reason = "stopped", "Wrong patient."
    old.save(by=by)
    here = PlanFactory(consented=False, by=by, assessment__consultation__patient=done.patient)
    event = EventFactory(by=by, session=done, moderate=True)
    here.status, here.status_reason, here.paused_for = "paused", "Burn.", event
    here.save(by=by)
    told = move_of(old.assessment.consultation, to).notes
    move(old.assessment.consultation, to, by)
    for plan in (there, here):
        plan.refresh_from_db()
    assert [there.status, there.paused_for, here.status] == ["paused", event, "active"]
    assert len(told) == 2


def test_move_after_something_changed_is_refused(by, to):
    consultation = AssessmentFactory(by=by).consultation
    stamp = move_of(consultation, to).stamp
    FollowUpFactory(by=by, patient=to)
    with pytest.raises(StaleRecordError):
        move(consultation, to, by, previewed=stamp)
    move(consultation, to, by, previewed=move_of(consultation, to).stamp)


def test_move_pauses_a_plan_that_the_consultation_decided_against(by, to):
    plan = PlanFactory(consented=False, by=by, assessment__consultation__patient=to)
    decided = decided_to_wait(by, PatientFactory(by=by))
    move(decided.consultation, to, by)
    plan.refresh_from_db()
    assert [plan.status, plan.status_reason] == WAITS


@pytest.mark.parametrize("whole", [True, False])
def test_decision_to_wait_counts_again_once_the_later_visit_is_in_error(by, whole):
    plan = PlanFactory(consented=False, by=by)
    decided_to_wait(by, plan.patient)
    since = ConsultationFactory(by=by, patient=plan.patient, consulted_on=date(2025, 6, 1))
    since = AssessmentFactory(by=by, consultation=since)
    mark_in_error(record=since.consultation if whole else since, by=by, reason=WHY)
    plan.refresh_from_db()
    assert [plan.status, plan.status_reason] == WAITS


def test_move_tells_of_the_plan_left_behind_that_is_paused(by, to):
    plan = PlanFactory(consented=False, by=by)
    decided_to_wait(by, plan.patient)
    since = ConsultationFactory(by=by, patient=plan.patient, consulted_on=date(2025, 6, 1))
    AssessmentFactory(by=by, consultation=since)
    notes = move_of(since, to).notes
    move(since, to, by)
    plan.refresh_from_db()
    assert [plan.status, plan.status_reason] == WAITS
    assert notes == ("Face: the plan is paused: wait, as decided on 1 May 2025.",)
