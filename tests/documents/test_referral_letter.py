"""The referral letter: all that surgeons ask for, and before it goes, what of it nobody asked."""

from datetime import date
from decimal import Decimal

import pytest

from consultations.documents.issuing import draft_of
from consultations.documents.letter_to import addressed as addressed_to
from consultations.documents.referral_letter import missing_of
from consultations.models import Surgeon
from consultations.vocabulary import DocumentKind, Sex
from tests.factories import (
    AssessmentFactory,
    ConsentFactory,
    ConsultationFactory,
    PatientFactory,
    PhotoFactory,
    ReferralFactory,
    SurgeonFactory,
)

from .reading import by_pdfminer, by_poppler, words

pytestmark = pytest.mark.django_db
LETTER = DocumentKind.REFERRAL_LETTER


def referral_of(by, consultation, **more):
    area = AssessmentFactory(by=by, consultation=consultation, area="neck", severe=True, **more)
    return ReferralFactory(by=by, assessment=area, surgeon="Ms A. Okafor", urgency="soon")


@pytest.fixture
def bare(clinic, clinician):
    return referral_of(clinician, ConsultationFactory(by=clinician))


@pytest.fixture
def whole(clinic, clinician):
    """A referral of somebody who was asked everything."""
    patient = PatientFactory(
        by=clinician,
        sex=Sex.FEMALE,
        phone="020 7946 0000",
        address="2 Low Street",
        general_practitioner="Dr N. Baker",
        phototype="II",
        keloid_history=True,
        herpes_history=False,
        connective_tissue_disease=False,
        any_allergies=True,
        allergies="Latex",
        medicines="Ramipril 5 mg",
        past_surgery="Appendix, 2009",
    )
    consultation = ConsultationFactory(
        by=clinician,
        patient=patient,
        concern="My neck hangs.",
        height_cm=170,
        weight_kg=Decimal("72.5"),
        smoker=True,
        anticoagulants=False,
        immunosuppressed=False,
        uncontrolled_diabetes=False,
        isotretinoin="never",
        max_downtime_days=21,
    )
    unremarkable = dict.fromkeys(
        ("skin_problem", "infection", "suspicious_lesion", "tattoo", "melasma", "radiotherapy"),
        False,
    )
    ConsentFactory(by=clinician, patient=patient)
    PhotoFactory(by=clinician, patient=patient, area="neck")
    return referral_of(
        clinician, consultation, grade=Decimal("3.5"), recent_procedure="none", **unremarkable
    )


def test_everything_that_surgeons_ask_for_is_in_the_letter(whole, clinician):
    text = words(by_poppler(draft_of(LETTER, whole, clinician).pdf()))
    patient = whole.patient
    for said in (
        "Ms A. Okafor",
        f"Please see {patient.full_name}, {patient.age} years old",
        "Urgency: soon.",
        "Date of birth: 17 May 1980",
        "Sex: Female",
        "Address: 2 Low Street",
        "Phone: 020 7946 0000",
        "General practitioner: Dr N. Baker",
        "Seen by: clinician",
        "Area: Neck",
        "Laxity: Severe",
        "Grade: 3.5 of 4 (Alexiades-Armenakas scale)",
        "Laxity is severe: laser is not suitable.",
        "My neck hangs.",
        "Longest downtime, days: 21",
        "Height: 170 cm",
        "Weight: 72.5 kg",
        "BMI: 25.1",
        "Smokes, vapes or uses nicotine: Yes",
        "Blood thinner or bleeding disorder: No",
        "Medicines: Ramipril 5 mg",
        "Allergies: Latex",
        "Past surgery: Appendix, 2009",
        "Keloid or hypertrophic scars, ever: Yes",
        "Connective tissue disease, ever: No",
        "Herpes (cold sores), ever: No",
        "Immunosuppressed: No",
        "Uncontrolled diabetes: No",
        "Isotretinoin: Never",
        "Radiotherapy here: No",
        "Consultant dermatologist",
    ):
        assert said in text


def test_nothing_is_missing_where_everything_was_asked(whole):
    assert missing_of(whole) == []


