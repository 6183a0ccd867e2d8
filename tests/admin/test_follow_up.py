"""Follow-ups in the admin: booked from the chart, done with an outcome."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import FollowUp
from consultations.vocabulary import FollowUpKind
from tests.factories import (
    FollowUpFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
)

from .browsing import Browser, add_url, change_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(practitioner):
    return Browser(practitioner)


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def test_recall_of_a_course(browser):
    plan = PlanFactory()
    browser.fill(add_url("followup", plan=plan.pk), {"due_on": in_days(30).isoformat()})
    follow_up = FollowUp.objects.get()
    assert (follow_up.patient, follow_up.plan, follow_up.kind, follow_up.due_on) == (
        plan.patient,
        plan,
        FollowUpKind.RECALL,
        in_days(30),
    )


def test_reply_to_a_referral(browser):
    referral = ReferralFactory()
    browser.fill(add_url("followup", referral=referral.pk), {"due_on": in_days(14).isoformat()})
    assert FollowUp.objects.get().kind == FollowUpKind.REFERRAL_REPLY


def test_past_day_is_refused(browser):
    url = add_url("followup", patient=PatientFactory().pk)
    page = browser.fill(url, {"due_on": in_days(-1).isoformat()})
    assert page.errors["due_on"] == ["This day is in the past."]


def test_another_patients_plan_is_refused(browser):
    url = add_url("followup", patient=PatientFactory().pk)
    page = browser.fill(url, {"due_on": in_days(1).isoformat(), "plan": PlanFactory().pk})
    assert page.errors[""] == ["This follow-up belongs to another patient."]


def test_outcome_says_who_and_when(browser, practitioner):
    follow_up = FollowUpFactory()
    browser.fill(change_url(follow_up), {"outcome": "Booked."})
    follow_up.refresh_from_db()
    assert (follow_up.done_by, follow_up.done_on) == (practitioner, timezone.localdate())


def test_address_of_a_session_fills_in_nothing(clinician):
    page = Browser(clinician).open(add_url("followup", session=SessionFactory().pk))
    assert not page.form.get("patient")
    assert not page.form.get("session")
