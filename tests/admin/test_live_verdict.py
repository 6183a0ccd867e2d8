"""The verdict on a half-filled form: by the same rules, for those who may, with nothing written."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models import AreaAssessment, Consultation
from tests.factories import AssessmentFactory, PatientFactory

from . import answers
from .browsing import Browser

pytestmark = pytest.mark.django_db

URL = reverse("admin:consultations_consultation_verdict")


def verdicts(browser, patient, *areas, **typed):
    page = browser.post(f"{URL}?patient={patient.pk}", answers.areas(*areas) | typed)
    assert page.status == 200
    return [
        (card.h2.contents[0].strip(), card.select_one(".chip").text)
        for card in page.select(".verdict")
    ]


def test_each_area_has_its_verdict(clinician):
    found = verdicts(Browser(clinician), PatientFactory(), ("face", "mild"), ("neck", "severe"))
    assert found == [("Face", "Suitable for laser"), ("Neck", "Refer to surgery")]


def test_answers_count_as_they_are_typed(clinician):
    typed = {"assessments-0-infection": "true"}
    found = verdicts(Browser(clinician), PatientFactory(), ("face", "mild"), **typed)
    assert found == [("Face", "Wait")]


def test_days_count_as_people_write_them(clinician):
    day = DayInput().format_value(timezone.localdate())
    for text in ("today", day):
        found = verdicts(Browser(clinician), PatientFactory(), ("face", "mild"), tanned_on=text)
        assert found == [("Face", "Wait")]


def test_what_would_change_it_is_said(clinician):
    data = answers.areas(("face", "mild")) | {"assessments-0-infection": "true"}
    page = Browser(clinician).post(f"{URL}?patient={PatientFactory().pk}", data)
    changes = [" ".join(one.text.split()) for one in page.select(".changes li")]
    assert changes == ["If “Infection” is no: suitable for laser"]


def test_answers_for_life_count_whether_known_or_typed(clinician):
    known, typed = PatientFactory(phototype="VI"), PatientFactory()
    browser, area = Browser(clinician), answers.areas(("face", "mild"))
    pages = [
        browser.post(f"{URL}?patient={known.pk}", area),
        browser.post(f"{URL}?patient={typed.pk}", area | {"phototype": "VI"}),
    ]
    first, second = [page.select(".finding-exclude .level") for page in pages]
    assert len(first) == len(second) == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"assessments-0-area": "elbow", "assessments-0-severity": "mild"},
        {"assessments-0-area": "face", "assessments-0-severity": ""},
        {"consulted_on": "soon"},
        {},
    ],
)
def test_what_is_not_valid_yet_is_left_out(clinician, typed):
    assert verdicts(Browser(clinician), PatientFactory(), **typed) == []


def test_a_wrong_date_leaves_the_verdict_standing(clinician):
    typed = {"consulted_on": "soon", "tanned_on": "2026-02-31"}
    found = verdicts(Browser(clinician), PatientFactory(), ("face", "mild"), **typed)
    assert found == [("Face", "Suitable for laser")]


@pytest.mark.parametrize("patient", ["", "x\x00", "0", "9" * 30])
def test_no_patient_no_verdict(clinician, patient):
    page = Browser(clinician).post(URL, answers.areas(("face", "mild")) | {"patient": patient})
    assert (page.status, page.select(".verdict")) == (200, [])


def test_nothing_is_written(clinician):
    verdicts(Browser(clinician), PatientFactory(), ("face", "severe"))
    assert (Consultation.objects.count(), AreaAssessment.objects.count()) == (0, 0)


def test_only_by_those_who_consult(reception, practitioner, manager, clinician):
    staff = (reception, practitioner, manager)
    assert [Browser(user).post(URL, {}).status for user in staff] == [403, 403, 403]
    assert Browser(clinician).open(URL).status == 405


def test_costs_the_same_for_five_areas(clinician, django_assert_num_queries):
    browser, url = Browser(clinician), f"{URL}?patient={PatientFactory().pk}"
    areas = [(area, "mild") for area in ("face", "neck", "stomach", "arms", "legs")]
    browser.post(url, answers.areas(*areas))
    with django_assert_num_queries(9):
        browser.post(url, answers.areas(*areas))


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ({"assessments-0-grade": "7"}, "Grade"),
        ({"assessments-0-grade": "3.5"}, "Grade"),
        ({"assessments-0-surgery_on": "2099-01-01"}, "Surgery here on"),
    ],
)
def test_what_the_form_will_refuse_is_left_out_and_said(clinician, typed, label):
    url, data = f"{URL}?patient={PatientFactory().pk}", answers.areas(("face", "mild")) | typed
    told = Browser(clinician).post(url, data).select(".not-asked")[-1].text
    assert " ".join(told.split()) == f"Not counted until corrected: {label}."


def test_a_decision_stands_while_one_types(clinician):
    typed = {"assessments-0-decision": "candidate", "assessments-0-decision_reason": "Declined."}
    found = verdicts(Browser(clinician), PatientFactory(), ("neck", "severe"), **typed)
    assert found == [("Neck", "Suitable for laser")]


def test_why_says_what_was_answered_well_and_checked(clinician):
    data = answers.areas(("face", "mild")) | {"smoker": "false", "phototype": "II"}
    page = Browser(clinician).post(f"{URL}?patient={PatientFactory().pk}", data)
    why = " ".join(page.select(".verdict details")[0].text.split())
    assert "Asked and answered well: date of birth, phototype, smoking." in why
    assert (
        "Checked, nothing found: laxity, area, surgery, referral, age, phototype, smoking." in why
    )


def test_edited_consultation_counts_its_earlier_joint_answer(clinician):
    """It is not asked any more, so no form posts it."""
    face = AssessmentFactory(consultation__pregnant_or_breastfeeding=True)
    browser, patient = Browser(clinician), face.patient
    kept = {"assessments-0-id": face.pk}
    assert verdicts(browser, patient, ("face", "mild"), **kept) == [("Face", "Wait")]
    assert verdicts(browser, patient, ("face", "mild"), **kept, pregnant="false") == [
        ("Face", "Suitable for laser")
    ]
    assert verdicts(browser, patient, ("face", "mild")) == [("Face", "Suitable for laser")]


def test_edited_consultation_counts_its_earlier_test_patch(clinician):
    """Nor is that."""
    face = AssessmentFactory(test_patch_result="reaction", test_patch_on=date(2025, 3, 1))
    browser, kept = Browser(clinician), {"assessments-0-id": face.pk}
    assert verdicts(browser, face.patient, ("face", "mild"), **kept) == [("Face", "Wait")]