def test_what_nobody_asked_is_told_and_stands_in_the_letter_as_not_asked(bare, clinician):
    assert missing_of(bare) == [
        "address",
        "phone",
        "general practitioner",
        "grade",
        "what the patient wants",
        "height",
        "weight",
        "smoking",
        "blood thinner or bleeding disorder",
        "phototype",
        "allergies",
        "medicines",
        "past surgery",
        "keloid",
        "connective tissue disease",
        "herpes",
        "immunosuppressed",
        "uncontrolled diabetes",
        "isotretinoin",
        "skin problem",
        "infection",
        "suspicious lesion",
        "tattoo",
        "melasma",
        "radiotherapy",
        "recent procedure",
        "photographs with consent",
    ]
    text = words(by_poppler(draft_of(LETTER, bare, clinician).pdf()))
    for said in ("Blood thinner or bleeding disorder", "Isotretinoin", "Immunosuppressed"):
        assert f"{said}: Not asked" in text


def test_nothing_is_said_twice(bare, clinician):
    text = words(by_poppler(draft_of(LETTER, bare, clinician).pdf()))
    assert text.count("Laxity is severe: laser is not suitable.") == 1


def test_letter_greets_the_surgeon_on_the_list_by_name(bare, clinician):
    surgeon = SurgeonFactory(by=clinician, name="Ms A. Okafor", practice="St Anne’s")
    bare.addressed_to, bare.surgeon = surgeon, str(surgeon)
    bare.save(by=clinician)
    text = words(by_poppler(draft_of(LETTER, bare, clinician).pdf()))
    assert "Ms A. Okafor St Anne’s Dear Ms A. Okafor, Referral: neck" in text


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Mr J. Lind, FRCS(Plast)", "Dear Mr J. Lind,"),
        ("Prof. A. Rao", "Dear Prof. A. Rao,"),
        ("Plastic surgery", "Dear colleague,"),
        ("A. Rao", "Dear colleague,"),
    ],
)
def test_letter_greets_a_person_by_title_and_name(name, greeting, bare, clinician):
    addressed = addressed_to(bare, Surgeon(name=name))
    assert draft_of(LETTER, addressed, clinician).data["salutation"] == greeting


def test_severe_area_says_nothing_of_single_lasers(bare, clinician):
    sections = draft_of(LETTER, bare, clinician).data["sections"]
    [why] = [one for one in sections if one["title"] == "Why laser is not suitable"]
    assert [why["text"], why["points"]] == ["Laxity is severe: laser is not suitable.", []]


def test_letter_greets_anybody_else_as_a_colleague(bare, clinician):
    text = words(by_poppler(draft_of(LETTER, bare, clinician).pdf()))
    assert "Ms A. Okafor Dear colleague, Referral: neck" in text


@pytest.mark.parametrize("name", ["ليلى الهاشمي", "王秀英 ليلى الهاشمي", "שרה כהן"])
def test_age_stands_behind_a_name_from_right_to_left(name, bare, clinician):
    bare.patient.family_name, bare.patient.given_name = name, ""
    bare.patient.save(by=clinician)
    content = draft_of(LETTER, bare, clinician).pdf()
    behind = f", {bare.patient.age} years old, for assessment"
    assert f"Please see {name}{behind}" in words(by_poppler(content))
    assert behind in words(by_pdfminer(content))


def test_no_allergies_is_an_answer(bare, clinician):
    bare.patient.any_allergies = False
    bare.patient.save(by=clinician)
    assert "allergies" not in missing_of(bare)
    text = words(by_poppler(draft_of(LETTER, bare, clinician).pdf()))
    assert "Allergies: None known" in text


def test_answer_at_another_visit_counts(bare, clinician):
    ConsultationFactory(
        by=clinician, patient=bare.patient, consulted_on=date(2025, 4, 4), anticoagulants=True
    )
    text = words(by_poppler(draft_of(LETTER, bare, clinician).pdf()))
    assert "Blood thinner or bleeding disorder: Yes" in text


def test_photos_without_consent_do_not_go_along(bare, clinician):
    PhotoFactory(by=clinician, patient=bare.patient, area="neck")
    assert draft_of(LETTER, bare, clinician, with_photos=True).data["photos"] == []


def test_own_decision_is_told_in_its_own_words(clinic, clinician):
    consultation = ConsultationFactory(by=clinician)
    area = AssessmentFactory(
        by=clinician,
        consultation=consultation,
        decision="refer_to_surgery",
        decision_reason="She prefers one operation.",
        decided_by=clinician,
        decided_at=consultation.created_at,
    )
    referral = ReferralFactory(by=clinician, assessment=area, surgeon="Ms A. Okafor")
    text = words(by_poppler(draft_of(LETTER, referral, clinician).pdf()))
    assert "Why laser is not suitable She prefers one operation." in text
    assert "what laser is for" not in text
