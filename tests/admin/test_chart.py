"""The chart: who, what to mind, each area's course and next step, and everything in one line."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.vocabulary import Isotretinoin, PlanStatus
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
)

from .browsing import Browser, add_url, change_url, page_url, words

pytestmark = pytest.mark.django_db

ERROR = {"entered_in_error_reason": "Wrong patient.", "entered_in_error_at": timezone.now()}


def chart(user, patient):
    return Browser(user).open(page_url(patient, "chart"))


def test_chart_says_who_it_is(clinician):
    patient = PatientFactory(
        family_name="Núñez", given_name="Eva", phone="020 7946", phototype="III", sex="female"
    )
    banner = words(chart(clinician, patient).soup.select_one(".banner"))
    for part in ("Núñez, Eva", "17 May 1980", patient.record_number, "Female", "020 7946", "III"):
        assert part in banner


def test_chart_of_somebody_new_says_so(clinician):
    text = chart(clinician, PatientFactory()).text
    for part in ("No alerts known.", "No area assessed yet.", "Nothing recorded yet."):
        assert part in text


def test_chart_warns(clinician):
    patient = PatientFactory(allergies="Latex", keloid_history=True, gold_therapy=True)
    ConsultationFactory(patient=patient, anticoagulants=True, isotretinoin=Isotretinoin.TAKING)
    alerts = [words(item) for item in chart(clinician, patient).select(".alerts li")]
    assert alerts == [
        "Allergies: Latex",
        "Keloid or hypertrophic scars",
        "Gold therapy: no Q-switched or picosecond laser",
        "Takes anticoagulants 3 Mar 2025",
        "Takes isotretinoin 3 Mar 2025",
    ]


def test_chart_does_not_warn_of_what_was_an_error(clinician):
    patient = PatientFactory()
    ConsultationFactory(
        patient=patient, anticoagulants=True, entered_in_error_by=clinician, **ERROR
    )
    assert "anticoagulants" not in chart(clinician, patient).text


def test_chart_counts_a_course_in_words(clinician):
    plan = PlanFactory()
    SessionFactory.create_batch(3, plan=plan)
    page = chart(clinician, plan.patient)
    [course] = page.select("article .progress")
    assert words(course) == "●●●○○ 3 of 5"
    assert course.select_one("[aria-hidden=true]").get_text() == "●●●○○"
    card = words(page.soup.select_one("article"))
    assert "Next due 23 Jun 2025 overdue" in card
    assert "earliest safe 9 Jun 2025" in card


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("clinician", ["Record session", "Book session", "Open plan"]),
        ("practitioner", ["Record session", "Book session", "Open plan"]),
        ("manager", ["Open plan"]),
    ],
)
def test_chart_offers_each_role_its_next_steps(role, steps, request):
    page = chart(request.getfixturevalue(role), PlanFactory().patient)
    assert [words(link) for link in page.select("article .steps a")] == steps


@pytest.mark.parametrize(("role", "offered"), [("clinician", True), ("practitioner", False)])
def test_chart_offers_a_plan_to_those_who_may_start_one(role, offered, request):
    face = AssessmentFactory()
    page = chart(request.getfixturevalue(role), face.patient)
    start = page.links.get("Start plan")
    assert start == (add_url("treatmentplan", assessment=face.pk) if offered else None)
    assert ("New consultation" in page.links) is offered


def test_chart_offers_an_unsent_referral(clinician):
    referral = ReferralFactory()
    page = chart(clinician, referral.patient)
    assert page.links["Send referral"] == change_url(referral)


def test_chart_runs_from_latest_to_first(clinician):
    plan = PlanFactory()
    SessionFactory.create_batch(2, plan=plan)
    AssessmentFactory(
        consultation__patient=plan.patient,
        consultation__consulted_on=date(2025, 4, 10),
        area="neck",
    )
    events = chart(clinician, plan.patient).select(".event")
    told = [(event.time["datetime"], words(event.select_one("p a"))) for event in events]
    assert told == [
        ("2025-04-28", "Face, session 2 of 5"),
        ("2025-04-10", "Consultation"),
        ("2025-03-31", "Face, session 1 of 5"),
        ("2025-03-03", "Plan for face: 5 sessions, non-ablative"),
        ("2025-03-03", "Consultation"),
    ]


def test_chart_strikes_what_was_entered_in_error(clinician):
    plan = PlanFactory()
    SessionFactory(plan=plan, entered_in_error_by=clinician, **ERROR)
    page = chart(clinician, plan.patient)
    [struck] = page.select(".event.is-in-error")
    assert "entered in error" in words(struck)
    assert "0 of 5" in page.text


def test_chart_of_a_plan_in_error_starts_anew(clinician):
    plan = PlanFactory(entered_in_error_by=clinician, **ERROR)
    assert "Start plan" in chart(clinician, plan.patient).links


def test_chart_shows_markup_as_text(clinician):
    patient = PatientFactory(family_name="<script>alert(1)</script>", allergies="<b>x</b>")
    ConsultationFactory(patient=patient, concern="<i>y</i>")
    content = chart(clinician, patient).response.content.decode()
    for markup in ("<script>alert", "<b>x", "<i>y"):
        assert markup not in content


def queries(browser, patient):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.open(page_url(patient, "chart")).status == 200
    return len(captured)


def test_chart_asks_as_much_for_forty_sessions_as_for_one(clinician):
    browser, plan = Browser(clinician), PlanFactory(planned_sessions=60)
    session = SessionFactory(plan=plan)
    queries(browser, plan.patient)
    once = queries(browser, plan.patient)
    SessionFactory.create_batch(39, plan=plan, laser_mode=session.laser_mode)
    for area in ("neck", "arms", "legs"):
        ReferralFactory(assessment__consultation__patient=plan.patient, assessment__area=area)
        PlanFactory(
            assessment__consultation__patient=plan.patient,
            assessment__area=area,
            status=PlanStatus.STOPPED,
            status_reason="Moved.",
        )
    assert queries(browser, plan.patient) == once


@pytest.mark.parametrize("pk", ["999999", "abc", "9" * 40, "-1", "1e3", "²", "_00", "%27", "1;2"])
def test_chart_of_nobody_is_not_found(clinician, pk):
    assert Browser(clinician).open(f"/admin/consultations/patient/{pk}/chart/").status == 404


def test_chart_is_closed_to_reception(reception):
    assert chart(reception, PatientFactory()).status == 403


def test_chart_is_closed_to_strangers(client):
    response = client.get(page_url(PatientFactory(), "chart"))
    assert [response.status_code, response.url.split("?")[0]] == [302, "/admin/login/"]
