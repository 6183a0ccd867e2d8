"""What a referral says of surgery is known wherever the area is judged: on every way to a plan and
to a session."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.actions.prefilled import prefilled_plan
from consultations.models import AreaAssessment, TreatmentPlan, TreatmentSession
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    LaserModeFactory,
    PlanFactory,
    ReferralFactory,
    TreatmentConsentFactory,
)

from . import answers
from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


TODAY = timezone.localdate
DAYS_AGO = {days: TODAY() - timedelta(days=days) for days in (0, 8, 40, 200, 300)}
RECENT = "Surgery in this area less than 1 month ago."
RECOVERING = "Not recovered from surgery in this area, or recovery not asked."


def operated(days, **options):
    """The neck, referred 300 days ago and operated on since, with nothing more known."""
    consultation = ConsultationFactory(consulted_on=DAYS_AGO[300])
    assessment = AssessmentFactory(consultation=consultation, area="neck", severe=True)
    state = {"status": "operated", "sent_on": DAYS_AGO[300], "operated_on": DAYS_AGO[days]}
    return ReferralFactory(assessment=assessment, **state | options)


def returned(days, **options):
    state = {"status": "closed", "closure": "returned_for_touch_up", "closed_on": DAYS_AGO[0]}
    return operated(days, **state | options)


def consulted(browser, referral, **typed):
    """A new consultation on the neck that does not follow the referral."""
    url = add_url("consultation", patient=referral.patient.pk)
    typed = {f"assessments-0-{name}": value for name, value in typed.items()}
    return browser.fill(url, answers.areas(("neck", "mild")) | typed)


@pytest.mark.parametrize("days", [0, 8])
@pytest.mark.parametrize("state", [operated, returned])
def test_new_consultation_knows_the_surgery(browser, days, state):
    page = consulted(browser, state(days))
    area = AreaAssessment.objects.latest("pk")
    assert [area.outcome, area.lasers, area.facts["surgery_on"]] == [
        "hold",
        [],
        DAYS_AGO[days].isoformat(),
    ]
    assert page.messages[0] == f"Neck: Wait, 36 not asked. {RECENT} {RECOVERING}"


def test_surgery_long_ago_is_touched_up(browser):
    consulted(browser, returned(300, recovered_on=DAYS_AGO[200]))
    area = AreaAssessment.objects.latest("pk")
    assert [area.outcome, len(area.lasers)] == ["touch_up", 3]


def test_live_verdict_knows_the_surgery(browser):
    url = f"{add_url('consultation')[:-4]}verdict/?patient={returned(8).patient.pk}"
    page = browser.post(url, answers.areas(("neck", "mild")))
    assert page.select(".verdict .chip")[0].text == "Wait"


def test_edited_consultation_knows_what_was_told_since(browser, clinician):
    referral = operated(40, status="sent", operated_on=None)
    consultation = ConsultationFactory(patient=referral.patient, consulted_on=DAYS_AGO[8])
    assessment = AssessmentFactory(consultation=consultation, area="neck")
    assert assessment.outcome == "candidate"
    changes = {"status": "operated", "accepted_on": "", "operated_on": DAYS_AGO[40]}
    browser.fill(change_url(referral), changes)
    assessment.refresh_from_db()
    assert assessment.outcome == "hold"
    browser.fill(change_url(consultation), {"notes": "Called."})
    assessment.refresh_from_db()
    assert assessment.outcome == "hold"


def test_signed_verdict_stays_when_a_referral_is_changed(browser, clinician):
    referral = operated(40, status="sent", operated_on=None)
    consultation = ConsultationFactory(
        patient=referral.patient,
        consulted_on=DAYS_AGO[8],
        signed_by=clinician,
        signed_at=timezone.now(),
    )
    assessment = AssessmentFactory.build(
        consultation=consultation, area="neck", outcome="candidate"
    )
    assessment.save(by=clinician, correcting=True)
    browser.fill(change_url(referral), {"status": "operated", "operated_on": DAYS_AGO[40]})
    assessment.refresh_from_db()
    assert assessment.outcome == "candidate"


def surgery_unknown_to_its_verdict(referral):
    """An area judged suitable before the surgery became known."""
    consultation = ConsultationFactory(patient=referral.patient, consulted_on=DAYS_AGO[200])
    return AssessmentFactory(consultation=consultation, area="neck")


def test_no_plan_starts_after_surgery_that_its_verdict_did_not_know(browser):
    area = surgery_unknown_to_its_verdict(returned(8))
    url = add_url("treatmentplan", assessment=area.pk)
    told = [one.text.partition(".")[0] + "." for one in browser.open(url).select(".notice-stop")]
    assert told == [RECENT, RECOVERING]
    page = browser.fill(url, {"started_on": TODAY()})
    assert [words.partition(". ")[0] + "." for words in page.errors[""]] == [RECENT, RECOVERING]
    assert TreatmentPlan.objects.count() == 0


@pytest.fixture
def plan(clinician):
    """A course on the neck that began before the neck was operated on."""
    area = surgery_unknown_to_its_verdict(returned(8))
    plan = prefilled_plan(area)
    plan.started_on = DAYS_AGO[200]
    plan.save(by=clinician)
    TreatmentConsentFactory(plan=plan)
    return plan


@pytest.fixture
def mode(plan):
    return LaserModeFactory(laser_type=plan.laser_type)


def test_session_page_knows_the_surgery(browser, plan, mode):
    url = add_url("treatmentsession", plan=plan.pk)
    page = browser.fill(url, answers.session(mode, TODAY()))
    assert page.errors[""] == [
        "Today's answers no longer allow non-ablative laser: "
        f"{RECENT} {RECOVERING} "
        "Wait, or change the plan to a laser that is allowed."
    ]
    assert TreatmentSession.objects.count() == 0


def test_visit_page_knows_the_surgery(browser, plan, mode):
    url = f"{page_url(plan.patient, 'visit')}?plan={plan.pk}"
    typed = {"laser_mode": mode.pk, "infection": "false", "include": "on"}
    typed = answers.TODAY | {f"plan-{plan.pk}-{name}": value for name, value in typed.items()}
    page = browser.fill(url, typed)
    assert RECOVERING in page.text
    assert TreatmentSession.objects.count() == 0
    check = f"{page_url(plan.patient, 'visit_check')}?plan={plan.pk}"
    found = browser.post(check, browser.open(url).form | typed).response.json()
    assert [
        found[f"plan-{plan.pk}"]["can_override"],
        RECOVERING in found[f"plan-{plan.pk}"]["html"],
    ] == [
        True,
        True,
    ]


def test_surgery_before_the_referrals_is_refused(browser):
    page = consulted(browser, returned(8), surgery_on=DAYS_AGO[40])
    day = f"{DAYS_AGO[8]:%-d %b %Y}"
    told = f"The referral of this area says it was operated on {day}. Open referral"
    assert page.errors == {"assessments-0-surgery_on": [told]}


@pytest.mark.parametrize("days", [8, 0])
def test_same_or_later_surgery_is_taken(browser, days):
    page = consulted(browser, returned(8), surgery_on=DAYS_AGO[days])
    area = AreaAssessment.objects.latest("pk")
    assert (page.errors, area.facts["surgery_on"]) == ({}, DAYS_AGO[days].isoformat())


def test_recovered_beside_an_operated_referral_is_refused(browser):
    referral = operated(200)
    page = consulted(browser, referral, recovered_from_surgery="true")
    told = "The referral of this area does not say recovered. Give the day there. Open referral"
    assert page.errors == {"assessments-0-recovered_from_surgery": [told]}
    assert page.select(".errorlist a")[0]["href"] == change_url(referral)


def test_recovered_after_the_return_is_believed(browser):
    consulted(browser, returned(200), recovered_from_surgery="true")
    assert AreaAssessment.objects.latest("pk").outcome == "touch_up"


def test_live_verdict_leaves_out_what_contradicts_a_referral(browser):
    url = f"{add_url('consultation')[:-4]}verdict/?patient={returned(8).patient.pk}"
    typed = {"assessments-0-surgery_on": DAYS_AGO[40]}
    page = browser.post(url, answers.areas(("neck", "mild")) | typed)
    assert "Not counted until corrected: Surgery here on." in page.text


def test_open_referral_of_another_assessment_is_pointed_out(browser):
    consulted(browser, operated(8, status="sent", operated_on=None))
    area = AreaAssessment.objects.latest("pk")
    told = [one["level"] for one in area.findings if one["id"] == "referral.open"]
    assert (area.outcome, told) == ("candidate", ["caution"])


def test_plan_that_is_said_to_have_started_before_still_meets_the_surgery(browser):
    consultation = ConsultationFactory(patient=returned(8).patient, consulted_on=DAYS_AGO[200])
    area = AssessmentFactory(consultation=consultation, area="neck")
    page = browser.fill(add_url("treatmentplan", assessment=area.pk), {"started_on": DAYS_AGO[200]})
    assert TreatmentPlan.objects.count() == 0
    assert RECENT in page.text


def test_paused_plan_is_not_resumed_days_after_surgery(browser):
    consultation = ConsultationFactory(patient=returned(8).patient, consulted_on=DAYS_AGO[200])
    area = AssessmentFactory(consultation=consultation, area="neck")
    plan = PlanFactory(
        assessment=area, started_on=DAYS_AGO[200], status="paused", status_reason="Away."
    )
    page = browser.fill(change_url(plan), {"status": "active", "status_reason": ""})
    plan.refresh_from_db()
    assert (plan.status, RECENT in page.text) == ("paused", True)


@pytest.mark.parametrize(
    "typed",
    [
        {"accepts_five_sessions": "false"},
        {"assessments-0-decision": "hold", "assessments-0-decision_reason": "Wait."},
    ],
)
def test_plan_does_not_start_on_an_older_assessment_against_a_newer_one(browser, typed):
    older = AssessmentFactory(consultation=ConsultationFactory(consulted_on=DAYS_AGO[40]))
    url = add_url("consultation", patient=older.patient.pk)
    browser.fill(url, answers.areas(("face", "mild")) | typed)
    page = browser.fill(add_url("treatmentplan", assessment=older.pk), {"started_on": DAYS_AGO[0]})
    assert TreatmentPlan.objects.count() == 0
    assert "This area was assessed again on" in page.text
