"""Every kind of document can be drawn up about a whole story, and says what it is for."""

import pytest
from django.utils import timezone

from consultations.documents.issuing import draft_of
from consultations.documents.kinds import KINDS
from consultations.models.document import ABOUT
from consultations.vocabulary import DocumentKind
from tests.factories.person import make_story

from .reading import by_poppler, placed, words

SAYS = {
    DocumentKind.REFERRAL_LETTER: "Why laser is not suitable",
    DocumentKind.GP_LETTER: "what was found at our clinic",
    DocumentKind.PLAN_AND_QUOTE: "Before you decide",
    DocumentKind.APPOINTMENT_CARD: "Your appointments",
    DocumentKind.AFTERCARE: "Call us at once",
    DocumentKind.SESSION_RECORD: "session of",
    DocumentKind.RECEIPT: "Taken by",
    DocumentKind.CONSENT_COPY: "Taken and witnessed by",
    DocumentKind.CHART: "Record of",
}
LETTERS = {DocumentKind.REFERRAL_LETTER, DocumentKind.GP_LETTER, DocumentKind.CHART}


@pytest.fixture
def story(clinic, clinician):
    story = make_story(clinician, general_practitioner="Dr N. Baker")
    story.referral.surgeon = "Ms A. Okafor"
    story.referral.save(by=clinician)
    return story


def about_of(kind, story):
    about = {"payment": story.plan.payments, "consent": story.plan.consents}
    name = ABOUT.get(kind, "patient")
    return about[name].get() if name in about else getattr(story, name)


@pytest.mark.parametrize("kind", KINDS)
def test_document_is_drawn_with_the_clinic_and_the_patient_on_it(kind, story, clinician):
    content = draft_of(kind, about_of(kind, story), clinician).pdf()
    text = words(by_poppler(content))
    patient = story.patient
    for expected in (
        SAYS[kind],
        "Linden Clinic",
        "1 High Street",
        "020 7946 0100",
        "Registered no. 123456",
        patient.full_name,
        patient.record_number,
        "page 1 of",
    ):
        assert expected in text


@pytest.mark.parametrize("kind", [one for one in KINDS if one not in LETTERS])
def test_what_patients_are_given_names_them_in_its_head(kind, story, clinician):
    content = draft_of(kind, about_of(kind, story), clinician).pdf()
    patient = story.patient
    head = (
        f"{patient.full_name} Date of birth: 17 May 1980 · Record number: {patient.record_number}"
    )
    assert words(by_poppler(content)).partition(head)[0].endswith("Not issued ")


def test_day_of_an_appointment_is_the_largest_word_on_its_card(story, clinician):
    content = draft_of(DocumentKind.APPOINTMENT_CARD, story.patient, clinician).pdf()
    found = placed(content)
    largest = max(round(bottom - top, 1) for _word, top, bottom in found)
    large = [word for word, top, bottom in found if round(bottom - top, 1) == largest]
    assert f"{timezone.localtime(story.booked.starts_at):%A}" in large
    assert "appointments" not in large
