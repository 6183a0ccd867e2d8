"""The letter to the general practitioner says what became of the course."""

from datetime import date

import pytest

from consultations.documents.issuing import draft_of
from consultations.models import TreatmentPlan
from consultations.vocabulary import DocumentKind
from tests.factories import EventFactory, PlanFactory, SessionFactory

from .reading import by_poppler, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(clinic, clinician):
    plan = PlanFactory(
        by=clinician, assessment__consultation__patient__general_practitioner="Dr N. Baker"
    )
    for day in (date(2026, 3, 2), date(2026, 4, 13)):
        SessionFactory(by=clinician, plan=plan, performed_on=day)
    return TreatmentPlan.objects.with_patient().get(pk=plan.pk)


def letter_about(plan, by):
    return words(by_poppler(draft_of(DocumentKind.GP_LETTER, plan.patient, by).pdf()))


def test_days_of_the_sessions_are_told(plan, clinician):
    text = letter_about(plan, clinician)
    told = "Sessions: 2 of 5 Days of the sessions: 2 Mar 2026, 13 Apr 2026 Course: Active"
    assert told in text


def test_stopped_course_is_told_and_what_was_typed_about_it_is_not(plan, clinician):
    plan.status, plan.status_reason = "stopped", "She lost her job."
    plan.save(by=clinician)
    text = letter_about(plan, clinician)
    assert "Course: Stopped" in text
    assert "job" not in text


def test_course_paused_for_a_reaction_says_which(plan, clinician):
    session = plan.sessions.order_by("performed_on").last()
    event = EventFactory(by=clinician, session=session, moderate=True)
    plan.status, plan.status_reason, plan.paused_for = "paused", "A reaction.", event
    plan.save(by=clinician)
    text = letter_about(plan, clinician)
    assert f"Course: Paused: {event.get_kind_display()} since" in text
