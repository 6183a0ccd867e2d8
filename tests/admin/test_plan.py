"""Plans: filled in from the verdict, refused where the area is not free, short with a reason."""

from datetime import date

import pytest
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models import TreatmentPlan
from consultations.vocabulary import PlanStatus, ReferralStatus
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
)

from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db

REFERRED = "This area has an open referral to a surgeon. Close the referral first."


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def start(browser, assessment, **changes):
    return browser.fill(add_url("treatmentplan", assessment=assessment.pk), changes)


@pytest.mark.parametrize(
    ("severity", "others", "proposed"),
    [
        ("mild", {}, ["non_ablative", "gradual", "28"]),
        ("moderate", {}, ["non_ablative_fractional", "gradual", "35"]),
        (
            "moderate",
            {
                "preferred_pace": "rapid",
                "max_downtime_days": 10,
                "patient__phototype": "II",
                "patient__keloid_history": False,
            },
            ["ablative_fractional", "rapid", "28"],
        ),
    ],
)
def test_plan_starts_from_the_verdict(browser, severity, others, proposed):
    assessment = AssessmentFactory(severity=severity, consultation=ConsultationFactory(**others))
    form = browser.open(add_url("treatmentplan", assessment=assessment.pk)).form
    assert [form[name] for name in ("laser_type", "pace", "interval_days")] == proposed
    started = [form["assessment"], form["planned_sessions"], form["started_on"]]
    today = DayInput().format_value(timezone.localdate())
    assert started == [str(assessment.pk), "5", today]


def test_plan_started_leads_to_its_consent(browser):
    page = start(browser, AssessmentFactory(), started_on="2025-03-10")
    plan = TreatmentPlan.objects.get()
    assert page.messages[0] == "The plan has started. Take consent"
    assert page.links["Take consent"] == page_url(plan, "consent")
    kept = [plan.status, plan.planned_sessions, plan.next_due_on]
    assert kept == ["active", 5, date(2025, 3, 10)]


def test_laser_that_is_excluded_is_refused(browser):
    assessment = AssessmentFactory(consultation__patient__keloid_history=True)
    page = start(browser, assessment, laser_type="ablative_full", interval_days=180)
    told = "Not allowed for this area now. Allowed: non-ablative, non-ablative fractional."
    assert page.errors == {"laser_type": [told]}
    assert not TreatmentPlan.objects.exists()


@pytest.mark.parametrize(
    ("laser", "days", "gap"),
    [
        ("non_ablative", 13, 14),
        ("non_ablative_fractional", 20, 21),
        ("ablative_fractional", 27, 28),
        ("ablative_full", 179, 180),
    ],
)
def test_interval_below_the_minimum_is_refused(browser, laser, days, gap):
    page = start(browser, AssessmentFactory(), laser_type=laser, interval_days=days)
    told = f"This laser needs at least {gap} days between sessions."
    assert page.errors == {"interval_days": [told]}
    assert start(browser, AssessmentFactory(), laser_type=laser, interval_days=gap).errors == {}


def test_four_sessions_without_a_reason_are_refused(browser):
    page = start(browser, AssessmentFactory(), planned_sessions=4)
    told = "A course has at least five sessions; give a reason for fewer."
    assert page.errors == {"planned_sessions": [told]}
    assert page.form["planned_sessions"] == "4"


def test_four_sessions_with_a_reason_are_kept(browser):
    start(browser, AssessmentFactory(), planned_sessions=4, short_course_reason="touch_up")
    assert TreatmentPlan.objects.get().planned_sessions == 4


@pytest.mark.parametrize("count", ["0", "-1", "61", "5.5", ""])
def test_count_of_sessions_out_of_bounds_is_refused(browser, count):
    changes = {"planned_sessions": count, "short_course_reason": "touch_up"}
    assert list(start(browser, AssessmentFactory(), **changes).errors) == ["planned_sessions"]


def test_count_of_sessions_beyond_reason_is_refused(browser):
    page = browser.fill(change_url(PlanFactory()), {"planned_sessions": "9" * 40})
    assert "planned_sessions" in page.errors


def test_plan_for_an_area_with_an_open_referral_is_refused(browser):
    patient = PatientFactory()
    ReferralFactory(assessment__consultation__patient=patient)
    assessment = AssessmentFactory(consultation__patient=patient)
    page = start(browser, assessment)
    assert list(page.errors.values()) == [[REFERRED]]
    assert not TreatmentPlan.objects.exists()


def test_plan_for_a_severe_area_is_refused(browser):
    page = start(
        browser, AssessmentFactory(severe=True), laser_type="non_ablative", interval_days=28
    )
    told = "This area is not suitable for laser: refer to surgery."
    assert list(page.errors.values()) == [[told]]
    assert not TreatmentPlan.objects.exists()


