"""Lists: verdicts, referrals and progress in words, filters that narrow, search, and pages."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.admin.parts.changelist import NARROWED_AT_MOST
from consultations.models.search import FOUND_AT_MOST
from consultations.models.text import moment_in_words
from consultations.vocabulary import PlanStatus
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    appointment_for,
    at,
)

from .browsing import Browser, list_url, words

pytestmark = pytest.mark.django_db

MODELS = [
    "patient",
    "consultation",
    "areaassessment",
    "surgicalreferral",
    "treatmentplan",
    "treatmentsession",
    "laser",
    "lasermode",
]
SEARCHED = MODELS[:6]


@pytest.fixture
def browser(admin):
    return Browser(admin)


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("treatmentsession", "Sessions are recorded on a treatment plan."),
        ("treatmentplan", "A clinician starts a plan from a consultation."),
        ("surgicalreferral", "An area that needs surgery opens its referral by itself."),
    ],
)
def test_an_empty_list_says_where_its_records_come_from(clinician, model, told):
    browser = Browser(clinician)
    assert told in browser.open(list_url(model)).text
    assert told not in browser.open(list_url(model, q="nobody")).text


def found(browser, model, **query):
    page = browser.open(list_url(model, **query))
    assert page.status == 200
    return page.rows


# Columns


def test_consultations_show_each_verdict_and_referral(browser):
    consultation = AssessmentFactory().consultation
    neck = AssessmentFactory(consultation=consultation, area="neck", severe=True)
    ReferralFactory(assessment=neck)
    page = browser.open(list_url("consultation"))
    chips = [words(chip) for chip in page.select("#result_list .chip")]
    assert chips == ["Face: Suitable for laser", "Neck: Refer to surgery", "referral to send"]


def test_plans_show_progress_in_dots_and_words(browser):
    plan = PlanFactory()
    SessionFactory.create_batch(3, plan=plan)
    page = browser.open(list_url("treatmentplan"))
    [progress] = page.select("#result_list .progress")
    assert words(progress) == "●●●○○ 3 of 5"
    assert progress.select_one("[aria-hidden=true]").get_text() == "●●●○○"
    [row] = page.rows
    assert row[-1] == "23 Jun 2025 overdue"


def test_patients_show_courses_and_referrals(browser):
    plan = PlanFactory()
    SessionFactory(plan=plan)
    neck = AssessmentFactory(consultation__patient=plan.patient, area="neck", severe=True)
    ReferralFactory(assessment=neck)
    [row] = found(browser, "patient")
    assert row[-2] == "Face ●○○○○ 1 of 5 overdue Neck: referral to send"


def test_patients_show_reception_no_referral(reception):
    ReferralFactory()
    [row] = found(Browser(reception), "patient")
    assert row[-2] == "–"


def test_sessions_show_their_number(browser):
    plan = PlanFactory()
    SessionFactory.create_batch(2, plan=plan)
    SessionFactory(plan=plan, missed=True)
    numbers = [row[3] for row in found(browser, "treatmentsession")]
    assert numbers == ["#2 · ●●○○○ 2 of 5", "#1 · ●●○○○ 2 of 5"]


def test_referrals_show_state_and_closure(browser):
    ReferralFactory(status="closed", closed_on=date(2025, 3, 5), closure="no_reply")
    [row] = found(browser, "surgicalreferral")
    assert "Closed: no reply" in row


# Filters


def test_outcome_and_area_hold_of_one_and_the_same_area(browser):
    one = AssessmentFactory().consultation
    AssessmentFactory(consultation=one, area="neck", severe=True)
    other = AssessmentFactory(area="neck").consultation
    assert len(found(browser, "consultation", outcome="candidate", area="face")) == 1
    [row] = found(browser, "consultation", outcome="candidate", area="neck")
    assert row[1] == f"{other.patient.full_name} {other.patient.record_number}"
    [row] = found(
        browser, "consultation", outcome="refer_to_surgery", area="neck", severity="severe"
    )
    assert row[1] == f"{one.patient.full_name} {one.patient.record_number}"
    assert found(browser, "consultation", outcome="refer_to_surgery", area="face") == []
    assert found(browser, "consultation", severity="severe", area="face") == []
    assert len(found(browser, "consultation", area="neck")) == 2


def test_areas_in_error_are_not_filtered_for(browser, clinician):
    AssessmentFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong.",
    )
    assert found(browser, "consultation", area="face") == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"outcome": "candidate"}, 1),
        ({"outcome": "refer_to_surgery"}, 2),
        ({"severity": "severe", "area": "neck"}, 1),
        ({"severity": "mild", "area": "neck"}, 0),
        ({"outcome": "nonsense"}, 0),
    ],
)
def test_areas_are_filtered(browser, query, count):
    AssessmentFactory()
    AssessmentFactory(severe=True)
    AssessmentFactory(severe=True, area="neck")
    assert len(found(browser, "areaassessment", **query)) == count


def test_referrals_are_filtered_by_state(browser):
    ReferralFactory()
    ReferralFactory(status="sent", sent_on=date(2025, 3, 4))
    counts = [
        len(found(browser, "surgicalreferral", status=s)) for s in ("to_send", "sent", "closed")
    ]
    assert counts == [1, 1, 0]


def test_plans_are_filtered_by_state_area_and_due(browser):
    PlanFactory()
    PlanFactory(assessment__area="neck", status=PlanStatus.STOPPED, status_reason="Moved.")
    booked = PlanFactory(assessment__area="neck")
    appointment_for(booked)
    PlanFactory(assessment__area="arms", next_due_on=timezone.localdate())
    counts = {
        "active": len(found(browser, "treatmentplan", status="active")),
        "stopped": len(found(browser, "treatmentplan", status="stopped")),
        "neck": len(found(browser, "treatmentplan", area="neck")),
        "overdue": len(found(browser, "treatmentplan", due="overdue")),
        "overdue neck": len(found(browser, "treatmentplan", due="overdue", area="neck")),
    }
    assert counts == {"active": 3, "stopped": 1, "neck": 2, "overdue": 1, "overdue neck": 0}


def test_sessions_are_filtered_by_state_area_and_signature(browser, clinician):
    SessionFactory(signed_by=clinician, signed_at=timezone.now())
    SessionFactory()
    SessionFactory(plan__assessment__area="neck")
    counts = [
        len(found(browser, "treatmentsession", **query))
        for query in ({"area": "face"}, {"area": "neck"}, {"signed": "yes"}, {"signed": "no"})
    ]
    assert counts == [2, 1, 1, 2]


def test_appointments_are_filtered_and_stand_by_the_clock(browser):
    made = {
        name: appointment_for(starts_at=at(hour, days=1))
        for name, hour in (("afternoon", 15), ("morning", 9), ("noon", 12))
    }
    appointment_for(missed=True)
    appointment_for(starts_at=at(9, days=-3))
    to_come = [row[0] for row in found(browser, "appointment", day="to_come")]
    by_clock = ("morning", "noon", "afternoon")
    assert to_come == [moment_in_words(made[name].starts_at) for name in by_clock]
    counts = {
        "past": len(found(browser, "appointment", day="past")),
        "missed": len(found(browser, "appointment", status="missed")),
        "to book again": len(found(browser, "appointment", state="to_book_again")),
        "not written down": len(found(browser, "appointment", state="not_written_down")),
    }
    assert counts == {
        "past": 2,
        "missed": 1,
        "to book again": 1,
        "not written down": 1,
    }


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("value", ["9" * 40, "' OR 1=1 --", "<script>x", "١", "🙂"])
def test_nonsense_in_the_address_gives_no_crash(browser, model, value):
    PlanFactory()
    named = ["o", "outcome", "area", "severity", "status", "due", "signed", "day", "all", "e"]
    for names in (named, ["q"], ["p"]):
        page = browser.open(list_url(model, **dict.fromkeys(names, value)))
        assert page.status in (200, 400)
        assert "<script>x" not in page.response.content.decode()


def test_other_columns_cannot_be_asked(browser):
    PatientFactory(allergies="Latex")
    page = browser.open(list_url("patient", allergies__startswith="L"))
    assert page.status in (200, 400)
    assert "allergies__startswith" not in page.path or page.status == 400


# Search


@pytest.mark.parametrize("model", SEARCHED)
@pytest.mark.parametrize(
    "typed", ["jose", "Núñez", "nunez jo", "P-000001", "020 7946", "1980-05-17", "17/05/1980"]
)
def test_everything_is_found_by_its_patient(browser, model, typed):
    _everything()
    per_patient = 2 if model == "areaassessment" else 1
    assert len(found(browser, model, q=typed)) == per_patient


def _everything():
    patient = PatientFactory(family_name="Núñez", given_name="José", phone="020 7946 0000")
    other = PatientFactory(family_name="Smith", given_name="Ann", date_of_birth=date(1970, 1, 2))
    for who in (patient, other):
        severe = AssessmentFactory(consultation__patient=who, area="neck", severe=True)
        ReferralFactory(assessment=severe)
        AssessmentFactory(consultation=severe.consultation)
        SessionFactory(
            plan=PlanFactory(assessment=severe.consultation.assessments.get(area="face"))
        )


@pytest.mark.parametrize(("typed", "count"), [("Las", 1), ("las", 1), ("zzz", 0)])
def test_lasers_are_found_by_name(browser, typed, count):
    LaserModeFactory(laser__name="Laserscope")
    assert len(found(browser, "laser", q=typed)) == count
    assert len(found(browser, "lasermode", q=typed)) == count


# Pages


def shown(page):
    return [len(page.rows), words(page.soup.select_one(".paginator p"))]


def test_patients_come_in_pages_of_fifty(browser):
    PatientFactory.create_batch(120)
    pages = [browser.open(list_url("patient", p=number)) for number in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [50, 50, 20]
    assert words(pages[1].soup.select_one(".paginator p")) == "51–100 of 120"
    assert words(pages[2].soup.select_one(".paginator p")) == "101–120 of 120"
    names = [row[0] for page in pages for row in page.rows]
    assert len(set(names)) == 120
    assert names == sorted(names, key=str.casefold)


@pytest.mark.parametrize("number", ["4", "20000", "20001", "9" * 40, "0", "-1", "x", "1.5"])
def test_page_that_is_not_there_leads_back(browser, number):
    PatientFactory.create_batch(3)
    page = browser.open(list_url("patient", p=number))
    assert [page.status, len(page.rows)] == [200, 3]


def test_pages_keep_the_filter(browser):
    patient = PatientFactory()
    ConsultationFactory.create_batch(60, patient=patient)
    page = browser.open(list_url("consultation", signed="no", p=2))
    assert shown(page) == [10, "51–60 of 60"]


def test_more_than_can_be_counted_says_so(browser, monkeypatch):
    assert FOUND_AT_MOST == 5000
    for place in ("admin.parts.changelist", "models.search"):
        monkeypatch.setattr(f"consultations.{place}.FOUND_AT_MOST", 55)
    PatientFactory.create_batch(60, family_name="Same")
    page = browser.open(list_url("patient"))
    assert shown(page) == [50, "1–50 of more than 5,000"]
    page = browser.open(list_url("patient", p=2))
    assert shown(page)[0] == 10
    assert shown(browser.open(list_url("patient", q="same")))[0] == 50


def test_what_is_narrowed_is_counted_up_to_a_thousand(browser, monkeypatch):
    assert NARROWED_AT_MOST == 1000
    monkeypatch.setattr("consultations.admin.parts.changelist.NARROWED_AT_MOST", 55)
    PatientFactory.create_batch(60, family_name="Same")
    page = browser.open(list_url("patient", q="same"))
    assert shown(page) == [50, "1–50 of more than 1,000"]
    assert shown(browser.open(list_url("patient"))) == [50, "1–50 of 60"]


def test_list_without_a_row_says_so(browser):
    for model in MODELS:
        assert "Nothing here yet." in browser.open(list_url(model)).text


def test_booked_and_overdue_are_told_apart(browser):
    plan = PlanFactory()
    later = timezone.now() + timedelta(days=2)
    appointment_for(plan, starts_at=later)
    [row] = found(browser, "treatmentplan")
    assert row[-1].startswith("booked ")


def test_an_appointment_a_year_off_does_not_hide_that_a_course_is_overdue(browser):
    appointment_for(PlanFactory(), starts_at=timezone.now() + timedelta(days=365))
    assert len(found(browser, "treatmentplan", due="overdue")) == 1
