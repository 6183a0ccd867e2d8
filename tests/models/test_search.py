"""Finding patients: every way in which people type a name, a number, a phone or a date."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from consultations.actions.signing import mark_in_error
from consultations.models import Patient, SearchKey, search
from consultations.trust.erasure import erase
from tests.factories import ClinicSettingsFactory, PatientFactory

pytestmark = pytest.mark.django_db


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
    assert search.search_words(typed) == [{f"{born:%Y%m%d}"}]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("020 7946 0958", "+44 20 7946 0958"),
        ("+44 (0)20 7946 0958", "+44 20 7946 0958"),
        ("+44 (0)20 7946 0958", "020 7946 0958"),
        ("020 7946 0958", "20 7946 0958"),
        ("٠٢٠ ٧٩٤٦ ٠٩٥٨", "020 7946 0958"),
        ("+49 20 7946 0958", "+44 20 7946 0958"),
        ("6123 4567", "+65 6123 4567"),
        ("22 12 34 56", "0047 22123456"),
        ("612 3456", "+354 612 3456"),
        ("+386 31 234 567", "031 234 567"),
        ("031 234 567", "+386 31 234 567"),
        ("020 7946 0958 (mum)", "+44 20 7946 0958"),
        ("+44 20 7946 0958 ext. 12", "020 7946 0958"),
        ("020 7946 0958", "+44 20 7946 0958 ext 12"),
        ("07700 900123", "tel:+447700900123"),
        ("+52 1 55 1234 5678", "+52 55 1234 5678"),
        ("+52 55 1234 5678", "+52 1 55 1234 5678"),
        ("55 1234 5678", "0052 1 55 1234 5678"),
        ("07700 900123 / +386 31 234 567", "031234567"),
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
        # Typed in one, apart, or with a comma and no space.
        ("Smith", "John", "Smith,John"),
        ("Smith", "John", "JOHN;SMITH"),
        ("O'Brien", "Ann", "o brien"),
        ("O'Brien", "Ann", "brien"),
        ("O’Brien-Smith", "Ann", "brien smith"),
        ("OʻBrien", "D`Arcy", "arcy brien"),
        ("D‘Angelo", "N´Golo", "golo angelo"),
        ("McDonald", "Ann", "mc donald"),
        ("Smith", "Annemarie", "anne marie smith"),
        ("Vanderberg", "Jan", "van der berg"),
        ("van der Berg", "Jan", "derberg"),
        ("عبدالله", "سارا", "عبد الله"),
        ("عبد الله", "سارا", "عبدالله"),
        # Letters written out, in both directions.
        ("Müller", "Ann", "mueller"),
        ("Mueller", "Ann", "müller"),
        ("Muller", "Ann", "müller"),
        ("Sørensen", "Ann", "soerensen"),
        ("Soerensen", "Ann", "sørensen"),
        ("Åse", "Ann", "aase"),
        ("Aase", "Ann", "åse"),
        ("Kjær", "Ann", "kjaer"),
        ("Kjaer", "Ann", "kjær"),
        ("Jäger-Größ", "Ann", "jaeger groess"),
        ("Weiss", "Ann", "weiß"),
        ("Đorđević", "Ann", "djordjevic"),
        ("Djordjević", "Ann", "đorđevic"),
        # Letters that another keyboard or a passport has otherwise.
        ("Əliyev", "Ann", "aliyev"),
        ("Əliyev", "Ann", "eliyev"),
        ("Ɓello", "Ƙwari", "kwari bello"),
        ("Ɗanjuma", "Ŋala", "danjuma nala"),
        ("Ɔkyere", "Ɛlla", "okyere ella"),
        ("Ŧearnes", "Ƴaro", "tearnes yaro"),
        ("Saʿid", "Maʾmun", "said mamun"),
        ("Tatʹiana", "Olʹga", "tatiana olga"),
        # Arabic and Persian keyboards.
        ("علي", "أحمد", "علی احمد"),
        ("کریمی", "فاطمة", "كريمي فاطمه"),
        ("محمـــد", "آمنة", "محمد امنه"),
        ("رؤوف", "بهاء", "روف بها"),
        ("شَمْس", "هناء", "شمس هنا"),
        ("الحسن", "علي", "حسن"),
        ("حسن", "علي", "علي الحسن"),
        ("Ґудзь", "Олег", "гудзь олег"),
        ("Гудзь", "Олег", "ґудзь"),
        # With a title, which no record has.
        ("Smith", "Ann", "Mr Smith"),
        ("Smith", "Ann", "Dr. Ann Smith"),
        ("Smith", "Ann", "smith, Mrs.Ann"),
        ("Missoni", "Ann", "Miss"),
    ],
)
def test_name_found_as_people_type_it(family_name, given_name, query):
    patient = PatientFactory(family_name=family_name, given_name=given_name)
    PatientFactory(family_name="Other", given_name="Person")
    assert list(Patient.objects.found_by(query)) == [patient]


@pytest.mark.parametrize(
    "query",
    [
        *("smith 17/05/1980", "17/05/80 smith", "SMITH, 1980-05-17", "ann 17.05.1980 smith"),
        *("17 May 1980 smith", "smith 17 May, 1980", "smith 17 may 1980 ann"),
        *("smith +447700900123", "smith +44 7700 900123", "07700 900123 smith", "smith 900123"),
        *("smith 07700 900123 17/05/1980", "17/05/1980 07700 900123 smith", "smith p-1", "ann 1"),
        *("ann.smith@clinic.example", "ANN.SMITH@", "smith ann.smith@clinic.example"),
        *("Ann Smith <ann.smith@clinic.example>", "mailto:Ann.Smith@clinic.example?subject=Hi"),
        *("ann.smith@clinic.example.", "<mailto:ann.smith@clinic.example>,"),
        "(ann.smith@clinic.example)",
    ],
)
def test_name_found_with_what_else_is_known(query):
    found = PatientFactory(
        family_name="Smith",
        given_name="Ann",
        phone="07700 900123",
        email="Ann.Smith@clinic.example",
    )
    born = found.date_of_birth
    PatientFactory(family_name="Smith", phone="07700 900999", date_of_birth=date(1980, 5, 18))
    PatientFactory(
        family_name="Jones", phone="07700 900124", date_of_birth=born, email="a@b.example"
    )
    assert list(Patient.objects.found_by(query)) == [found]


@pytest.mark.parametrize(
    "query", ["smith 18/05/1980", "smith 07700 900124", "jones 07700 900123", "ann.smith@other"]
)
def test_name_with_what_is_another_persons_finds_nobody(query):
    PatientFactory(family_name="Smith", phone="07700 900123", email="ann.smith@clinic.example")
    assert list(Patient.objects.found_by(query)) == []


def test_number_without_a_code_is_read_in_the_country_of_the_clinic():
    """An Argentine mobile is dialled 011 15… at home, and 9 11… behind the country code."""
    found = PatientFactory(phone="9 11 2345-6789")
    typed = "011 15-2345-6789"
    before = list(Patient.objects.found_by(typed))
    ClinicSettingsFactory(country="AR")
    assert [before, list(Patient.objects.found_by(typed))] == [[], [found]]


def test_chinese_name_found_as_it_is_written_in_one():
    patient = PatientFactory(family_name="王", given_name="小明")
    assert list(Patient.objects.found_by("王小明")) == [patient]


def test_longest_name_is_found_in_full():
    patient = PatientFactory(family_name="Ω" * 100)
    assert list(Patient.objects.found_by("Ω" * 100)) == [patient]


def test_search_finds_the_same_where_many_answer(monkeypatch):
    smiths = PatientFactory.create_batch(5, family_name="Smith")
    PatientFactory(family_name="Smart")
    monkeypatch.setattr(search, "FOUND_AT_MOST", 2)
    assert list(Patient.objects.found_by("smith given").order_by("pk")) == smiths


def test_renaming_rewrites_the_keys(reception):
    patient = PatientFactory(family_name="Before", given_name="Ann", phone="12345")
    patient.family_name, patient.phone = "After", ""
    patient.save(by=reception)
    found = {
        query: Patient.objects.found_by(query).exists() for query in ("before", "after", "12345")
    }
    assert found == {"before": True, "after": True, "12345": False}
    assert sorted(map(str, patient.search_keys.all())) == [
        "000001",
        "1",
        "19800517",
        "=19800517 after ann",
        "=19800517 before ann",
        "after",
        "ann",
        "before",
        "p000001",
    ]


def test_former_name_is_told_where_it_is_what_was_found(reception):
    patient = PatientFactory(family_name="Nowak", given_name="Ann")
    for name in ("Müller", "Okafor"):
        patient.family_name = name
        patient.save(by=reception)
    told = {text: search.former_names([patient], text) for text in ("mueller ann", "ann", "noWAK")}
    assert told == {
        "mueller ann": {patient.pk: [("Müller", "Ann")]},
        "ann": {},
        "noWAK": {patient.pk: [("Nowak", "Ann")]},
    }


def test_name_of_a_merged_record_finds_the_one_that_goes_on(clinician):
    keep = PatientFactory(family_name="Okafor")
    other = PatientFactory(family_name="Nowak")
    other.family_name = "Kowalska"
    other.save(by=clinician)
    mark_in_error(record=other, by=clinician, reason="Twice")
    Patient.objects.filter(pk=other.pk).update(merged_into=keep)
    keep.save(by=clinician)
    assert list(Patient.objects.unmerged().found_by("nowak")) == [keep]
    assert search.former_names([keep], "nowak") == {keep.pk: [("Nowak", "Given")]}


def test_nothing_leads_to_somebody_erased_by_a_former_name(reception, clinician):
    patient = PatientFactory(family_name="Nowak")
    patient.family_name = "Okafor"
    patient.save(by=reception)
    erase(patient=patient, by=clinician, reason="Asked for it.", legal_reason="Court order.")
    assert [*Patient.objects.found_by("nowak"), *patient.search_keys.all()] == []


def keys_by_patient():
    return sorted((one.patient_id, str(one)) for one in SearchKey.objects.all())


def test_migration_makes_the_keys_that_saving_makes(reception, clinician):
    renamed, gone = PatientFactory(family_name="Müller", phone="+44 20 7946 0958"), PatientFactory()
    renamed.family_name = "Okafor"
    renamed.save(by=reception)
    for part in PatientFactory.create_batch(2, family_name="Nowak"):
        mark_in_error(record=part, by=clinician, reason="Twice")
        Patient.objects.filter(pk=part.pk).update(merged_into=renamed)
        renamed.save(by=reception)
        SearchKey.objects.rewrite_for(Patient.objects.get(pk=part.pk))
    erase(patient=gone, by=clinician, reason="Asked for it.", legal_reason="Court order.")
    before = [keys_by_patient(), Patient.history.count()]
    SearchKey.objects.filter(key__lt=b"9").delete()
    SearchKey.objects.create(patient=gone, key=b"stale")
    migration = import_module("consultations.migrations.0018_renew_search_keys")
    migration.rewrite_keys(apps, None)
    assert [keys_by_patient(), Patient.history.count()] == before


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


def test_keys_added_to_many_are_those_of_each():
    patients = [PatientFactory(), PatientFactory(phone="", email="")]
    kept = [set(one.search_keys.values_list("key", flat=True)) for one in patients]
    SearchKey.objects.all().delete()
    SearchKey.objects.add_many(patients)
    assert [set(one.search_keys.values_list("key", flat=True)) for one in patients] == kept
    assert SearchKey.objects.count() == sum(map(len, kept))
