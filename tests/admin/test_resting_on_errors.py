"""What rests on something entered in error waits for nobody, however it came to rest there."""

import pytest
from django.utils import timezone

from consultations.actions.signing import mark_in_error
from consultations.models import AdverseEvent, SurgicalReferral, TreatmentSession
from tests.factories import (
    EventFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
)

from .browsing import Browser, change_url, page_url

pytestmark = pytest.mark.django_db


def test_what_rests_on_a_plan_in_error_is_not_to_be_signed(clinician):
    plan = PlanFactory()
    done = SessionFactory(plan=plan, operator=clinician)
    of_plan = TreatmentSession.objects.filter(plan=plan)
    assert set(of_plan.to_sign_by(clinician)) == {done}
    in_error(plan, clinician)
    assert [*of_plan.to_sign_by(clinician)] == []
    assert [*of_plan.late_of_others(UserFactory())] == []


def test_nothing_is_taken_back_to_a_plan_in_error(clinician):
    missed = appointment_for(missed=True)
    mark_in_error(record=missed.courses.get().plan, by=clinician, reason="Wrong patient.")
    page = Browser(clinician).post(page_url(missed, "put_back"), {"version": missed.version})
    missed.refresh_from_db()
    assert missed.status == "missed"
    assert page.messages


def test_a_referral_of_an_assessment_in_error_is_not_opened_again(clinician):
    referral = ReferralFactory()
    mark_in_error(record=referral.assessment, by=clinician, reason="Wrong area.")
    again = {"status": "to_send", "closed_on": "", "closure": ""}
    page = Browser(clinician).fill(change_url(referral), again)
    assert page.errors["status"] == ["This assessment was entered in error."]
    stored = SurgicalReferral.objects.filter(pk=referral.pk)
    stored.update(status="to_send", closed_on=None, closure="")
    assert list(SurgicalReferral.objects.waiting("to_send")) == []


def test_an_event_of_a_session_in_error_is_not_open(clinician):
    event = EventFactory(moderate=True)
    assert list(AdverseEvent.objects.open()) == [event]
    in_error(event.session, clinician)
    assert list(AdverseEvent.objects.open()) == []


def in_error(record, by):
    """As nobody can mark it: what rests on it still counts."""
    record.entered_in_error_at, record.entered_in_error_by = timezone.now(), by
    record.entered_in_error_reason = "Wrong."
    record.save(by=by, correcting=True)
