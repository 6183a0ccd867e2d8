"""Patients: their numbers, names, ages, and every way in which they are found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from consultations.models import Patient, SearchKey
from consultations.models import patient as patient_module
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


@pytest.mark.parametrize(
    "query",
    [
        "jose",
        "José",
        "JOSE",
        "jos",
        "oconnor",
        "o'connor",
        "O’Connor",
        "OCON",
        "jose oconnor",
        "o'connor, josé",
        "con jos",
        "P-000001",
        "p-1",
        "P1",
        "p 000001",
        "000001",
        "+44 20 7946 0958",
        "0044 20 7946 0958",
        "020 7946 0958",
        "(020) 7946-0958",
        "7946 0958",
        "0958",
        "1980-05-17",
        "1",
        "001",
        "17/05/1980",
        "17/05/80",
        "17.05.1980",
        "17 May 1980",
        "  jose  ",
    ],
)
def test_patient_found_by(query):
    family_name = "Con O'Connor" if query == "con jos" else "O'Connor"
    found = PatientFactory(family_name=family_name, given_name="José", phone="+44 20 7946 0958")
    PatientFactory(family_name="Smith", phone="0161 496 0000", date_of_birth=date(1990, 1, 1))
    assert list(Patient.objects.found_by(query)) == [found]


@pytest.mark.parametrize(
    "query",
    [
        "onnor",
        "jose smith",
        "P-000009",
        "17/05/1981",
        "1980-17-05",
        "17.05.1981",
        "17/05/81",
        "020 7946 0959",
        "946",
        "958",
        "2",
    ],
)
def test_patient_not_found_by(query):
    PatientFactory(family_name="O'Connor", given_name="José", phone="+44 20 7946 0958")
    assert list(Patient.objects.found_by(query)) == []


@pytest.mark.parametrize(
    "query", ["", "   ", "-", "'", "...", "()", "%", "_", "\x00", "\u200b", "😀"]
)
def test_query_that_says_nothing_finds_none(query):
    PatientFactory()
    assert list(Patient.objects.found_by(query)) == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1", "P-000001"), ("12", "P-000012"), ("012", "P-000012"), ("123", "P-000123")],
)
def test_fewer_than_four_digits_are_a_record_number(typed, number):
    for one in ("P-000001", "P-000012", "P-000123"):
        PatientFactory(record_number=one, phone="0123 1212 123")
    found = Patient.objects.found_by(typed).values_list("record_number", flat=True)
    assert list(found) == [number]


def test_four_digits_may_be_a_phone():
    patient = PatientFactory(phone="0161 496 0123")
    assert list(Patient.objects.found_by("4960")) == [patient]


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("03/05/26", date(2026, 5, 3)),
        ("04/05/26", date(1926, 5, 4)),
        ("29/02/28", date(1928, 2, 29)),
        ("31/12/68", date(1968, 12, 31)),
        ("01/01/69", date(1969, 1, 1)),
        ("3.5.2026", date(2026, 5, 3)),
        ("03.05.2026", date(2026, 5, 3)),
    ],
)
def test_birth_date_is_never_in_the_future(typed, born, time_machine):
    time_machine.move_to(datetime(2026, 5, 3, 12, tzinfo=UTC))
    assert patient_module.search_words(typed) == [f"{born:%Y%m%d}"]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("020 7946 0958", "+44 20 7946 0958"),
        ("+44 (0)20 7946 0958", "+44 20 7946 0958"),
        ("+44 (0)20 7946 0958", "020 7946 0958"),
        ("020 7946 0958", "20 7946 0958"),
        ("٠٢٠ ٧٩٤٦ ٠٩٥٨", "020 7946 0958"),
        ("+49 20 7946 0958", "+44 20 7946 0958"),
    ],
)
def test_phone_found_however_it_is_written(stored, typed):
    patient = PatientFactory(phone=stored)
    assert list(Patient.objects.found_by(typed)) == [patient]


@pytest.mark.parametrize(
    ("family_name", "given_name", "query"),
    [
        ("Smith-Jones", "Anna-Maria", "smith-jones"),
        ("Smith-Jones", "Anna-Maria", "smithjones"),
        ("Smith-Jones", "Anna-Maria", "jones"),
        ("Smith-Jones", "Anna-Maria", "maria smith"),
        ("Smith-Jones", "Anna-Maria", "annamaria"),
        ("van der Berg", "Jan", "berg"),
        ("van der Berg", "Jan", "van der berg"),
        ("van der Berg", "Jan", "vanderberg jan"),
        ("Wałęsa", "Łukasz", "walesa lukasz"),
        ("Nguyễn", "Đặng", "nguyen dang"),
        ("Παπαδόπουλος", "Γιώργος", "ΠΑΠΑΔΟΠΟΥΛΟΣ γιωργος"),
        ("محمد", "فاطمة", "فاطمة محمد"),
        ("王", "小明", "王 小明"),
        ("王", "小明", "小"),
        ("نیک‌نام", "سارا", "نیکنام"),
        ("نیکنام", "سارا", "نیک‌نام"),
        ("Strauß", "Jörg", "strauss jorg"),
        ("Sørensen", "Åse", "sorensen ase"),
        ("Yıldız", "İpek", "yildiz ipek"),
        ("김", "민수", "김 민수"),
        ("शर्मा", "राम", "शर्मा"),
        ("O´Connor", "Ann", "o'connor"),
        ("OʼConnor", "Ann", "oconnor"),
        ("O'Connor", "Ann", "oʼconnor"),
        ("3rd", "Henry", "3rd"),
    ],
)
def test_name_found_as_people_type_it(family_name, given_name, query):
    patient = PatientFactory(family_name=family_name, given_name=given_name)
    PatientFactory(family_name="Other", given_name="Person")
    assert list(Patient.objects.found_by(query)) == [patient]


def test_chinese_name_found_as_it_is_written_in_one():
    patient = PatientFactory(family_name="王", given_name="小明")
    assert list(Patient.objects.found_by("王小明")) == [patient]


def test_longest_name_is_found_in_full():
    patient = PatientFactory(family_name="Ω" * 100)
    assert list(Patient.objects.found_by("Ω" * 100)) == [patient]


def test_search_finds_the_same_where_many_answer(monkeypatch):
    smiths = PatientFactory.create_batch(5, family_name="Smith")
    PatientFactory(family_name="Smart")
    monkeypatch.setattr(patient_module, "FOUND_AT_MOST", 2)
    assert list(Patient.objects.found_by("smith given").order_by("pk")) == smiths


def test_renaming_rewrites_the_keys(reception):
    patient = PatientFactory(family_name="Before", given_name="Ann", phone="12345")
    patient.family_name, patient.phone = "After", ""
    patient.save(by=reception)
    found = {query: Patient.objects.found_by(query).exists() for query in ("before", "after")}
    assert found == {"before": False, "after": True}
    assert sorted(map(str, patient.search_keys.all())) == [
        "000001",
        "1",
        "19800517",
        "after",
        "ann",
        "p000001",
    ]


def test_saving_unchanged_leaves_the_keys(reception):
    patient = PatientFactory()
    before = set(SearchKey.objects.values_list("pk", flat=True))
    patient.save(by=reception)
    assert set(SearchKey.objects.values_list("pk", flat=True)) == before


def test_search_reads_the_index():
    PatientFactory.create_batch(3)
    if connection.vendor == "postgresql":
        # So small a table is quicker read as a whole, index or not.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    keys = SearchKey.objects.beginning_with("smi").values("patient_id")
    assert "search_key_to_patient" in keys.explain()


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
