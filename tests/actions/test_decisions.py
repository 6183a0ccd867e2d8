"""The decision on an area: what it accepts, when it stays and when it lapses."""

from datetime import date

import pytest
from django.utils import timezone

from consultations.actions.assessments import (
    give_verdict,
    record_assessments,
)
from consultations.actions.signing import mark_in_error
from consultations.models import (
    AreaAssessment,
)
from consultations.vocabulary import Outcome
from tests.factories import (
    AssessmentFactory,
    PlanFactory,
)

from .decisions import decide, record, referrals

pytestmark = pytest.mark.django_db


def decision(assessment):
    """The decision as it is stored, and what it makes of the area."""
    kept = AreaAssessment.objects.get(pk=assessment.pk)
    return [kept.decision, kept.decision_reason, kept.decided_by, kept.effective_outcome]


def accepted(assessment):
    """Every finding as it is stored, and whether it was known and accepted when deciding."""
    kept = AreaAssessment.objects.get(pk=assessment.pk)
    return {finding["id"]: finding.get("accepted") for finding in kept.findings}


def decided_to_treat(by, **options):
    """A severe area that was decided to be treated all the same."""
    assessment = AssessmentFactory(severe=True, **options)
    decide(assessment, Outcome.CANDIDATE, by)
    return assessment


DECIDED = "Seen together with the patient."


LAPSED = ["", "", None]


def test_departing_decision_outlives_news_that_speaks_not_against_laser(clinician):
    assessment = decided_to_treat(clinician)
    assessment.tattoo, assessment.grade = True, 3
    record(assessment, clinician)
    assert decision(assessment) == ["candidate", DECIDED, clinician, "candidate"]
    assert referrals() == []


@pytest.mark.parametrize(
    "news", [{"infection": True}, {"surgery_on": date(2025, 3, 1)}, {"suspicious_lesion": True}]
)
def test_departing_decision_lapses_when_something_new_speaks_against_laser(news, clinician):
    assessment = decided_to_treat(clinician)
    for name, value in news.items():
        setattr(assessment, name, value)
    record(assessment, clinician)
    assert decision(assessment) == [*LAPSED, "refer_to_surgery"]
    assert AreaAssessment.objects.get().decided_at is None
    assert referrals() == [("to_send", "")]


def test_departing_decision_lapses_when_the_consultation_brings_news(clinician):
    assessment = decided_to_treat(clinician)
    assessment.consultation.pregnant = True
    assessment.consultation.save(by=clinician)
    record_assessments(consultation=assessment.consultation, by=clinician)
    assert decision(assessment) == [*LAPSED, "refer_to_surgery"]


def test_departing_decision_stays_where_a_plan_rests_on_it(clinician):
    assessment = decided_to_treat(clinician)
    PlanFactory(assessment=assessment)
    assessment.infection = True
    record(assessment, clinician)
    assert decision(assessment) == ["candidate", DECIDED, clinician, "candidate"]
    assert accepted(assessment) == {
        "laxity.severe": True,
        "skin.infection": None,
        "herpes": None,
        "screen.not_asked": None,
    }


def test_departing_decision_lapses_beside_a_plan_in_error(clinician):
    assessment = decided_to_treat(clinician)
    mark_in_error(record=PlanFactory(assessment=assessment), by=clinician, reason="Slip.")
    assessment.infection = True
    record(assessment, clinician)
    assert decision(assessment) == [*LAPSED, "refer_to_surgery"]


def test_what_is_known_when_deciding_is_accepted(clinician):
    assessment = decided_to_treat(clinician, infection=True, tattoo=True)
    assert accepted(assessment) == {
        "laxity.severe": True,
        "skin.infection": True,
        "skin.tattoo": None,
        "herpes": None,
        "screen.not_asked": None,
    }


def test_what_is_accepted_stays_so_when_judged_anew(clinician):
    assessment = decided_to_treat(clinician, infection=True)
    record_assessments(consultation=assessment.consultation, by=clinician)
    assert AreaAssessment.objects.get().version == 2
    assert accepted(assessment) == {
        "laxity.severe": True,
        "skin.infection": True,
        "herpes": None,
        "screen.not_asked": None,
    }


def test_deciding_again_accepts_what_is_new(clinician):
    assessment = decided_to_treat(clinician)
    assessment.infection = True
    assessment.decision_reason = "The infection is far off."
    record(assessment, clinician)
    assert decision(assessment) == [
        "candidate",
        "The infection is far off.",
        clinician,
        "candidate",
    ]
    assert accepted(assessment) == {
        "laxity.severe": True,
        "skin.infection": True,
        "herpes": None,
        "screen.not_asked": None,
    }


def test_decision_that_agrees_accepts_nothing(clinician):
    assessment = AssessmentFactory(infection=True)
    decide(assessment, Outcome.HOLD, clinician)
    assert decision(assessment) == ["hold", DECIDED, clinician, "hold"]
    assert accepted(assessment) == {
        "skin.infection": None,
        "herpes": None,
        "screen.not_asked": None,
    }


def test_decision_on_a_verdict_just_seen_is_kept(clinician):
    assessment = AssessmentFactory(
        decision=Outcome.CANDIDATE, decision_reason=DECIDED, decided_at=timezone.now()
    )
    assessment.infection, assessment.decided_by = True, clinician
    assert give_verdict(assessment, deciding=True) is True
    assert [assessment.outcome, assessment.decision] == ["hold", "candidate"]
    assert assessment.findings[0]["accepted"] is True


def test_decision_that_agrees_stays_while_the_verdict_is_the_same(clinician):
    assessment = AssessmentFactory(infection=True, decision=Outcome.HOLD, decided_by=clinician)
    assessment.suspicious_lesion = True
    record(assessment, clinician)
    assert decision(assessment) == ["hold", "", clinician, "hold"]


def test_decision_that_agrees_stays_with_its_verdict(clinician):
    assessment = AssessmentFactory(decision=Outcome.CANDIDATE, decided_by=clinician)
    assessment.tattoo = True
    record(assessment, clinician)
    kept = AreaAssessment.objects.get()
    assert [kept.decision, kept.decided_by] == [Outcome.CANDIDATE, clinician]


def test_decision_that_only_agreed_goes_with_its_verdict(clinician):
    assessment = AssessmentFactory(decision=Outcome.CANDIDATE, decided_by=clinician)
    assessment.infection = True
    record(assessment, clinician)
    kept = AreaAssessment.objects.get()
    assert [kept.decision, kept.effective_outcome, kept.decided_by] == ["", "hold", None]
