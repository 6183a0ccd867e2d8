"""A test patch kept: unsigned verdicts on its area follow it, signed ones and other areas stay."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.courses import keep_session
from consultations.actions.patches import keep_patch
from consultations.actions.signing import mark_in_error, sign
from consultations.models import AreaAssessment, TestPatch, TreatmentSession
from consultations.summaries.chart import chart_of
from consultations.vocabulary import Area
from tests.factories import (
    AssessmentFactory,
    LaserModeFactory,
    PlanFactory,
    SessionFactory,
    TestPatchFactory,
)

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.localdate() - timedelta(days=60)


def reaction_on(assessment, by, **options):
    """A reaction to a test patch on the day this area was assessed."""
    patch = TestPatchFactory.build(
        patient=assessment.patient,
        area=assessment.area,
        done_on=assessment.consultation.consulted_on,
        reaction=True,
        **options,
    )
    return keep_patch(patch=patch, by=by)


def outcome(assessment):
    return AreaAssessment.objects.get(pk=assessment.pk).outcome


def test_unsigned_verdict_on_its_area_follows(clinician):
    face = AssessmentFactory()
    neck = AssessmentFactory(consultation=face.consultation, area=Area.NECK)
    reaction_on(face, clinician)
    assert [outcome(face), outcome(neck)] == ["hold", "candidate"]
    changed = face.history.latest().history_change_reason
    assert changed == "A test patch of this area was changed."


def test_signed_verdict_stays(clinician):
    face = AssessmentFactory()
    sign(record=face.consultation, by=clinician)
    reaction_on(face, clinician)
    assert outcome(face) == "candidate"


def test_verdict_of_a_day_before_it_stays(clinician):
    face = AssessmentFactory()
    later = face.consultation.consulted_on + timedelta(days=1)
    patch = TestPatchFactory.build(patient=face.patient, done_on=later, reaction=True)
    keep_patch(patch=patch, by=clinician)
    assert outcome(face) == "candidate"


def test_cleared_reaction_lets_go_from_the_day_it_is_cleared(clinician):
    face = AssessmentFactory(consultation__consulted_on=timezone.localdate())
    patch = reaction_on(face, clinician)
    patch.clearance, patch.cleared_by, patch.cleared_at = "Faded.", clinician, timezone.now()
    keep_patch(patch=patch, by=clinician)
    assert outcome(face) == "candidate"


def test_moved_to_another_area_both_verdicts_follow(clinician):
    face = AssessmentFactory()
    neck = AssessmentFactory(consultation=face.consultation, area=Area.NECK)
    patch = reaction_on(face, clinician)
    patch.area = Area.NECK
    keep_patch(patch=patch, by=clinician)
    assert [outcome(face), outcome(neck)] == ["candidate", "hold"]


def test_entered_in_error_the_verdict_follows(clinician):
    face = AssessmentFactory()
    patch = reaction_on(face, clinician)
    mark_in_error(record=patch, by=clinician, reason="Wrong patient.")
    assert outcome(face) == "candidate"


def test_nothing_is_added_to_a_record_that_ended(clinician):
    face = AssessmentFactory()
    face.patient.merged_into = AssessmentFactory().patient
    face.patient.entered_in_error_at, face.patient.entered_in_error_by = timezone.now(), clinician
    face.patient.entered_in_error_reason = "Twice here."
    face.patient.save(by=clinician)
    with pytest.raises(ValidationError):
        reaction_on(face, clinician)
    assert TestPatch.objects.count() == 0


def course(by, **patch):
    plan = PlanFactory(assessment__consultation__consulted_on=LONG_AGO, started_on=LONG_AGO)
    TestPatchFactory(patient=plan.patient, reaction=True, **patch)
    return plan


def session_today(plan, by):
    today = timezone.localdate()
    mode = LaserModeFactory(laser_type=plan.laser_type)
    return SessionFactory.build(plan=plan, operator=by, laser_mode=mode, performed_on=today)


def test_uncleared_reaction_is_told_against_the_plan_and_stops_a_session(clinician):
    plan = course(clinician)
    (face,) = chart_of(plan.patient).courses
    assert [(one.id, one.until) for one in face.against] == [("patch.reaction", None)]
    with pytest.raises(ValidationError) as told:
        keep_session(session=session_today(plan, clinician), by=clinician)
    [words] = told.value.message_dict["override_reason"]
    assert words.startswith("Today's answers no longer allow non-ablative laser: ")
    assert TreatmentSession.objects.count() == 0


def test_cleared_reaction_stops_nothing(clinician):
    cleared = {"clearance": "Faded.", "cleared_by": clinician, "cleared_at": timezone.now()}
    plan = course(clinician, **cleared)
    assert chart_of(plan.patient).courses[0].against == ()
    keep_session(session=session_today(plan, clinician), by=clinician)
    assert TreatmentSession.objects.get().findings == []
