"""Patients: their numbers, names and ages, and the order they are listed in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.models import Patient
from tests.factories import PatientFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db

ZERO_WIDTH_SPACE, RIGHT_TO_LEFT_OVERRIDE, NON_JOINER = "\u200b", "\u202e", "\u200c"


def test_born_before_1900():
    breaks("patient_born_after_1899", PatientFactory(), date_of_birth=date(1899, 12, 31))


def test_born_in_1900():
    keeps(PatientFactory(), date_of_birth=date(1900, 1, 1))


def test_born_tomorrow_is_refused():
    patient = PatientFactory(date_of_birth=timezone.localdate() + timedelta(days=1))
    with pytest.raises(ValidationError) as told:
        patient.full_clean()
    assert told.value.message_dict == {"date_of_birth": ["The date of birth is in the future."]}


def test_record_numbers_in_order():
    numbers = [patient.record_number for patient in PatientFactory.create_batch(3)]
    assert numbers == ["P-000001", "P-000002", "P-000003"]


def test_record_number_stays_when_the_patient_is_changed(reception):
    patient = PatientFactory()
    PatientFactory()
    patient.save(by=reception)
    assert patient.record_number == "P-000001"


def test_record_number_goes_on_after_the_highest_that_came_in():
    PatientFactory(record_number="P-000001")
    PatientFactory(record_number="P-000041")
    assert PatientFactory().record_number == "P-000042"


def test_record_number_of_a_failed_save_is_not_kept(reception):
    patient = PatientFactory.build()
    with pytest.raises(ValueError, match="who is writing"):
        patient.save()
    PatientFactory()
    patient.save(by=reception)
    assert patient.record_number == "P-000002"


def test_names_of_a_patient():
    patient = PatientFactory(family_name="O'Connor", given_name="José")
    assert patient.full_name == "O'Connor, José"
    assert str(patient) == "O'Connor, José (P-000001)"
    assert PatientFactory(family_name="Suharto", given_name="").full_name == "Suharto"


def test_lists_are_in_order_whatever_case_and_accents():
    for family_name in ("Zulu", "Émile", "eaton", "Ångström", "adams", "Łukasz", "Lima"):
        PatientFactory(family_name=family_name)
    names = Patient.objects.order_by("sort_name").values_list("family_name", flat=True)
    assert list(names) == ["adams", "Ångström", "eaton", "Émile", "Lima", "Łukasz", "Zulu"]


def test_one_family_is_in_order_of_given_names():
    for given_name in ("Zoë", "", "Ada"):
        PatientFactory(family_name="Smith", given_name=given_name)
    names = Patient.objects.order_by("sort_name").values_list("given_name", flat=True)
    assert list(names) == ["", "Ada", "Zoë"]


def test_age_is_that_on_the_day(time_machine):
    time_machine.move_to(datetime(2025, 5, 16, 23, 30, tzinfo=UTC))  # 17 May in London
    patient = PatientFactory.build(date_of_birth=date(1980, 5, 17))
    assert [patient.age_on(date(2025, 5, 16)), patient.age] == [44, 45]


@pytest.mark.parametrize(
    ("character", "code"),
    [
        (ZERO_WIDTH_SPACE, "200B"),
        (RIGHT_TO_LEFT_OVERRIDE, "202E"),
        ("\u2066", "2066"),
        ("\ufeff", "FEFF"),
        ("\x00", "0000"),
        ("\t", "0009"),
    ],
)
@pytest.mark.parametrize("field", ["family_name", "given_name", "phone"])
def test_invisible_character_is_refused(field, character, code):
    patient = PatientFactory()
    setattr(patient, field, f"12{character}3456")
    with pytest.raises(ValidationError) as told:
        patient.full_clean()
    message = f"Character 3 is invisible (U+{code}). Type this again."
    assert told.value.message_dict == {field: [message]}


def test_joiner_in_a_name_is_accepted():
    PatientFactory(family_name=f"نیک{NON_JOINER}نام").full_clean()


@pytest.mark.parametrize("name", ["-", "'", "😀", NON_JOINER])
@pytest.mark.parametrize("field", ["family_name", "given_name"])
def test_name_that_shows_nothing_is_refused(field, name):
    patient = PatientFactory(**{field: name})
    with pytest.raises(ValidationError) as told:
        patient.full_clean()
    assert told.value.message_dict == {field: ["Write at least one letter."]}


def test_given_name_and_phone_may_be_left_blank():
    PatientFactory(given_name="", phone="").full_clean()


@pytest.mark.parametrize("phone", ["none", "-", "123", "ext. 12"])
def test_phone_that_could_not_be_dialled_is_refused(phone):
    patient = PatientFactory(phone=phone)
    with pytest.raises(ValidationError) as told:
        patient.full_clean()
    assert told.value.message_dict == {"phone": ["Write the number in digits."]}


def test_merged_record_that_still_counts():
    breaks("patient_merged_counts_no_more", PatientFactory(), merged_into=PatientFactory())


def test_no_allergies_stand_beside_their_names():
    patient = PatientFactory(allergies="Latex", any_allergies=True)
    breaks("patient_no_allergies_beside_their_names", patient, any_allergies=False)
