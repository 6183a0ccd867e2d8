"""Two records of one person: what a merge brings together, and why not."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consultations.actions.moving import (
    merge_patients,
    verdicts_of_merge,
)
from consultations.actions.signing import sign
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

from .decisions import WAITS, decided_to_wait

pytestmark = [pytest.mark.django_db, pytest.mark.trust]


@pytest.fixture
def by(clinician):
    return clinician


def merge(keep, other, by, **options):
    return merge_patients(keep=keep, other=other, reason="The same woman.", by=by, **options)


def reasons(record):
    return list(record.history.values_list("history_change_reason", flat=True))


def test_merge_brings_everything_together(by):
    keep, session = PatientFactory(by=by), SessionFactory(by=by)
    other = session.patient
    own = [
        session.plan.assessment.consultation,
        FollowUpFactory(by=by, patient=other),
        ConsentFactory(by=by, patient=other),
        PhotoFactory(by=by, patient=other),
        TestPatchFactory(by=by, patient=other),
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


def test_merge_pauses_a_plan_that_the_other_record_decided_against(by):
    plan = PlanFactory(by=by)
    other = decided_to_wait(by, PatientFactory(by=by)).patient
    notes = merge_of(plan.patient, other).notes
    merge(plan.patient, other, by)
    plan.refresh_from_db()
    assert [plan.status, plan.status_reason] == WAITS
    assert notes == ("Face: the plan is paused: wait, as decided on 1 May 2025.",)


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