def test_second_plan_for_an_area_is_refused(browser):
    plan = PlanFactory()
    again = AssessmentFactory(consultation__patient=plan.patient)
    page = start(browser, again)
    assert list(page.errors.values()) == [["This patient already has an open plan for this area."]]
    assert TreatmentPlan.objects.count() == 1


def test_second_plan_on_an_assessment_is_refused(browser):
    plan = PlanFactory(status=PlanStatus.STOPPED, status_reason="Moved away.")
    page = start(browser, plan.assessment)
    assert list(page.errors.values()) == [["This assessed area already has a plan."]]


def test_plan_for_another_area_is_started(browser):
    plan = PlanFactory()
    neck = AssessmentFactory(consultation__patient=plan.patient, area="neck")
    assert start(browser, neck).errors == {}


def test_start_before_the_consultation_is_refused(browser):
    page = start(browser, AssessmentFactory(), started_on="2025-03-02")
    assert page.errors == {"started_on": ["This is before the consultation."]}


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_start_at_the_end_of_the_calendar_is_refused(browser, day):
    assert list(start(browser, AssessmentFactory(), started_on=day).errors) == ["started_on"]
    page = browser.fill(change_url(PlanFactory()), {"started_on": day})
    assert list(page.errors) == ["started_on"]


@pytest.mark.parametrize("status", ["paused", "stopped"])
def test_paused_or_stopped_without_a_reason_is_refused(browser, status):
    page = browser.fill(change_url(PlanFactory()), {"status": status})
    assert page.errors == {"status_reason": ["Say why the plan is paused or stopped."]}


def test_paused_is_no_longer_due(browser):
    plan = PlanFactory()
    browser.fill(change_url(plan), {"status": "paused", "status_reason": "On holiday."})
    plan.refresh_from_db()
    assert [plan.status, plan.next_due_on] == ["paused", None]
    browser.fill(change_url(plan), {"status": "active"})
    plan.refresh_from_db()
    assert [plan.status, plan.next_due_on] == ["active", date(2025, 3, 3)]


def test_completed_by_hand_is_refused(browser):
    page = browser.fill(change_url(PlanFactory()), {"status": "completed"})
    assert list(page.errors) == ["status"]


def test_resumed_beside_an_open_referral_is_refused(browser):
    plan = PlanFactory(status=PlanStatus.PAUSED, status_reason="Asked the surgeon.")
    again = AssessmentFactory(consultation__patient=plan.patient, severe=True)
    ReferralFactory(assessment=again, status=ReferralStatus.SENT, sent_on=date(2025, 4, 1))
    page = browser.fill(change_url(plan), {"status": "active"})
    assert page.errors == {"status": [REFERRED]}


def test_fewer_sessions_than_before_complete_a_course(browser):
    plan = PlanFactory()
    SessionFactory.create_batch(3, plan=plan)
    changes = {"planned_sessions": 3, "short_course_reason": "clinical_decision"}
    browser.fill(change_url(plan), changes)
    plan.refresh_from_db()
    assert [plan.status, plan.completed_on] == ["completed", date(2025, 5, 26)]


def test_negative_price_is_refused(browser):
    page = start(browser, AssessmentFactory(), price_per_session="-1")
    assert page.errors == {"price_per_session": ["The price cannot be negative."]}


def test_plan_posted_twice_is_started_once(browser):
    url = add_url("treatmentplan", assessment=AssessmentFactory().pk)
    data = browser.open(url).form
    browser.post(url, data)
    page = browser.post(url, data)
    assert page.messages == ["This form was already saved. Nothing was stored twice."]
    assert TreatmentPlan.objects.count() == 1


def test_reception_reads_a_plan_without_clinical_words(reception):
    plan = PlanFactory(status=PlanStatus.PAUSED, status_reason="Pregnant.")
    page = Browser(reception).open(change_url(plan))
    assert [page.status, page.names()] == [200, set()]
    for word in ("ablative", "Pregnant", "laxity"):
        assert word not in page.text


def test_practitioner_starts_no_plan(practitioner):
    browser, plan = Browser(practitioner), PlanFactory()
    assert browser.open(add_url("treatmentplan")).status == 403
    assert browser.post(change_url(plan), {"planned_sessions": 9}).status == 403


@pytest.mark.parametrize("pk", ["999999", "abc", "9" * 40, ""])
def test_plan_of_an_unknown_area_is_refused(browser, pk):
    assert browser.open(add_url("treatmentplan", assessment=pk)).status == 200
    data = {"laser_type": "non_ablative", "interval_days": 28, "assessment": pk}
    page = browser.fill(add_url("treatmentplan"), data)
    assert list(page.errors) == ["assessment"]
