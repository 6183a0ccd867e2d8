"""Wrong patient: what goes along with a consultation, what a merge brings together, and why not."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from consultations.actions.moving import (
    merge_patients,
    move_consultation,
    verdicts_of_merge,
    verdicts_of_move,
)
from consultations.actions.signing import mark_in_error, sign
from consultations.models import (
    AdverseEvent,
    Consent,
    FollowUp,
    Patient,
    Photo,
    SearchKey,
    StaleRecordError,
    SurgicalReferral,
)
from consultations.summaries.merging import merge_of
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
)

pytestmark = [pytest.mark.django_db, pytest.mark.trust]

CLOSED = {"status": "closed", "closed_on": date(2025, 3, 4), "closure": "no_reply"}
WHY = "Typed into the wrong chart."


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
    session = SessionFactory(by=by)
    plan, source = session.plan, session.patient
    event = EventFactory(by=by, session=session)
    followed = FollowUpFactory(by=by, patient=source, plan=plan)
    agreed = ConsentFactory(by=by, patient=None, plan=plan)
    referral = ReferralFactory(
        by=by, assessment__consultation=plan.assessment.consultation, assessment__area="neck"
    )
    move(plan.assessment.consultation, to, by)
    moved = [plan, session, event, referral, agreed.plan]
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


def test_move_leaves_what_a_plan_rests_on_as_it_was_judged(by):
    plan = PlanFactory(by=by)
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
    session = SessionFactory(by=by)
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
    PlanFactory(by=by, assessment__consultation__patient=to)
    plan = PlanFactory(by=by)
    told = ["Face: each has an open plan. Complete or stop one of them first."]
    assert refusal(plan.assessment.consultation, to, by) == told


def test_move_of_a_plan_beside_an_open_referral_is_refused(by, to):
    ReferralFactory(by=by, assessment__consultation__patient=to)
    plan = PlanFactory(by=by)
    told = refusal(plan.assessment.consultation, to, by)
    assert told[0].startswith("Face: one has an active plan, the other an open referral.")


def test_move_of_a_referral_beside_an_active_plan_is_refused(by, to):
    PlanFactory(by=by, assessment__consultation__patient=to)
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
    there = PlanFactory(by=by, assessment__consultation__patient=to)
    done = SessionFactory(by=by)
    old = done.plan
    old.refresh_from_db()
    old.status, old.status_reason = "stopped", "Wrong patient."
    old.save(by=by)
    here = PlanFactory(by=by, assessment__consultation__patient=done.patient)
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


# Merging


def test_merge_brings_everything_together(by):
    keep, session = PatientFactory(by=by), SessionFactory(by=by)
    other = session.patient
    own = [
        session.plan.assessment.consultation,
        FollowUpFactory(by=by, patient=other),
        ConsentFactory(by=by, patient=other),
        PhotoFactory(by=by, patient=other),
    ]
    sign(record=session, by=by)
    own[0].refresh_from_db()
    sign(record=own[0], by=by)
    merge(keep, other, by, values={"family_name": keep.family_name})
    for one in own:
        one.refresh_from_db()
    assert {one.patient for one in own} == {keep}
    assert own[0].is_signed
    other.refresh_from_db()
    assert [other.merged_into, other.in_error, other.entered_in_error_reason] == [
        keep,
        True,
        "The same woman.",
    ]


def test_merge_is_told_in_the_history_of_both(by):
    keep, other = PatientFactory.create_batch(2, by=by)
    consultation = ConsultationFactory(by=by, patient=other)
    merge(keep, other, by)
    told = f"{other.record_number} was merged into {keep.record_number}: The same woman."
    assert [reasons(other)[0], reasons(consultation)[0]] == [told, told]
    told = f"{other.record_number} was merged into this record: The same woman."
    assert reasons(keep)[0] == told


def test_merge_takes_what_only_the_other_knows(by):
    keep = PatientFactory(by=by, phone="1", family_name="Eva")
    other = PatientFactory(by=by, email="e@example.org", allergies="Latex", family_name="Eva")
    keep = merge(keep, other, by)
    assert [keep.phone, keep.email, keep.allergies] == ["1", "e@example.org", "Latex"]


def test_merge_keeps_identity_unless_chosen_otherwise(by):
    keep = PatientFactory(by=by, phone="1", family_name="Eva")
    other = PatientFactory(by=by, phone="2", family_name="Ewa")
    keep = merge(keep, other, by, values={"phone": "2"})
    assert [keep.phone, keep.family_name] == ["2", "Eva"]


def test_merge_proposes_nothing_about_health(by):
    keep = PatientFactory(by=by, keloid_history=False, allergies="Latex", family_name="Eva")
    other = PatientFactory(by=by, keloid_history=True, allergies="Nickel", family_name="Eva")
    with pytest.raises(ValidationError) as refused:
        merge(keep, other, by)
    assert sorted(refused.value.message_dict) == ["allergies", "keloid_history"]
    values = {"keloid_history": True, "allergies": "Latex\nNickel"}
    keep = merge(keep, other, by, values=values)
    assert [keep.keloid_history, keep.allergies] == [True, "Latex\nNickel"]


def test_merge_takes_no_value_that_neither_has(by):
    keep, other = PatientFactory(by=by, phone="1"), PatientFactory(by=by, phone="2")
    with pytest.raises(ValidationError) as refused:
        merge(keep, other, by, values={"phone": "3"})
    assert list(refused.value.message_dict) == ["phone"]


def test_merge_refuses_a_birth_after_the_first_visit(by):
    keep = PatientFactory(by=by)
    other = PatientFactory(by=by, date_of_birth=date(2025, 3, 4))
    ConsultationFactory(by=by, patient=keep)
    with pytest.raises(ValidationError) as refused:
        merge(keep, other, by, values={"date_of_birth": date(2025, 3, 4)})
    assert list(refused.value.message_dict) == ["date_of_birth"]


def test_merge_judges_unsigned_areas_anew(by):
    born = date(2010, 1, 1)
    keep, other = PatientFactory(by=by), PatientFactory(by=by, date_of_birth=born)
    area = AssessmentFactory(by=by, consultation__patient=keep)
    told = verdicts_of_merge(merge_of(keep, other), {"date_of_birth": born})
    merge(keep, other, by, values={"date_of_birth": born})
    area.refresh_from_db()
    assert [one.after.outcome for one in told] == [area.outcome] == ["not_a_candidate"]


def test_merge_keeps_one_of_a_photo_that_both_have(by):
    keep, other = PatientFactory.create_batch(2, by=by)
    first = PhotoFactory(by=by, patient=keep)
    second = PhotoFactory(by=by, patient=other, digest=first.digest)
    assert merge_of(keep, other).duplicates == (second,)
    merge(keep, other, by)
    second.refresh_from_db()
    assert [second.patient, second.in_error] == [keep, True]
    assert list(Photo.objects.standing()) == [first]


def test_merge_does_not_bring_back_photos_whose_consent_was_withdrawn(by):
    keep, other = PatientFactory.create_batch(2, by=by)
    given = ConsentFactory(by=by, patient=keep)
    ConsentFactory(by=by, patient=other, withdrawn_on=date(2025, 4, 1))
    with pytest.raises(ValidationError, match="withdrawn in one record on 1 Apr 2025"):
        merge(keep, other, by)
    given.withdrawn_on = date(2025, 4, 2)
    given.save(by=by)
    merge(keep, other, by)
    assert Consent.objects.filter(patient=keep).count() == 2


def test_merge_of_two_open_plans_is_refused(by):
    plans = PlanFactory.create_batch(2, by=by)
    keep, other = (plan.patient for plan in plans)
    with pytest.raises(ValidationError, match="each has an open plan"):
        merge(keep, other, by)
    assert merge_of(keep, other).obstacles[0].records == tuple(plans)


@pytest.mark.parametrize("paused", [True, False])
def test_merge_of_a_plan_beside_a_referral(by, paused):
    plan, referral = PlanFactory(by=by), ReferralFactory(by=by)
    if paused:
        plan.status, plan.status_reason = "paused", "Waits for the surgeon."
        plan.save(by=by)
        merge(plan.patient, referral.patient, by)
        assert SurgicalReferral.objects.get().patient == plan.patient
    else:
        with pytest.raises(ValidationError, match="an open referral"):
            merge(plan.patient, referral.patient, by)


def test_merge_pauses_a_plan_for_an_event_of_the_other(by):
    plan = PlanFactory(by=by)
    session = SessionFactory(by=by)
    session.plan.refresh_from_db()
    session.plan.status, session.plan.status_reason = "stopped", "Burnt."
    session.plan.save(by=by)
    EventFactory(by=by, session=session, moderate=True)
    notes = merge_of(plan.patient, session.patient).notes
    merge(plan.patient, session.patient, by)
    plan.refresh_from_db()
    assert [plan.status, plan.paused_for] == ["paused", AdverseEvent.objects.get()]
    assert len(notes) == 1


def decided_to_wait(by, patient):
    """A later assessment of the face, decided against laser for now."""
    when = {"consulted_on": date(2025, 5, 1), "patient": patient}
    decision = {"decision": "hold", "decision_reason": "Away.", "decided_by": by}
    consultation = ConsultationFactory(by=by, **when)
    at = {"decided_at": datetime(2025, 5, 1, 12, tzinfo=UTC)}
    return AssessmentFactory(by=by, consultation=consultation, **decision, **at)


WAITS = ["paused", "Decided to wait on 1 May 2025"]


def test_merge_pauses_a_plan_that_the_other_record_decided_against(by):
    plan = PlanFactory(by=by)
    other = decided_to_wait(by, PatientFactory(by=by)).patient
    notes = merge_of(plan.patient, other).notes
    merge(plan.patient, other, by)
    plan.refresh_from_db()
    assert [plan.status, plan.status_reason] == WAITS
    assert notes == ("Face: the plan is paused: wait, as decided on 1 May 2025.",)


def test_move_pauses_a_plan_that_the_consultation_decided_against(by, to):
    plan = PlanFactory(by=by, assessment__consultation__patient=to)
    decided = decided_to_wait(by, PatientFactory(by=by))
    move(decided.consultation, to, by)
    plan.refresh_from_db()
    assert [plan.status, plan.status_reason] == WAITS


@pytest.mark.parametrize("whole", [True, False])
def test_decision_to_wait_counts_again_once_the_later_visit_is_in_error(by, whole):
    plan = PlanFactory(by=by)
    decided_to_wait(by, plan.patient)
    since = ConsultationFactory(by=by, patient=plan.patient, consulted_on=date(2025, 6, 1))
    since = AssessmentFactory(by=by, consultation=since)
    mark_in_error(record=since.consultation if whole else since, by=by, reason=WHY)
    plan.refresh_from_db()
    assert [plan.status, plan.status_reason] == WAITS


@pytest.mark.parametrize("twice", ["same", "merged", "in_error"])
def test_merge_of_what_ended_is_refused(by, twice):
    keep, other, third = PatientFactory.create_batch(3, by=by)
    if twice == "same":
        other = keep
    elif twice == "merged":
        merge(third, other, by)
    else:
        other.entered_in_error_at, other.entered_in_error_by = other.created_at, by
        other.entered_in_error_reason = "Nobody."
        other.save(by=by)
    with pytest.raises(ValidationError):
        merge(keep, other, by)


def test_merged_chain_leads_to_the_last(by):
    first, second, third = PatientFactory.create_batch(3, by=by)
    merge(second, first, by)
    merge(third, second, by)
    first.refresh_from_db()
    assert [first.merged_into, first.kept_record] == [second, third]
    assert third.merged_records() == [second, first]


def test_merged_is_found_as_the_record_that_goes_on(by):
    keep = PatientFactory(by=by, family_name="Miller")
    other = PatientFactory(by=by, family_name="Okafor", phone="020 7946 0001")
    keep = merge(keep, other, by)
    for text in ("Okafor", other.record_number, "79460001", "Miller"):
        assert list(Patient.objects.found_by(text)) == [keep]
    assert not SearchKey.objects.filter(patient=other).exists()
    keep.phone = "1001"
    keep.save(by=by)
    assert list(Patient.objects.found_by("Okafor")) == [keep]


def test_merge_after_something_changed_is_refused(by):
    keep, other = PatientFactory.create_batch(2, by=by)
    stamp = merge_of(keep, other).stamp
    ConsultationFactory(by=by, patient=other)
    with pytest.raises(StaleRecordError):
        merge(keep, other, by, previewed=stamp)
    assert FollowUp.objects.count() == 0


def test_no_allergies_of_one_record_do_not_undo_what_the_other_names(by):
    keep = PatientFactory(by=by, any_allergies=False, family_name="Eva")
    other = PatientFactory(by=by, any_allergies=True, allergies="Latex", family_name="Eva")
    values = {"any_allergies": False}
    keep = merge_patients(keep=keep, other=other, reason="Same.", by=by, values=values)
    assert [keep.any_allergies, keep.allergies] == [True, "Latex"]


def test_merge_tells_of_no_pause_where_the_area_was_assessed_since(by):
    plan = PlanFactory(by=by)
    since = ConsultationFactory(by=by, patient=plan.patient, consulted_on=date(2025, 6, 1))
    AssessmentFactory(by=by, consultation=since)
    other = decided_to_wait(by, PatientFactory(by=by)).patient
    notes = merge_of(plan.patient, other).notes
    merge(plan.patient, other, by)
    plan.refresh_from_db()
    assert (notes, plan.status) == ((), "active")


def test_move_tells_of_the_plan_left_behind_that_is_paused(by, to):
    plan = PlanFactory(by=by)
    decided_to_wait(by, plan.patient)
    since = ConsultationFactory(by=by, patient=plan.patient, consulted_on=date(2025, 6, 1))
    AssessmentFactory(by=by, consultation=since)
    notes = move_of(since, to).notes
    move(since, to, by)
    plan.refresh_from_db()
    assert [plan.status, plan.status_reason] == WAITS
    assert notes == ("Face: the plan is paused: wait, as decided on 1 May 2025.",)
