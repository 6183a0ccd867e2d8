"""Deciding otherwise than the verdict, and what is fixed once a plan or a referral rests on it."""

from datetime import date

import pytest
from django.utils import timezone

from consultations.models import SurgicalReferral
from consultations.models.text import day_in_words
from consultations.vocabulary import ReferralStatus
from tests.factories import (
    AssessmentFactory,
    PlanFactory,
    ReferralFactory,
)

from . import answers
from .browsing import Browser, add_url, change_url, list_url

pytestmark = pytest.mark.django_db

TREAT = {"assessments-0-decision": "candidate", "assessments-0-decision_reason": "Refuses surgery."}
FIXED = "Locked by a plan or a sent referral. Record a new consultation."


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def test_departing_decision_without_a_reason_is_refused(browser):
    face = AssessmentFactory(severe=True)
    page = browser.fill(change_url(face.consultation), {"assessments-0-decision": "candidate"})
    assert page.errors == {
        "assessments-0-decision_reason": ["Say why you decide otherwise than the verdict."]
    }
    face.refresh_from_db()
    assert face.decision == ""


def test_departing_decision_keeps_who_and_when(browser, clinician):
    face = AssessmentFactory(severe=True)
    page = browser.fill(change_url(face.consultation), TREAT)
    face.refresh_from_db()
    assert [face.outcome, face.effective_outcome] == ["refer_to_surgery", "candidate"]
    assert [face.decided_by, face.decided_at is None] == [clinician, False]
    assert page.links["Start plan"] == add_url("treatmentplan", assessment=face.pk)


def test_departing_decision_is_told_on_the_page(browser):
    face = AssessmentFactory(severe=True)
    browser.fill(change_url(face.consultation), TREAT)
    page = browser.open(change_url(face.consultation))
    told = "clinician overrode the verdict (Refer to surgery): Refuses surgery."
    assert told in page.text


def test_deciding_to_treat_withdraws_the_unsent_referral(browser):
    referral = ReferralFactory()
    browser.fill(change_url(referral.assessment.consultation), TREAT)
    referral.refresh_from_db()
    assert [referral.status, referral.closure] == ["closed", "withdrawn"]


def test_deciding_to_treat_leaves_a_sent_referral(browser):
    referral = ReferralFactory(status=ReferralStatus.SENT, sent_on=date(2025, 3, 4))
    browser.fill(change_url(referral.assessment.consultation), TREAT)
    referral.refresh_from_db()
    assert [referral.status, referral.closure] == ["sent", ""]


def test_decision_that_agrees_needs_no_reason(browser):
    face = AssessmentFactory()
    page = browser.fill(change_url(face.consultation), {"assessments-0-decision": "candidate"})
    assert page.errors == {}


def test_decision_to_refer_opens_a_referral(browser):
    face = AssessmentFactory()
    changes = {
        "assessments-0-decision": "refer_to_surgery",
        "assessments-0-decision_reason": "Very loose.",
    }
    browser.fill(change_url(face.consultation), changes)
    assert SurgicalReferral.objects.get(status="to_send").assessment == face


def test_decision_taken_back_gives_the_verdict_again(browser):
    face = AssessmentFactory(severe=True)
    url = change_url(face.consultation)
    browser.fill(url, TREAT)
    blank = {"assessments-0-decision": "", "assessments-0-decision_reason": ""}
    browser.fill(url, blank)
    face.refresh_from_db()
    assert [face.effective_outcome, face.decided_by] == ["refer_to_surgery", None]
    assert SurgicalReferral.objects.get().status == "to_send"


def test_decision_to_refer_beside_a_plan_is_refused(browser):
    plan = PlanFactory()
    changes = {
        "assessments-0-decision": "refer_to_surgery",
        "assessments-0-decision_reason": "Very loose.",
    }
    page = browser.fill(change_url(plan.assessment.consultation), changes)
    assert page.errors == {
        "assessments-0-decision": [
            "This area already has a plan. Record a new consultation to refer it."
        ]
    }
    assert not SurgicalReferral.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("severity", "moderate"), ("area", "arms"), ("grade", "0.5"), ("infection", "true")],
)
def test_assessment_is_fixed_once_planned(browser, name, value):
    face = PlanFactory().assessment
    field = f"assessments-0-{name}"
    page = browser.fill(change_url(face.consultation), {field: value})
    assert page.errors == {field: [FIXED]}
    assert page.form[field] == value


