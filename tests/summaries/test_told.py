"""What any visit was told counts at every later session, until it is asked again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import TreatmentSession
from consultations.rules.readiness import check
from consultations.summaries.facts import session_facts
from consultations.summaries.visit import visit_of
from tests.courses import assessed_again, course_since
from tests.factories import ConsultationFactory, PlanFactory, SessionFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
BEFORE, MID, LATE = (TODAY - timedelta(days=days) for days in (90, 40, 20))
ASKED = {"pregnant": False, "isotretinoin": "never", "infection": False}
FRACTIONAL = {"laser_type": "ablative_fractional", "interval_days": 60}


def on_the_neck(plan):
    """A course of the same patient on another area."""
    consultation = plan.assessment.consultation
    return PlanFactory(assessment__area="neck", assessment__consultation=consultation)


def stopped(plan, **said):
    """Whether what was told before stops a session of today."""
    session = TreatmentSession(plan=plan, performed_on=TODAY, status="done", **(ASKED | said))
    return "screen.changed" in [one.id for one in check(session_facts(session))]


def test_lesion_seen_on_the_day_of_a_session_that_said_no():
    plan = course_since(BEFORE)
    SessionFactory(plan=plan, performed_on=LATE, suspicious_lesion=False)
    assessed_again(plan, LATE, suspicious_lesion=True)
    assert stopped(plan)


def test_blank_of_a_newer_visit_is_no_answer_expectations():
    plan = course_since(BEFORE)
    assessed_again(plan, MID, consultation__bdd_screen="positive")
    assessed_again(plan, LATE)
    assert stopped(plan)


def test_blank_of_a_newer_visit_is_no_answer_radiotherapy():
    plan = course_since(BEFORE, **FRACTIONAL)
    assessed_again(plan, MID, radiotherapy=True)
    assessed_again(plan, LATE)
    assert stopped(plan)


def test_expectation_said_where_another_area_was_assessed():
    plan = course_since(BEFORE)
    assessed_again(plan, LATE, area="neck", consultation__bdd_screen="positive")
    assert stopped(plan)


def test_health_said_at_a_session_of_another_area():
    plan = course_since(BEFORE)
    neck = on_the_neck(plan)
    SessionFactory(plan=neck, performed_on=LATE, uncontrolled_diabetes=True)
    assert stopped(plan)


def test_health_denied_at_a_session_of_another_area():
    plan = course_since(BEFORE)
    assessed_again(plan, MID, consultation__uncontrolled_diabetes=True)
    neck = on_the_neck(plan)
    SessionFactory(plan=neck, performed_on=LATE, uncontrolled_diabetes=False)
    assert not stopped(plan)


def test_health_said_at_a_consultation_without_areas():
    plan = course_since(BEFORE)
    ConsultationFactory(patient=plan.patient, consulted_on=LATE, uncontrolled_diabetes=True)
    assert stopped(plan)


def test_last_dose_known_where_today_says_only_that_it_is_past():
    plan = course_since(BEFORE, laser_type="ablative_full", interval_days=200)
    assessed_again(
        plan, LATE, consultation__isotretinoin="past", consultation__isotretinoin_last_dose_on=MID
    )
    assert stopped(plan, isotretinoin="past")


def test_visit_shows_what_the_newest_assessment_said():
    plan = course_since(BEFORE, assessment__suspicious_lesion=False)
    newest = assessed_again(plan, LATE, suspicious_lesion=True)
    assert visit_of(plan.patient, TODAY).areas[0].answers["suspicious_lesion"] == (LATE, newest)
