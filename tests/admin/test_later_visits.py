"""What a later visit found, or the record learnt since, reaches the course that is under way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.actions.signing import sign
from consultations.models import TreatmentPlan, TreatmentSession
from tests.factories import AssessmentFactory, LaserModeFactory, PlanFactory

from . import answers
from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db

BEFORE = timezone.localdate() - timedelta(days=60)
LESION = "A suspicious lesion in this area."
KELOID = (
    "History of keloid or hypertrophic scars. "
    "No ablative laser; others only after a test patch, at low fluence."
)


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def course(laser_type):
    on = {"assessment__consultation__consulted_on": BEFORE, "started_on": BEFORE}
    return PlanFactory(laser_type=laser_type, interval_days=30, **on)


def consulted_again(browser, plan, **typed):
    url = add_url("consultation", patient=plan.patient.pk)
    return browser.fill(url, answers.areas((plan.area, "mild")) | typed)


def record_by_its_own_form(browser, plan, mode):
    day = timezone.localdate()
    return browser.fill(add_url("treatmentsession", plan=plan.pk), answers.session(mode, day))


def record_by_the_visit(browser, plan, mode):
    typed = {"laser_mode": mode.pk, "infection": "false", "include": "on"}
    typed = answers.TODAY | {f"plan-{plan.pk}-{name}": value for name, value in typed.items()}
    return browser.fill(f"{page_url(plan.patient, 'visit')}?plan={plan.pk}", typed)


@pytest.mark.parametrize("record", [record_by_its_own_form, record_by_the_visit])
@pytest.mark.parametrize(
    ("laser_type", "said", "words"),
    [
        ("non_ablative", {"accepts_five_sessions": "false"}, "does not accept a course"),
        ("non_ablative", {"wants_instant_result": "true"}, "wants an instant result"),
        ("non_ablative", {"wants_inexpensive_fix": "true"}, "wants an inexpensive fix"),
        ("non_ablative", {"assessments-0-suspicious_lesion": "true"}, LESION),
        ("ablative_fractional", {"assessments-0-radiotherapy": "true"}, "adiotherapy"),
        ("ablative_fractional", {"assessments-0-skin_problem": "true"}, "skin problem"),
    ],
)
def test_verdict_of_a_later_visit_stops_the_session(browser, record, laser_type, said, words):
    plan = course(laser_type)
    consulted_again(browser, plan, **said)
    page = record(browser, plan, LaserModeFactory(laser_type=laser_type))
    assert TreatmentSession.objects.count() == 0
    assert words in page.text


def test_decision_to_treat_all_the_same_lets_the_session_go_on(browser):
    plan = course("non_ablative")
    consulted_again(
        browser,
        plan,
        **{
            "wants_instant_result": "true",
            "assessments-0-decision": "candidate",
            "assessments-0-decision_reason": "Understands it now.",
        },
    )
    record_by_its_own_form(browser, plan, LaserModeFactory(laser_type="non_ablative"))
    assert TreatmentSession.objects.get().findings == []


def test_chart_tells_what_is_known_today_against_the_laser(browser):
    plan = course("non_ablative")
    chart = page_url(plan.patient, "chart")
    assert "against this laser today" not in browser.open(chart).text
    consulted_again(browser, plan, **{"assessments-0-suspicious_lesion": "true"})
    page = browser.open(chart)
    assert f"against this laser today {LESION}" in page.text
    steps = page.select(".verdict .steps a")
    assert [one.text for one in steps][:2] == ["Record session", "Book session"]
    assert {"button-quiet" in one["class"] for one in steps} == {True}


def test_no_plan_starts_with_a_laser_that_an_answer_of_today_excludes(browser):
    area = AssessmentFactory(consultation__consulted_on=BEFORE)
    sign(record=area.consultation, by=browser.user)
    browser.fill(change_url(area.patient), {"keloid_history": "true"})
    url = add_url("treatmentplan", assessment=area.pk)
    page = browser.fill(url, {"laser_type": "ablative_fractional", "interval_days": 60})
    assert TreatmentPlan.objects.count() == 0
    assert page.errors == {"": [KELOID]}


def test_birth_date_of_a_minor_is_told_on_the_chart(browser):
    plan = course("non_ablative")
    years_ago = timezone.localdate() - timedelta(days=365 * 16)
    browser.fill(change_url(plan.patient), {"date_of_birth": years_ago})
    page = browser.open(page_url(plan.patient, "chart"))
    assert "against this laser today" in page.text
