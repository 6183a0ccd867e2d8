"""Assessed areas: one per area, grades that agree, decisions that are explained."""

from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.models import AreaAssessment
from consultations.vocabulary import Area, Outcome, Severity
from tests.factories import AssessmentFactory, ConsultationFactory, PatientFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def in_error(by):
    return {
        "entered_in_error_at": timezone.now(),
        "entered_in_error_by": by,
        "entered_in_error_reason": "Wrong area.",
    }


def test_same_area_twice_in_one_consultation():
    first = AssessmentFactory()
    breaks("assessment_one_per_area", AssessmentFactory(), consultation=first.consultation)


def test_same_area_again_after_one_in_error(clinician):
    first = AssessmentFactory(**in_error(clinician))
    keeps(AssessmentFactory(), consultation=first.consultation)


def test_another_area_of_one_consultation():
    first = AssessmentFactory()
    keeps(AssessmentFactory(area=Area.NECK), consultation=first.consultation)


@pytest.mark.parametrize("grade", ["1.2", "0.1", "1.9"])
def test_grade_between_half_steps(grade):
    breaks("assessment_grade_in_half_steps", AssessmentFactory(), grade=Decimal(grade))


@pytest.mark.parametrize(
    ("severity", "grade"),
    [
        (Severity.MILD, "2"),
        (Severity.MODERATE, "1.5"),
        (Severity.MODERATE, "3"),
        (Severity.SEVERE, "2.5"),
    ],
)
def test_grade_that_disagrees_with_severity(severity, grade):
    assessment = AssessmentFactory(severity=severity)
    breaks("assessment_grade_agrees_with_severity", assessment, grade=Decimal(grade))


@pytest.mark.parametrize(
    ("severity", "grade"),
    [("mild", "0"), ("mild", "1.5"), ("moderate", "2"), ("moderate", "2.5"), ("severe", "4")],
)
def test_grade_that_agrees_with_severity(severity, grade):
    keeps(AssessmentFactory(severity=severity), grade=Decimal(grade))


@pytest.mark.parametrize("missing", ["decision_reason", "decided_by", "decided_at"])
def test_departing_decision_not_explained(missing, clinician):
    explained = {
        "decision_reason": "Thick skin.",
        "decided_by": clinician,
        "decided_at": timezone.now(),
    }
    explained[missing] = "" if missing == "decision_reason" else None
    breaks(
        "assessment_departing_decision_is_explained",
        AssessmentFactory(),
        decision=Outcome.HOLD,
        **explained,
    )


def test_decision_that_agrees_needs_no_reason():
    keeps(AssessmentFactory(), decision=Outcome.CANDIDATE)


def test_effective_outcome_is_the_decision_if_any(clinician):
    agreed = AssessmentFactory()
    decided = AssessmentFactory(
        decision=Outcome.HOLD,
        decision_reason="Tanned.",
        decided_by=clinician,
        decided_at=timezone.now(),
    )
    outcomes = AreaAssessment.objects.order_by("pk").values_list("effective_outcome", flat=True)
    assert list(outcomes) == ["candidate", "hold"]
    assert [agreed.is_decided_otherwise, decided.is_decided_otherwise] == [False, True]
    assert list(AreaAssessment.objects.treatable()) == [agreed]


def test_standing_leaves_out_areas_of_a_consultation_in_error(clinician):
    AssessmentFactory(consultation=ConsultationFactory(**in_error(clinician)))
    AssessmentFactory(**in_error(clinician))
    standing = AssessmentFactory()
    assert list(AreaAssessment.objects.standing()) == [standing]


def test_name_of_an_assessment():
    patient = PatientFactory(family_name="Ng", given_name="Ann")
    assert str(AssessmentFactory(consultation__patient=patient, area=Area.NECK)) == (
        "Ng, Ann (P-000001), neck on 3 Mar 2025"
    )