def test_assessment_is_fixed_once_its_referral_is_sent(browser):
    referral = ReferralFactory(status=ReferralStatus.SENT, sent_on=date(2025, 3, 4))
    url = change_url(referral.assessment.consultation)
    page = browser.fill(url, {"assessments-0-severity": "mild"})
    assert page.errors == {"assessments-0-severity": [FIXED]}


def test_assessment_is_not_fixed_by_an_unsent_referral(browser):
    referral = ReferralFactory()
    url = change_url(referral.assessment.consultation)
    assert browser.fill(url, {"assessments-0-severity": "mild"}).errors == {}


def test_assessment_opens_its_consultation(browser):
    face = AssessmentFactory()
    assert browser.open(change_url(face)).path == change_url(face.consultation)
    assert browser.open(add_url("areaassessment")).status == 403
    assert browser.post(list_url("areaassessment"), {}).status == 200


@pytest.mark.parametrize("name", ["surgery_on", "recent_procedure_on"])
def test_date_after_the_visit_is_refused(browser, name):
    face, field = AssessmentFactory(), f"assessments-0-{name}"
    page = browser.fill(change_url(face.consultation), {field: "2025-03-04"})
    assert page.errors == {field: ["This date is after the visit."]}


# A decision against laser


def decide(browser, assessment, decision, reason="The skin is raw."):
    changes = {"assessments-0-decision": decision, "assessments-0-decision_reason": reason}
    return browser.fill(change_url(assessment.consultation), changes)


@pytest.mark.parametrize(
    ("decision", "words"),
    [("hold", "Decided to wait on"), ("not_a_candidate", "Decided not to treat on")],
)
def test_decision_against_laser_pauses_the_plan(browser, decision, words):
    plan = PlanFactory()
    page = decide(browser, plan.assessment, decision)
    plan.refresh_from_db()
    today = day_in_words(timezone.localdate())
    assert (plan.status, plan.status_reason) == ("paused", f"{words} {today}")
    assert "Face: the plan is paused." in page.messages
    card = page.soup.select_one("article.verdict")
    assert "Mild laxity is what laser is for" not in card.select_one(".reason").text
    assert not {"Record session", "Resume plan"} & page.links.keys()


def test_new_consultation_decides_against_the_plan_of_an_earlier_one(browser):
    plan = PlanFactory()
    typed = answers.areas(("face", "mild"))
    typed |= {"assessments-0-decision": "hold", "assessments-0-decision_reason": "Raw."}
    page = browser.fill(add_url("consultation", patient=plan.patient.pk), typed)
    plan.refresh_from_db()
    assert plan.status == "paused"
    assert not {"Record session", "Resume plan", "Start plan"} & page.links.keys()


def test_verdict_alone_pauses_nothing(browser):
    plan = PlanFactory()
    typed = answers.areas(("face", "mild")) | {"assessments-0-infection": "true"}
    browser.fill(add_url("consultation", patient=plan.patient.pk), typed)
    plan.refresh_from_db()
    assert plan.status == "active"


def test_plan_is_resumed_by_hand_once_it_is_decided_to_treat(browser):
    plan = PlanFactory()
    decide(browser, plan.assessment, "hold")
    page = browser.fill(change_url(plan), {"status": "active"})
    assert page.errors == {"status": ["A clinician decided: wait. Decide to treat again first."]}
    page = decide(browser, plan.assessment, "", reason="")
    plan.refresh_from_db()
    assert (plan.status, page.links["Resume plan"]) == ("paused", change_url(plan))
    browser.fill(change_url(plan), {"status": "active"})
    plan.refresh_from_db()
    assert plan.status == "active"


def test_decision_pauses_once(browser):
    plan = PlanFactory()
    decide(browser, plan.assessment, "hold")
    browser.fill(change_url(plan.assessment.consultation), {"notes": "Called."})
    assert plan.history.filter(status="paused").count() == 1
