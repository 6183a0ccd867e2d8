"""Judging areas: the verdict kept, the decision kept, and the referral that follows from them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations.actions.assessments import (
    carried_over,
    give_verdict,
    is_fixed,
    reassess_unsigned,
    record_assessments,
)
from consultations.actions.signing import mark_in_error, sign
from consultations.models import (
    AreaAssessment,
    SignedRecordError,
    SurgicalReferral,
    TreatmentPlan,
)
from consultations.rules import RULEBOOK
from consultations.rules.candidacy import assess
from consultations.summaries.facts import area_facts
from consultations.vocabulary import Area, Outcome, PlanStatus, ReferralStatus, Severity
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
)

from .decisions import decide, record, referrals

pytestmark = pytest.mark.django_db


def test_new_areas_are_judged_and_returned(clinician):
    consultation = ConsultationFactory()
    new = [
        AssessmentFactory.build(consultation=consultation, area=Area.FACE),
        AssessmentFactory.build(consultation=consultation, area=Area.NECK, severe=True),
    ]
    areas = record_assessments(consultation=consultation, by=clinician, changed=new)
    assert [(area.area, area.effective_outcome) for area in areas] == [
        ("face", "candidate"),
        ("neck", "refer_to_surgery"),
    ]
    assert AreaAssessment.objects.count() == 2


def test_verdict_is_kept_word_for_word(clinician):
    assessment = AssessmentFactory(skin_problem=True)
    kept, facts = AreaAssessment.objects.get(), area_facts(assessment)
    verdict = assess(facts)
    assert kept.outcome == verdict.outcome
    assert kept.lasers == [laser.value for laser in verdict.lasers]
    assert (kept.proposed_laser, kept.pace) == (verdict.proposed_laser, verdict.pace)
    assert (kept.reason, kept.until) == (verdict.reason, verdict.until)
    assert kept.findings == [finding.as_json() for finding in verdict.findings]
    assert (kept.facts, kept.rulebook) == (facts.as_json(), RULEBOOK)


def test_verdict_given_again_changes_nothing():
    AssessmentFactory(severe=True, grade=3, surgery_on=date(2025, 3, 1))
    assert give_verdict(AreaAssessment.objects.get()) is False


def test_verdict_on_other_facts_is_news():
    AssessmentFactory()
    assessment = AreaAssessment.objects.get()
    assessment.infection = True
    assert give_verdict(assessment) is True
    assert assessment.outcome == Outcome.HOLD


def test_areas_without_news_are_not_written(clinician):
    assessment = AssessmentFactory()
    record_assessments(consultation=assessment.consultation, by=clinician)
    assert AreaAssessment.objects.get().version == 1


def test_areas_are_judged_anew_when_the_consultation_changes(clinician):
    assessment = AssessmentFactory()
    assessment.consultation.pregnant = True
    assessment.consultation.save(by=clinician)
    record_assessments(consultation=assessment.consultation, by=clinician)
    assert AreaAssessment.objects.get().effective_outcome == Outcome.HOLD


def test_area_in_error_is_not_judged(clinician):
    assessment = AssessmentFactory(
        severe=True,
        outcome=Outcome.CANDIDATE,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong patient.",
    )
    record_assessments(consultation=assessment.consultation, by=clinician)
    assert [AreaAssessment.objects.get().outcome, referrals()] == ["candidate", []]


def test_severe_area_opens_a_referral_in_the_same_call(clinician):
    consultation = ConsultationFactory()
    record(AssessmentFactory.build(consultation=consultation, severe=True), clinician)
    assert referrals() == [("to_send", "")]
    assert SurgicalReferral.objects.get().created_by == clinician


def test_severe_area_saved_again_keeps_its_one_referral(clinician):
    assessment = AssessmentFactory(severe=True)
    record(assessment, clinician)
    record(assessment, clinician)
    assert referrals() == [("to_send", "")]
    assert SurgicalReferral.objects.get().version == 1


def test_area_no_longer_severe_withdraws_the_unsent_referral(clinician):
    assessment = AssessmentFactory(severe=True)
    record(assessment, clinician)
    assessment.severity = Severity.MODERATE
    record(assessment, clinician)
    assert referrals() == [("closed", "withdrawn")]


def test_area_severe_again_reopens_its_referral(clinician):
    assessment = AssessmentFactory(severe=True)
    for severity in (Severity.SEVERE, Severity.MILD, Severity.SEVERE):
        assessment.severity = severity
        record(assessment, clinician)
    assert referrals() == [("to_send", "")]
    assert SurgicalReferral.objects.get().closed_on is None


@pytest.mark.parametrize(
    "state",
    [
        {"status": "sent", "sent_on": date(2025, 3, 4)},
        {"status": "accepted"},
        {"status": "closed", "closure": "surgeon_declined", "closed_on": date(2025, 3, 9)},
    ],
)
@pytest.mark.parametrize("severity", [Severity.MILD, Severity.SEVERE])
def test_referral_the_surgeon_had_is_left(state, severity, clinician):
    referral = ReferralFactory(**state)
    referral.assessment.severity = severity
    record(referral.assessment, clinician)
    assert referrals() == [(state["status"], state.get("closure", ""))]


def test_referral_made_by_hand_stays(clinician):
    referral = ReferralFactory(assessment__severe=False)
    referral.assessment.tattoo = True
    record(referral.assessment, clinician)
    assert [referrals(), SurgicalReferral.objects.get().version] == [[("to_send", "")], 1]


def test_deciding_to_treat_a_severe_area_withdraws_its_referral(clinician):
    assessment = AssessmentFactory(severe=True)
    record(assessment, clinician)
    decide(assessment, Outcome.CANDIDATE, clinician)
    assert [assessment.effective_outcome, referrals()] == ["candidate", [("closed", "withdrawn")]]


def test_deciding_to_refer_a_mild_area_opens_a_referral(clinician):
    assessment = AssessmentFactory()
    decide(assessment, Outcome.REFER_TO_SURGERY, clinician)
    assert [assessment.outcome, referrals()] == ["candidate", [("to_send", "")]]


def test_decision_without_a_reason_is_refused_as_a_whole(clinician):
    assessment = AssessmentFactory(severe=True)
    record(assessment, clinician)
    assessment.decision = Outcome.CANDIDATE
    with pytest.raises(IntegrityError), transaction.atomic():
        record(assessment, clinician)
    assert [AreaAssessment.objects.get().decision, referrals()] == ["", [("to_send", "")]]


def test_referral_beside_the_areas_own_plan_is_refused_as_a_whole(clinician):
    assessment = PlanFactory().assessment
    with pytest.raises(ValidationError) as told:
        decide(assessment, Outcome.REFER_TO_SURGERY, clinician)
    message = "This area already has a plan. Record a new consultation to refer it."
    assert told.value.message_dict == {"decision": [message]}
    assert [AreaAssessment.objects.get().decision, referrals()] == ["", []]


def test_opening_a_referral_pauses_the_active_plan_of_that_area(clinician):
    plan = PlanFactory()
    other_area = PlanFactory(
        assessment__consultation=plan.assessment.consultation, assessment__area=Area.NECK
    )
    later = ConsultationFactory(patient=plan.patient, consulted_on=date(2025, 4, 1))
    record(AssessmentFactory.build(consultation=later, severe=True), clinician)
    plan.refresh_from_db()
    other_area.refresh_from_db()
    assert [plan.status, plan.status_reason, plan.next_due_on] == [
        "paused",
        "Referred to surgery on 1 Apr 2025.",
        None,
    ]
    assert other_area.status == PlanStatus.ACTIVE


def test_plan_of_another_patient_goes_on(clinician):
    plan = PlanFactory()
    record(AssessmentFactory(severe=True), clinician)
    assert TreatmentPlan.objects.get() == plan
    assert TreatmentPlan.objects.get().status == PlanStatus.ACTIVE


def test_area_is_fixed_by_a_plan_or_a_sent_referral():
    fixed = [
        is_fixed(assessment)
        for assessment in (
            AssessmentFactory(),
            PlanFactory().assessment,
            ReferralFactory().assessment,
            ReferralFactory(status=ReferralStatus.SENT, sent_on=date(2025, 3, 4)).assessment,
        )
    ]
    assert fixed == [False, True, False, True]


def test_reassess_unsigned_judges_every_unsigned_consultation(clinician):
    patient = PatientFactory(keloid_history=False)
    AssessmentFactory.create_batch(2, consultation__patient=patient)
    AssessmentFactory()
    patient.phototype = "V"
    patient.save(by=clinician)
    reassess_unsigned(patient=patient, by=clinician)
    phototypes = AreaAssessment.objects.order_by("pk").values_list("facts__phototype", flat=True)
    assert list(phototypes) == ["V", "V", None]


def test_reassess_unsigned_leaves_what_is_signed(clinician):
    assessment = AssessmentFactory()
    sign(record=assessment.consultation, by=clinician)
    patient = assessment.patient
    patient.phototype = "V"
    patient.save(by=clinician)
    reassess_unsigned(patient=patient, by=clinician)
    kept = AreaAssessment.objects.get()
    assert [kept.version, kept.facts["phototype"]] == [1, None]


def test_judging_a_signed_consultation_anew_is_refused(clinician):
    assessment = AssessmentFactory()
    sign(record=assessment.consultation, by=clinician)
    assessment.severity = Severity.SEVERE
    with pytest.raises(SignedRecordError) as told:
        record(assessment, clinician)
    assert str(told.value) == f"{assessment.consultation} is signed"
    assert [AreaAssessment.objects.get().severity, referrals()] == ["mild", []]


def test_judging_a_consultation_in_error_anew_is_refused(clinician):
    assessment = AssessmentFactory()
    mark_in_error(record=assessment.consultation, by=clinician, reason="Wrong patient.")
    assessment.severity = Severity.SEVERE
    with pytest.raises(ValidationError) as told:
        record(assessment, clinician)
    assert told.value.messages == ["This consultation was entered in error."]
    assert [AreaAssessment.objects.get().severity, referrals()] == ["mild", []]


def test_consultation_signed_since_it_was_opened_is_not_judged(clinician):
    assessment = AssessmentFactory()
    sign(record=type(assessment.consultation).objects.get(), by=clinician)
    with pytest.raises(SignedRecordError):
        record_assessments(consultation=assessment.consultation, by=clinician)


def test_carried_over_brings_the_surgery(clinician):
    referral = ReferralFactory(
        assessment__area=Area.NECK,
        assessment__tattoo=True,
        operated_on=date(2025, 4, 1),
        recovered_on=date(2025, 6, 1),
    )
    new = carried_over(referral)
    assert [new.pk, new.area, new.tattoo, new.severity] == [None, "neck", True, ""]
    assert [new.follows_referral, new.surgery_on] == [referral, date(2025, 4, 1)]
    assert new.recovered_from_surgery is True


def test_carried_over_area_comes_back_for_touch_up(clinician):
    referral = ReferralFactory(operated_on=date(2024, 4, 1), recovered_on=date(2024, 6, 1))
    new = carried_over(referral)
    new.severity = Severity.MILD
    new.consultation = ConsultationFactory(patient=referral.patient)
    record(new, clinician)
    assert new.effective_outcome == Outcome.TOUCH_UP
