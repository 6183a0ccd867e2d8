"""Short stories of a day at the clinic, told at the screen. Their words are in `words.py`."""

from consultations.models import AreaAssessment, Patient, SurgicalReferral
from tests.admin.browsing import change_url, list_url, page_url
from tests.factories import PatientFactory

from . import words
from .chromium import PHONE
from .promises import SIDEWAYS


def test_a_first_consultation_judges_two_areas(screen_of, clinician):
    patient = PatientFactory()
    screen = screen_of(clinician).open(page_url(patient, "chart"))
    screen.press(words.NEW_CONSULTATION)
    screen.fill({"Area": "Face", "Laxity": "Mild"})
    screen.press(words.ADD_AREA)
    screen.fill({"Area": "Stomach", "Laxity": "Moderate"}, row=1)
    screen.press(words.SAVE)
    screen.shows_page(words.CHART.format(patient.full_name))
    judged = AreaAssessment.objects.order_by("pk").values_list("area", "severity", "outcome")
    assert list(judged) == [
        ("face", "mild", "candidate"),
        ("stomach", "moderate", "candidate"),
    ]


def test_a_severe_area_has_its_referral_at_once(screen_of, clinician):
    patient = PatientFactory()
    screen = screen_of(clinician).open(page_url(patient, "chart"))
    screen.press(words.NEW_CONSULTATION)
    screen.fill({"Area": "Neck", "Laxity": "Severe"})
    screen.press(words.SAVE)
    screen.shows_page(words.CHART.format(patient.full_name))
    referral = SurgicalReferral.objects.get(assessment__area="neck", status="to_send")
    screen.press(words.SEND_REFERRAL)
    screen.arrives_at(change_url(referral))


def test_from_logging_in_to_a_chart_without_a_mouse(screen_of, clinician):
    patient = PatientFactory()
    screen = screen_of().open("/")
    screen.tab_to(screen.field(words.USERNAME))
    screen.write("clinician")
    screen.tab_to(screen.field(words.PASSWORD))
    screen.write("password")
    screen.enter()
    screen.shows_page(words.TODAY)
    screen.tab_to(screen.control(words.PATIENTS))
    screen.enter()
    screen.shows_page(words.PATIENTS)
    screen.tab_to(screen.control(patient.full_name))
    screen.enter()
    screen.shows_page(words.CHART.format(patient.full_name))


def test_reception_registers_a_patient_on_a_phone(screen_of, reception):
    screen = screen_of(reception, **PHONE).open(list_url("patient"))
    screen.press(words.ADD_PATIENT)
    screen.fill({"Family name": "Okafor", "Given name": "Ada", "Date of birth": "1980-02-29"})
    screen.fill({"Sex": "Female", "Phone": "07700 900999"})
    assert screen.page.evaluate(SIDEWAYS) == []
    screen.press(words.SAVE)
    assert screen.messages == ["The patient “Okafor, Ada (P-000001)” was added successfully."]
    kept = Patient.objects.values_list("family_name", "given_name", "sex", "phone")
    assert list(kept) == [("Okafor", "Ada", "female", "07700 900999")]
