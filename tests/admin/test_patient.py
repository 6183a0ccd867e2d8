"""Registering patients: names in any script, slips refused beside their field, reception's form."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from consultations.models import Appointment, Consultation, Patient
from tests.factories import (
    AssessmentFactory,
    ConsentFactory,
    ConsultationFactory,
    PatientFactory,
    PhotoFactory,
    PlanFactory,
    SessionFactory,
)

from .browsing import Browser, add_url, change_url, words

pytestmark = pytest.mark.django_db

BORN = {"date_of_birth": "1980-05-17"}
NO_BIRTH = "A birth date is between 1900 and today."


@pytest.fixture
def desk(reception):
    return Browser(reception)


def register(browser, **values):
    return browser.fill(add_url("patient"), BORN | {"family_name": "Okafor"} | values)


def test_patient_is_registered_by_reception(desk, reception):
    page = register(desk, given_name="Ada", phone="020 7946 0000")
    patient = Patient.objects.get()
    assert page.path == change_url(patient)
    assert [str(patient), patient.created_by] == ["Okafor, Ada (P-000001)", reception]


def test_registering_offers_the_details_that_were_not_asked(desk):
    page = register(desk, given_name="Ada")
    assert page.messages == ["Registered: Okafor, Ada (P-000001). Open details"]
    [details] = page.select(".messagelist a.step")
    assert details["href"] == f"{change_url(Patient.objects.get())}#id_address"
    assert page.soup.select_one("details #id_address")


def test_patient_registered_by_a_clinician_leads_to_the_chart(clinician):
    page = register(Browser(clinician))
    assert page.path == f"/admin/consultations/patient/{Patient.objects.get().pk}/chart/"


@pytest.mark.parametrize(
    ("born", "told"),
    [
        (lambda today: today + timedelta(days=1), NO_BIRTH),
        (lambda today: "17/05/2080", NO_BIRTH),
        (lambda today: "31.12.1899", NO_BIRTH),
        (lambda today: "0001-01-01", NO_BIRTH),
        (lambda today: "1980-02-30", "There is no such day."),
    ],
)
def test_birth_date_out_of_bounds_is_refused_and_stays_as_typed(desk, born, told):
    typed = str(born(timezone.localdate()))
    page = register(desk, date_of_birth=typed)
    assert [page.errors, page.form["date_of_birth"]] == [{"date_of_birth": [told]}, typed]
    assert not Patient.objects.exists()


def test_mail_is_kept_without_what_was_pasted_with_it(desk):
    page = register(desk, email="mailto:ann@clinic.example.")
    assert [page.errors, Patient.objects.get().email] == [{}, "ann@clinic.example"]


def test_two_mails_in_one_are_refused(desk):
    page = register(desk, email="ann@clinic.example, bob@clinic.example")
    assert page.errors == {"email": ["Enter a valid email address."]}


def test_letter_in_a_phone_is_told_beside_it(desk):
    page = register(desk, phone="9OO 1234")
    told = "“9OO” has a letter that looks like a digit. Write 0 for O and 1 for l."
    assert page.errors == {"phone": [told]}


@pytest.mark.parametrize("born", ["1900-01-01", timezone.localdate])
def test_birth_date_at_its_bounds_is_kept(desk, born):
    page = register(desk, date_of_birth=born() if callable(born) else born)
    assert page.errors == {}
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    [
        "O’Connor-Núñez",
        "王",
        "Владимирова",
        "محمد علی",
        "می‌خواهم",
        "नागराज",
        "นภัสวรรณ",
        "Nguyễn",
        "Nguye\u0302\u0303n",
        "Ꮳꮃꭹ",
        "𠮷野",
        "N'Guessan / Öz",
    ],
)
def test_name_in_any_script_is_kept_byte_for_byte(desk, name):
    register(desk, family_name=name)
    kept = Patient.objects.get().family_name
    assert kept.encode() == name.encode()
    assert desk.open(change_url(Patient.objects.get())).form["family_name"] == name


@pytest.mark.parametrize("place", ["family_name", "given_name"])
@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200e", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x07", "\ue000"]
)
def test_invisible_character_in_a_name_is_refused(desk, place, hidden):
    page = register(desk, **{place: f"A{hidden}b"})
    code = f"{ord(hidden):04X}"
    assert page.errors == {place: [f"Character 2 is invisible (U+{code}). Type this again."]}
    assert page.form[place] == f"A{hidden}b"


@pytest.mark.parametrize("name", ["", "   ", "-", "’"])
def test_name_that_shows_nothing_is_refused(desk, name):
    page = register(desk, family_name=name)
    assert list(page.errors) == ["family_name"]


def test_name_of_a_hundred_and_one_letters_is_refused(desk):
    page = register(desk, family_name="x" * 101)
    assert page.errors == {
        "family_name": ["Ensure this value has at most 100 characters (it has 101)."]
    }


def test_reception_sees_no_clinical_field(desk):
    patient = PatientFactory(allergies="Latex", keloid_history=True)
    page = desk.open(change_url(patient))
    assert page.names().isdisjoint(Patient.CLINICAL_FIELDS)
    assert "Latex" not in page.text
    assert "eloid" not in page.text


def test_reception_cannot_write_a_clinical_field(desk):
    patient = PatientFactory(allergies="Latex")
    desk.fill(change_url(patient), {"phone": "1234", "allergies": "", "phototype": "VI"})
    patient.refresh_from_db()
    assert [patient.phone, patient.allergies, patient.phototype] == ["1234", "Latex", ""]


def test_lifetime_answer_judges_unsigned_consultations_anew(clinician):
    assessment = AssessmentFactory()
    patient = assessment.patient
    Browser(clinician).fill(change_url(patient), {"phototype": "VI", "keloid_history": "true"})
    assessment.refresh_from_db()
    assert assessment.lasers == ["non_ablative", "non_ablative_fractional"]
    assert Consultation.objects.get().version == 1


def test_patient_posted_twice_is_registered_once(desk):
    data = desk.open(add_url("patient")).form | BORN | {"family_name": "Okafor"}
    desk.post(add_url("patient"), data)
    page = desk.post(add_url("patient"), data)
    assert page.messages == ["This form was already saved. Nothing was stored twice."]
    assert Patient.objects.count() == 1


def test_patient_saved_without_a_change_has_no_new_version(desk):
    patient = PatientFactory()
    desk.fill(change_url(patient))
    patient.refresh_from_db()
    assert [patient.version, patient.history.count()] == [1, 1]


def test_long_note_is_kept_whole(clinician):
    patient, note = PatientFactory(), "Line one.\r\nLine two: ü\n" * 420 + "end"
    assert len(note) > 10_000 - 600
    Browser(clinician).fill(change_url(patient), {"medical_notes": "n" * 10_000, "medicines": note})
    patient.refresh_from_db()
    assert patient.medical_notes == "n" * 10_000
    assert patient.medicines.replace("\r\n", "\n") == note.replace("\r\n", "\n")


def test_note_beyond_its_length_is_refused_and_still_on_the_page(clinician):
    patient, note = PatientFactory(), "n" * 20_001
    page = Browser(clinician).fill(change_url(patient), {"medical_notes": note})
    told = "Ensure this value has at most 20000 characters (it has 20001)."
    assert page.errors == {"medical_notes": [told]}
    assert page.form["medical_notes"] == note


def test_lines_of_an_address_are_not_changed_by_saving(clinician):
    patient = PatientFactory(address="5 Quay\nHarbour")
    browser = Browser(clinician)
    browser.fill(change_url(patient), {"phone": "1001", "address": "5 Quay\r\nHarbour"})
    patient.refresh_from_db()
    assert [patient.phone, patient.address] == ["1001", "5 Quay\nHarbour"]


def first_days():
    """A first day of each kind, on 3 March 2025: what was recorded."""
    day = date(2025, 3, 3)
    yield lambda patient: ConsultationFactory(patient=patient, consulted_on=day)
    yield lambda patient: PhotoFactory(patient=patient, taken_on=day)
    yield lambda patient: ConsentFactory(patient=patient, given_on=day)
    yield lambda patient: SessionFactory(
        elsewhere=True, plan=plan_since(2026, patient), performed_on=day
    )


def plan_since(year, patient):
    return PlanFactory(
        assessment__consultation__patient=patient,
        assessment__consultation__consulted_on=date(year, 1, 1),
    )


@pytest.mark.parametrize("record", [*first_days()])
@pytest.mark.parametrize(("born", "is_refused"), [("2025-03-04", True), ("2025-03-03", False)])
def test_birth_after_the_first_visit_is_refused(desk, record, born, is_refused):
    patient = PatientFactory()
    record(patient)
    page = desk.fill(change_url(patient), {"date_of_birth": born, "phone": "020 7946 0000"})
    told = {"date_of_birth": ["The first visit, on 3 Mar 2025, is before this birth."]}
    assert page.errors == (told if is_refused else {})
    assert page.form["phone"] == "020 7946 0000"


def test_birth_after_the_first_visit_of_a_merged_record_is_refused(desk, clinician):
    patient, merged = PatientFactory(), PatientFactory()
    ConsultationFactory(patient=merged, consulted_on=date(2025, 3, 3))
    merged.merged_into, merged.entered_in_error_at = patient, timezone.now()
    merged.entered_in_error_by, merged.entered_in_error_reason = clinician, "Twice."
    merged.save(by=clinician)
    page = desk.fill(change_url(patient), {"date_of_birth": "2025-03-04"})
    assert list(page.errors) == ["date_of_birth"]


def test_what_is_in_error_bounds_no_birth(desk, clinician):
    consultation = ConsultationFactory(consulted_on=date(2025, 3, 3))
    consultation.entered_in_error_at = timezone.now()
    consultation.entered_in_error_by, consultation.entered_in_error_reason = clinician, "Wrong."
    consultation.save(by=clinician)
    page = desk.fill(change_url(consultation.patient), {"date_of_birth": "2025-03-04"})
    assert page.errors == {}


@pytest.mark.parametrize("needed", [True, False])
@pytest.mark.parametrize("role", ["reception", "practitioner", "clinician", "manager"])
def test_everybody_is_told_that_an_interpreter_is_needed(role, needed, request):
    patient = PatientFactory(interpreter_needed=needed)
    page = Browser(request.getfixturevalue(role)).open(change_url(patient))
    alerts = [words(one) for one in page.select(".banner .alerts li")]
    assert ("Interpreter needed" in alerts) is needed


@pytest.mark.parametrize(
    ("answer", "text", "told"),
    [
        ("unknown", "", "Allergies not asked"),
        ("false", "", "No known allergies"),
        ("unknown", "Latex", "Allergies: Latex"),
    ],
)
def test_allergies_are_asked_and_shown(clinician, answer, text, told):
    browser, patient = Browser(clinician), PatientFactory()
    browser.fill(change_url(patient), {"any_allergies": answer, "allergies": text})
    page = browser.open(change_url(patient))
    assert told in [words(one) for one in page.select(".banner .alerts li")]
    assert page.form["any_allergies"] == {"Latex": "true"}.get(text, answer)


def test_no_allergies_beside_their_names_are_refused(clinician):
    changes = {"any_allergies": "false", "allergies": "Latex"}
    page = Browser(clinician).fill(change_url(PatientFactory()), changes)
    assert page.errors == {"any_allergies": ["Allergies are named, so the answer is not no."]}
    assert page.form["allergies"] == "Latex"


def test_every_answer_for_life_can_be_corrected_on_the_patients_page(clinician):
    page = Browser(clinician).open(change_url(PatientFactory()))
    assert {*Patient.LIFETIME_ANSWERS} - page.names() == set()


# The first visit


def register_with_visit(browser, **changes):
    person = {"family_name": "Ng", "given_name": "Ann", "date_of_birth": "1980-05-17"}
    return browser.fill(add_url("patient"), person | {"phone": "020 7946 0000"} | changes)


def test_the_first_visit_is_booked_with_registering(reception, clinician, time_machine):
    time_machine.move_to(datetime(2026, 3, 2, 8, tzinfo=UTC), tick=False)
    visit = {"first_visit_0": "5 Mar 2026", "first_visit_1": "10:30"}
    page = register_with_visit(Browser(reception), **visit, first_visit_with=clinician.pk)
    words = "The first visit is booked: Thu 5 Mar 2026 10:30, clinician. Open the appointment"
    assert words in page.messages
    appointment = Appointment.objects.get()
    assert [appointment.patient, appointment.practitioner] == [Patient.objects.get(), clinician]
    assert [appointment.kind, appointment.minutes] == ["consultation", 30]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"first_visit_1": "08:00"},
            {"first_visit": ["Outside the hours of a Thursday: 09:00–18:00."]},
        ),
        ({"first_visit_0": "2026-03-01"}, {"first_visit": ["This time is in the past."]}),
        ({"first_visit_1": ""}, {"first_visit": ["Enter a valid time."]}),
    ],
)
def test_a_first_visit_that_cannot_be_registers_nobody(reception, time_machine, changes, told):
    time_machine.move_to(datetime(2026, 3, 2, 8, tzinfo=UTC), tick=False)
    visit = {"first_visit_0": "2026-03-05", "first_visit_1": "10:30"} | changes
    assert register_with_visit(Browser(reception), **visit).errors == told
    assert Patient.objects.count() == 0
