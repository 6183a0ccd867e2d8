"""The page kept with a signature: every field of the record, in words, and blank is never no."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import Field

from consultations.documents.about_patient import history_rows, said_of
from consultations.models import AreaAssessment, Consultation, Patient, TreatmentSession
from consultations.models.health import AreaCheck, HealthScreen
from consultations.models.record import SignedRecord
from consultations.summaries.signed_copy import consultation as of_consultation
from consultations.summaries.signed_copy import digest_of, rendition_of
from consultations.summaries.signed_copy import session as of_session
from consultations.summaries.signed_copy.findings import (
    finding_in_words,
    shown_until_unsaid,
    until_unsaid,
)
from consultations.summaries.signed_copy.sections import HEALTH_NOTES
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PatientFactory,
    PlanFactory,
    SendingFactory,
    SessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


IN_ERROR = {
    "entered_in_error_at": datetime(2025, 3, 5, tzinfo=UTC),
    "entered_in_error_reason": "Never went.",
}


def section(kept, title):
    return next(one for one in kept["sections"] if one["title"] == title)


def rows(kept, title):
    return {row["label"]: row["value"] for row in section(kept, title)["rows"]}


# Every field of the record


KEPT_ELSEWHERE = {"id", *(field.name for field in SignedRecord._meta.fields)}


def names_of(model):
    return {field.name for field in model._meta.fields if isinstance(field, Field)}


def test_every_field_of_a_consultation_is_rendered():
    shown = {
        *("patient", "consulted_on", "clinician", "concern"),
        *HealthScreen.ANSWERS,
        *Consultation.EXPECTATIONS,
        *Consultation.LIFESTYLE,
        *("height_cm", "weight_kg", "chaperone", "notes"),
    }
    assert names_of(Consultation) - KEPT_ELSEWHERE == shown


def test_every_field_of_an_area_is_rendered():
    shown = {*of_consultation.FOUND_ON_AREA, *of_consultation.ASKED_OF_AREA}
    shown |= {*of_consultation.TEST_PATCH, *of_consultation.VERDICT, *of_consultation.DECISION}
    shown |= {"area", "follows_referral", "reason", "findings", "rulebook", "effective_outcome"}
    told_otherwise = {"consultation", "facts"}  # the facts are the answers on the page
    assert names_of(AreaAssessment) - KEPT_ELSEWHERE - told_otherwise == shown


def test_every_field_of_a_session_is_rendered():
    shown = {*of_session.DONE, *of_session.CARE, *of_session.OVERRIDE, *TreatmentSession.SETTINGS}
    shown |= {*HealthScreen.ANSWERS, *AreaCheck.CHECK_FIELDS, "plan", "day", "findings", "rulebook"}
    told_otherwise = {"elsewhere_checked"}  # whether a rule was there yet
    assert names_of(TreatmentSession) - KEPT_ELSEWHERE - told_otherwise == shown


def test_every_clinical_field_of_the_patient_is_rendered():
    shown = {*Patient.LIFETIME_ANSWERS, *HEALTH_NOTES}
    assert shown == {*Patient.CLINICAL_FIELDS}


# In words


def test_blank_is_not_asked_and_never_no():
    kept = rendition_of(AssessmentFactory().consultation)
    asked = ["Health that day", "Expectations", "Lifestyle"]
    assert {value for title in asked for value in rows(kept, title).values()} == {
        "Not asked",
        "No day given",
    }
    assert rows(kept, "Known of the patient")["Gold therapy, ever"] == "Not asked"
    assert rows(kept, "Face, as assessed")["Infection"] == "Not asked"
    assert rows(kept, "Measurements and notes")["Notes"] == "Not recorded"


@pytest.mark.parametrize(
    ("said", "allergies"),
    [
        ({}, "Not asked"),
        ({"any_allergies": False}, "None known"),
        ({"any_allergies": True}, "Yes, not named"),
        ({"any_allergies": True, "allergies": "Latex"}, "Latex"),
    ],
)
def test_allergies_and_past_surgery_are_named_as_in_letters(said, allergies):
    patient = PatientFactory(**said)
    kept = rows(rendition_of(ConsultationFactory(patient=patient)), "Known of the patient")
    letter = {row["label"]: row["value"] for row in history_rows(patient, said_of(patient))}
    for told in (kept, letter):
        assert [told["Allergies"], told["Past surgery"]] == [allergies, "Not asked"]


def test_answers_are_in_words():
    consultation = ConsultationFactory(
        smoker=True,
        sun_exposure=False,
        isotretinoin="past",
        isotretinoin_last_dose_on=date(2024, 5, 3),
        weight_kg=Decimal("70.0"),
        concern="Loose\nchin.",
    )
    kept = rendition_of(consultation)
    assert rows(kept, "Lifestyle")["Smokes, vapes or uses nicotine"] == "Yes"
    assert rows(kept, "Lifestyle")["Much sun"] == "No"
    assert rows(kept, "Health that day")["Isotretinoin"] == "In the past"
    assert rows(kept, "Health that day")["Last dose of isotretinoin"] == "3 May 2024"
    assert rows(kept, "Measurements and notes")["Weight, kg"] == "70"
    assert rows(kept, "Consultation")["Concern"] == "Loose\nchin."


def test_the_patient_is_who_they_were_that_day():
    consultation = ConsultationFactory(
        patient__family_name="Marsh",
        patient__given_name="Eva",
        patient__date_of_birth=date(1980, 3, 4),
    )
    told = rows(rendition_of(consultation), "Patient that day")
    assert told["Name"] == "Marsh, Eva"
    assert told["Date of birth"] == "4 Mar 1980"
    assert told["Age that day"] == "44"  # the day before the birthday
    assert told["Record number"] == consultation.patient.record_number


def test_area_has_its_verdict_with_findings_and_sources():
    area = AssessmentFactory(severe=True)
    kept = section(rendition_of(area.consultation), "Face, verdict")
    assert [kept["outcome"], kept["state"], kept["text"]] == [
        "refer_to_surgery",
        "Refer to surgery",
        area.reason,
    ]
    finding = next(one for one in kept["findings"] if one["id"] == "laxity.severe")
    assert finding["word"] == "Refer"
    assert finding["message"]
    assert finding["source"]
    told = rows(rendition_of(area.consultation), "Face, verdict")
    assert [told["Decision"], told["Rulebook"]] == ["Agrees with the verdict", area.rulebook]


def test_decision_has_its_reason_name_and_time():
    by = UserFactory(first_name="Ana", last_name="Silva")
    area = AssessmentFactory(
        severe=True,
        decision="candidate",
        decision_reason="Declines surgery.",
        decided_by=by,
        decided_at=datetime(2025, 3, 3, 11, 30, tzinfo=UTC),
    )
    told = rows(rendition_of(area.consultation), "Face, verdict")
    assert told["Decision"] == "Suitable for laser"
    assert told["Reason for the decision"] == "Declines surgery."
    assert [told["Decided by"], told["Decided at"]] == ["Ana Silva", "3 Mar 2025 11:30"]


def test_area_has_what_was_sent_to_surgeons(clinician):
    answered = {"answer": "declined", "answered_on": date(2025, 3, 20)}
    first = SendingFactory(surgeon__name="A. Rao", surgeon__practice="", **answered)
    SendingFactory(referral=first.referral, entered_in_error_by=clinician, **IN_ERROR)
    kept = rendition_of(first.referral.assessment.consultation)
    told = "Sent to A. Rao on 4 Mar 2025 (post) – Declined on 20 Mar 2025"
    assert rows(kept, "Face, verdict")["Referral"] == told


def test_area_in_error_is_left_out(clinician):
    area = AssessmentFactory()
    area.entered_in_error_at, area.entered_in_error_by = area.created_at, clinician
    area.entered_in_error_reason = "Slip."
    area.save(by=clinician)
    titles = [one["title"] for one in rendition_of(area.consultation)["sections"]]
    assert not any("Face" in title for title in titles)


def test_session_has_settings_with_units_and_how_far_the_course_was():
    plan = PlanFactory()
    first = SessionFactory(plan=plan, fluence_j_cm2=Decimal("12.500"), passes=2)
    SessionFactory(plan=plan)
    kept = rendition_of(first)
    assert rows(kept, "Settings")["Fluence, J/cm²"] == "12.5"
    assert rows(kept, "Settings")["Power, W"] == "Not recorded"
    assert [kept["progress"], rows(kept, "Plan")["Sessions done"]] == ["1 of 5"] * 2
    assert rows(kept, "Session")["Laser and mode"] == str(first.laser_mode)
    assert rows(kept, "Asked that day")["Infection"] == "No"


def test_session_from_elsewhere_is_not_judged():
    kept = rendition_of(SessionFactory(elsewhere=True))
    assert section(kept, "Checks before treatment")["text"] == "Not assessed by the rulebook."


def test_override_is_rendered(clinician):
    session = SessionFactory(
        rulebook="1",
        override_reason="She insists.",
        overridden_by=clinician,
        overridden_at=datetime(2025, 4, 1, 9, tzinfo=UTC),
    )
    told = rows(rendition_of(session), "Checks before treatment")
    assert told["Reason to go ahead"] == "She insists."
    assert told["Overridden by"] == "clinician"


def test_digest_is_the_same_from_the_database(clinician):
    consultation = AssessmentFactory(severe=True).consultation
    made = rendition_of(consultation)
    consultation.signed_as = made
    consultation.save(by=clinician)
    assert digest_of(Consultation.objects.get().signed_as) == digest_of(made)


def test_any_other_word_has_another_digest():
    consultation = AssessmentFactory().consultation
    before = digest_of(rendition_of(consultation))
    consultation.concern = "Loose chin."
    assert digest_of(rendition_of(consultation)) != before


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            "The time to reflect ends on 3 Dec 2026.",
            "Wait: The time to reflect ends on 3 Dec 2026.",
        ),
        ("The skin is tanned.", "Wait: The skin is tanned. until 3 Dec 2026"),
    ],
)
def test_day_of_a_finding_is_said_once(message, line):
    shown = {"word": "Wait", "message": message, "until": "until 3 Dec 2026"}
    assert finding_in_words(shown | {"lasers": "", "accepted": ""}) == line


@pytest.mark.parametrize(
    ("message", "hint", "until"),
    [
        ("The time to reflect ends on 3 Dec 2026.", "Treat later.", ""),
        ("Too soon.", "Book 3 Dec 2026 or later.", ""),
        ("The skin is tanned.", "Wait.", "3 Dec 2026"),
    ],
)
def test_day_that_message_or_hint_says_is_not_shown_beside_them(message, hint, until):
    finding = {"message": message, "hint": hint}
    assert until_unsaid(finding | {"until": "2026-12-03"}) == until
    shown = f"until {until}" if until else ""
    assert shown_until_unsaid(finding | {"until": "until 3 Dec 2026"}) == shown
    assert until_unsaid(finding | {"until": None}) == ""
    assert shown_until_unsaid(finding | {"until": ""}) == ""
