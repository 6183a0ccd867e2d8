"""The main job from end to end, as a clinician does it: verdicts, a referral, a course of five."""

from datetime import date

import pytest

from consultations.models import (
    AreaAssessment,
    Consultation,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from tests.factories import LaserModeFactory, PatientFactory, PlanFactory, SessionFactory

from . import answers
from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def consult(browser, patient, *pairs, **others):
    changes = {"consulted_on": "2025-03-03"} | answers.areas(*pairs) | others
    return browser.fill(add_url("consultation", patient=patient.pk), changes)


def test_consultation_says_each_verdict_in_words(browser):
    patient = PatientFactory()
    page = consult(browser, patient, ("face", "mild"), ("neck", "severe"))
    assert page.path == page_url(patient, "chart")
    assert page.messages == [
        "Face: Suitable for laser, 34 not asked. Mild laxity is what laser is for. Proposed: "
        "non-ablative laser, gradual, every 28 days, to keep side effects low. Start plan",
        "Neck: Refer to surgery, 34 not asked. Laxity is severe: laser is not suitable. "
        "Send referral",
        f"Saved for {patient.full_name}: Consultation of 3 Mar 2025.",
    ]


def test_consultation_leads_on_to_a_plan_and_a_referral(browser):
    page = consult(browser, PatientFactory(), ("face", "mild"), ("neck", "severe"))
    face = AreaAssessment.objects.get(area="face")
    referral = SurgicalReferral.objects.get(assessment__area="neck", status="to_send")
    assert page.links["Start plan"] == add_url("treatmentplan", assessment=face.pk)
    assert page.links["Send referral"] == add_url("referralsending", referral=referral.pk)
    assert SurgicalReferral.objects.count() == 1


def test_consultation_keeps_what_the_rules_said(browser):
    consult(browser, PatientFactory(), ("face", "moderate"))
    face = AreaAssessment.objects.get()
    kept = [face.outcome, face.proposed_laser, face.pace, bool(face.rulebook)]
    assert kept == ["candidate", "non_ablative_fractional", "gradual", True]
    assert [finding["id"] for finding in face.findings] == ["herpes", "screen.not_asked"]
    assert face.facts["severity"] == "moderate"


def test_five_sessions_complete_the_plan_and_a_sixth_is_refused(browser):
    plan, mode = PlanFactory(), LaserModeFactory()
    url = add_url("treatmentsession", plan=plan.pk)
    said = []
    for day in answers.legal_days(plan, 5):
        said += browser.fill(url, answers.session(mode, day)).messages[:1]
    assert said == [
        *(
            f"Face: {done} of 5 sessions done. Book next Session record Aftercare"
            for done in range(1, 5)
        ),
        "Face: 5 of 5 sessions done. Session record Aftercare",
    ]
    plan.refresh_from_db()
    assert [plan.status, plan.completed_on, plan.next_due_on] == [
        "completed",
        date(2025, 7, 21),
        None,
    ]
    page = browser.fill(url, answers.session(mode, "2025-08-18"))
    assert page.errors["performed_on"] == [
        "All 5 planned sessions are done. Extend the plan first, with a reason."
    ]
    assert TreatmentSession.objects.count() == 5


def completed_plan():
    plan = PlanFactory()
    SessionFactory.create_batch(5, plan=plan)
    return TreatmentPlan.objects.get()


def test_extension_with_a_reason_makes_the_plan_active(browser, clinician):
    plan, mode = completed_plan(), LaserModeFactory()
    assert plan.status == "completed"
    reason = "Improving still."
    browser.fill(change_url(plan), {"planned_sessions": 6, "extension_reason": reason})
    plan.refresh_from_db()
    assert [plan.status, plan.planned_sessions, plan.extension_reason] == ["active", 6, reason]
    latest = plan.history.latest()
    assert [latest.history_user, latest.history_change_reason] == [clinician, reason]
    page = browser.fill(
        add_url("treatmentsession", plan=plan.pk), answers.session(mode, "2025-08-18")
    )
    assert page.messages[0] == "Face: 6 of 6 sessions done. Session record Aftercare"
    plan.refresh_from_db()
    assert plan.status == "completed"


def test_extension_without_a_reason_is_refused(browser):
    plan = completed_plan()
    page = browser.fill(change_url(plan), {"planned_sessions": 6})
    assert page.errors == {"extension_reason": ["Say why the course is extended."]}
    plan.refresh_from_db()
    assert [plan.status, plan.planned_sessions] == ["completed", 5]


def test_second_extension_needs_a_reason_of_its_own(browser):
    plan = completed_plan()
    browser.fill(change_url(plan), {"planned_sessions": 6, "extension_reason": "Improving."})
    page = browser.fill(change_url(plan), {"planned_sessions": 7})
    message = "Give a new reason: this one was for the last extension."
    assert page.errors == {"extension_reason": [message]}


def test_course_cannot_be_shorter_than_what_is_done(browser):
    plan = completed_plan()
    changes = {"planned_sessions": 3, "short_course_reason": "touch_up"}
    page = browser.fill(change_url(plan), changes)
    assert page.errors == {"planned_sessions": ["5 sessions are already done."]}


def test_nothing_is_kept_of_a_consultation_with_one_wrong_area(browser):
    grade = {"assessments-1-grade": "3"}
    page = consult(browser, PatientFactory(), ("neck", "severe"), ("face", "mild"), **grade)
    assert list(page.errors) == ["assessments-1-grade"]
    kept = [Consultation, AreaAssessment, SurgicalReferral]
    assert [model.objects.count() for model in kept] == [0, 0, 0]
