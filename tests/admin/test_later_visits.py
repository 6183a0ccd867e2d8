"""What a later visit found, or the record learnt since, reaches the course that is under way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.actions.signing import sign
from consultations.models import AreaAssessment, TreatmentPlan, TreatmentSession
from consultations.summaries.chart import chart_of
from tests.courses import assessed_again, course_since
from tests.factories import AssessmentFactory, LaserModeFactory, appointment_for

from . import answers
from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
BEFORE = TODAY - timedelta(days=60)
LESION = "A suspicious lesion in this area."
KELOID = (
    "History of keloid or hypertrophic scars. "
    "No ablative laser; others only after a test patch, at low fluence."
)


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def course(laser_type):
    return course_since(BEFORE, laser_type=laser_type, interval_days=30)


def consulted_again(browser, plan, **typed):
    url = add_url("consultation", patient=plan.patient.pk)
    return browser.fill(url, answers.areas((plan.area, "mild")) | typed)


def record_by_its_own_form(browser, plan, mode):
    return browser.fill(add_url("treatmentsession", plan=plan.pk), answers.session(mode, TODAY))


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
    assert [one.text for one in steps][:2] == ["Record session", "Book"]
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
    years_ago = TODAY - timedelta(days=365 * 16)
    browser.fill(change_url(plan.patient), {"date_of_birth": years_ago})
    page = browser.open(page_url(plan.patient, "chart"))
    assert "against this laser today" in page.text


MID, LATE = (TODAY - timedelta(days=days) for days in (40, 20))
FRACTIONAL = {"laser_type": "ablative_fractional", "interval_days": 60}


def wait(by):
    decided = {"decision": "hold", "decision_reason": "Away."}
    return decided | {"decided_by": by, "decided_at": timezone.now()}


def test_of_two_assessments_of_one_day_the_later_speaks(browser):
    plan = course("non_ablative")
    assessed_again(plan, TODAY, suspicious_lesion=False)
    assessed_again(plan, TODAY, suspicious_lesion=True)
    assert [one.id for one in chart_of(plan.patient).courses[0].against] == ["skin.lesion"]
    record_by_its_own_form(browser, plan, LaserModeFactory())
    assert TreatmentSession.objects.count() == 0


def test_no_plan_starts_with_a_laser_that_a_newer_assessment_excludes(browser):
    old = AssessmentFactory(consultation__consulted_on=BEFORE)
    visit = {
        "consultation__patient": old.patient,
        "consultation__consulted_on": TODAY,
    }
    AssessmentFactory(**visit, radiotherapy=True)
    browser.fill(add_url("treatmentplan", assessment=old.pk), FRACTIONAL)
    assert TreatmentPlan.objects.count() == 0


def test_no_plan_is_resumed_with_a_laser_that_a_newer_assessment_excludes(browser):
    plan = course("ablative_fractional")
    browser.fill(change_url(plan), {"status": "paused", "status_reason": "Holiday."})
    assessed_again(plan, LATE, radiotherapy=True)
    browser.fill(change_url(plan), {"status": "active", "status_reason": ""})
    plan.refresh_from_db()
    assert plan.status == "paused"


def test_no_plan_is_changed_to_a_laser_that_an_answer_since_excludes(browser):
    plan = course("non_ablative")
    sign(record=plan.assessment.consultation, by=browser.user)
    browser.fill(change_url(plan.patient), {"keloid_history": "true"})
    browser.fill(change_url(plan), FRACTIONAL)
    plan.refresh_from_db()
    assert plan.laser_type == "non_ablative"


def test_deciding_to_treat_all_the_same_lets_the_plan_be_resumed(browser):
    plan = course("non_ablative")
    sign(record=plan.assessment.consultation, by=browser.user)
    browser.fill(change_url(plan), {"status": "paused", "status_reason": "Asked."})
    browser.fill(change_url(plan.patient), {"date_of_birth": TODAY - timedelta(365 * 17)})
    decided = {"assessments-0-decision": "candidate", "assessments-0-decision_reason": "Burn scar."}
    browser.fill(
        add_url("consultation", patient=plan.patient.pk),
        answers.areas((plan.area, "mild")) | decided,
    )
    assert AreaAssessment.objects.latest("pk").is_treatable
    page = browser.fill(change_url(plan), {"status": "active", "status_reason": ""})
    plan.refresh_from_db()
    assert plan.status == "active", page.errors


def test_corrected_day_makes_a_decision_to_wait_the_latest(browser):
    plan = course("non_ablative")
    assessed_again(plan, LATE, **wait(browser.user))
    later = assessed_again(plan, TODAY - timedelta(5))
    browser.fill(change_url(later.consultation), {"consulted_on": MID})
    plan.refresh_from_db()
    assert plan.status == "paused"


def test_decision_of_an_earlier_day_than_the_latest_pauses_nothing(browser):
    plan = course("non_ablative")
    assessed_again(plan, LATE)
    typed = {
        "consulted_on": MID,
        "assessments-0-decision": "hold",
        "assessments-0-decision_reason": "x",
    }
    browser.fill(
        add_url("consultation", patient=plan.patient.pk), answers.areas((plan.area, "mild")) | typed
    )
    plan.refresh_from_db()
    assert [AreaAssessment.objects.count(), plan.status] == [3, "active"]


def test_marking_in_error_asks_about_what_is_booked_on_what_it_pauses(browser):
    plan = course("non_ablative")
    booked = appointment_for(plan)
    assessed_again(plan, MID, **wait(browser.user))
    later = assessed_again(plan, LATE).consultation
    links = browser.open(change_url(later)).links
    page = browser.fill(
        next(url for words, url in links.items() if "error" in words.lower()), {"reason": "Wrong."}
    )
    assert "The course is paused. Still booked:" in page.text
    page = browser.post(page.path, page.form | {"left_booked": "cancel"})
    plan.refresh_from_db()
    booked.refresh_from_db()
    assert [plan.status, booked.status] == ["paused", "cancelled"]
