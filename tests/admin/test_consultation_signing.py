"""Signing a consultation on its page, and what can no longer be changed then."""

import pytest

from consultations.actions.signing import sign
from consultations.models import AreaAssessment, Consultation
from tests.factories import (
    AssessmentFactory,
    PatientFactory,
)

from . import answers
from .browsing import Browser, add_url, change_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def add(patient):
    return add_url("consultation", patient=patient.pk)


def test_saved_and_signed_in_one(browser, add, clinician):
    page = browser.sign(add, answers.areas(("face", "mild")))
    assert [text for text in page.messages if "igned" in text or "added" in text] == [
        "Signed. It is now read-only."
    ]
    signed = Consultation.objects.get()
    assert [signed.signed_by, signed.is_signed] == [clinician, True]


def signed_consultation(clinician, **options):
    return sign(record=AssessmentFactory(**options).consultation, by=clinician)


def test_signed_is_read_only(browser, clinician):
    consultation = signed_consultation(clinician, consultation__notes="As it was.")
    page = browser.open(change_url(consultation))
    assert not page.names().intersection({"notes", "read_version", "assessments-0-area"})
    assert page.select("input[name=_save], input[name=_sign], .add-row") == []
    assert "As it was." in page.text
    assert "Signed by clinician on" in page.text
    assert page.select("#content form") == []


def test_signed_posted_again_changes_nothing(browser, clinician):
    face = AssessmentFactory(severe=True)
    url = change_url(face.consultation)
    data = browser.open(url).form | {"notes": "Later.", "assessments-0-severity": "mild"}
    browser.sign(url)
    page = browser.post(url, data)
    assert page.messages == ["This was signed by clinician and can no longer be changed."]
    kept = Consultation.objects.get()
    face.refresh_from_db()
    assert [kept.notes, kept.is_signed, face.severity] == ["", True, "severe"]


def test_rows_cannot_be_added_to_a_signed_consultation(browser, clinician):
    consultation = signed_consultation(clinician)
    data = {
        "assessments-TOTAL_FORMS": 2,
        "assessments-INITIAL_FORMS": 0,
        "assessments-0-area": "neck",
        "assessments-0-severity": "mild",
    }
    page = browser.post(change_url(consultation), data)
    assert page.messages == ["This was signed by clinician and can no longer be changed."]
    assert AreaAssessment.objects.count() == 1


def test_lifetime_answers_leave_a_signed_verdict_alone(browser, clinician):
    consultation = signed_consultation(clinician)
    browser.fill(change_url(consultation.patient), {"phototype": "VI"})
    assert len(consultation.assessments.get().lasers) == 4


def test_practitioner_reads_a_consultation_and_changes_nothing(practitioner):
    consultation = AssessmentFactory().consultation
    browser = Browser(practitioner)
    page = browser.open(change_url(consultation))
    assert page.select("input[name=_save], input[name=_sign]") == []
    assert browser.post(change_url(consultation), {"notes": "x"}).status == 403
    assert browser.open(add_url("consultation")).status == 403
