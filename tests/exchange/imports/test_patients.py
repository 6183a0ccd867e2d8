"""Patients come in: checked row by row, compared, saved as a whole, with where they came from."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consultations.exchange.imports import checking, saving, staging
from consultations.exchange.imports.column_readings import UnclearColumnsError
from consultations.exchange.reading.tables import UnreadableFileError
from consultations.models import ImportBatch, ImportedRecord, ImportRow, Patient
from tests.exchange.reading.files import workbook
from tests.factories import PatientFactory

from .files import PATIENTS, checked, problems, saved, staged

pytestmark = pytest.mark.django_db


def test_rows_become_patients_with_history_in_the_name_of_the_importer():
    text = (
        "Client ID,First Name,Last Name,Mobile Number,Date of Birth\n"
        "17,Ann,Smith,020 7946 0001,31/01/1980\n"
    )
    batch = saved(text)
    patient = Patient.objects.get()
    [row] = patient.history.all()
    assert (patient.full_name, patient.phone, patient.date_of_birth, patient.record_number) == (
        "Smith, Ann",
        "020 7946 0001",
        date(1980, 1, 31),
        "P-000001",
    )
    assert (patient.version, patient.created_by, row.history_type, row.history_user) == (
        1,
        batch.made_by,
        "+",
        batch.made_by,
    )
    assert row.history_change_reason == f"Imported from {batch.came_from}: clients.csv."
    assert [*ImportedRecord.objects.values_list("model", "key", "number")] == [
        ("patient", patient.pk, "17")
    ]
    assert list(Patient.objects.found_by("smith")) == [patient]
    assert (batch.state, batch.counts["made"], ImportRow.objects.count()) == (
        "saved",
        {"patient": 1},
        0,
    )


def test_what_is_imported_is_as_its_own_save_would_have_left_it():
    """The keys by which they are found, and the name by which lists order them."""
    saved(f"{PATIENTS}\n,O'Brien,Zoë,1980-01-31\n")
    patient = Patient.objects.get()
    before = {*patient.search_keys.values_list("key", flat=True)}, patient.sort_name
    patient.save(by=patient.created_by)
    after = {*patient.search_keys.values_list("key", flat=True)}, patient.sort_name
    assert before == after


def test_own_numbers_that_are_free_stay_and_the_next_goes_on_after_them():
    saved(f"{PATIENTS}\nP-000007,Smith,Ann,1980-01-31\n,Jones,Bob,1975-02-03\n")
    numbers = Patient.objects.order_by("pk").values_list("record_number", flat=True)
    assert [*numbers, PatientFactory().record_number] == ["P-000007", "P-000001", "P-000002"]


@pytest.mark.parametrize("number", [f"P-{'9' * 10}", f"P-{'9' * 40}", "P-0000001", "P-٠٠٠٠٠٩"])
def test_a_number_that_the_counter_does_not_write_is_not_ours(number):
    saved(f"{PATIENTS}\n{number},Smith,Ann,1980-01-31\n")
    assert [*Patient.objects.values_list("record_number", flat=True)] == ["P-000001"]
    assert ImportedRecord.objects.get().number == number


def test_registration_goes_on_after_an_imported_number():
    saved(f"{PATIENTS}\nP-000001,Jones,Bob,1980-01-31\nP-999999999,Smith,Ann,1980-01-31\n")
    assert PatientFactory().record_number == "P-1000000000"


def test_a_number_beyond_the_counter_stops_nobody():
    """One that came in before such numbers were refused."""
    strange, first = PatientFactory.create_batch(2)
    Patient.objects.filter(pk=strange.pk).update(record_number="P-3000000000")
    Patient.objects.filter(pk=first.pk).update(record_number="P-000003")
    assert PatientFactory().record_number == "P-000004"


def test_no_known_allergies_are_no_allergy():
    saved(f"{PATIENTS},allergies\n,Smith,Ann,1980-01-31,none\n,Lee,Ida,1981-01-31,Latex\n")
    found = Patient.objects.order_by("pk").values_list("any_allergies", "allergies")
    assert [*found] == [(False, ""), (True, "Latex")]


def test_each_problem_is_told_by_row_and_column():
    rows = ",Smith,Ann,30/02/1980\n,,Bob,31/01/1975\n,A\u202eB,Cy,31/01/2099\n"
    batch = checked(f"{PATIENTS},email\n{rows.replace(chr(10), ',no mail' + chr(10))}")
    assert problems(batch) == [
        (2, "date_of_birth", "“30/02/1980” is no day: that month has no day 30."),
        (2, "email", "Enter a valid email address."),
        (3, "email", "Enter a valid email address."),
        (4, "family_name", "Character 2 is invisible (U+202E). Type this again."),
        (4, "date_of_birth", "The date of birth is in the future."),
        (4, "email", "Enter a valid email address."),
    ]


def test_what_is_missing_or_too_long_is_told_in_words():
    rows = f",Smith,Ann,\n,,,1980-01-31\n,Lee,{'x' * 101},1980-01-31\n"
    assert problems(checked(f"{PATIENTS}\n{rows}")) == [
        (2, "date_of_birth", "Give the date of birth."),
        (3, "family_name", "Give the family name."),
        (4, "given_name", "This has 101 characters, and at most 100 are kept."),
    ]


def test_a_birthday_without_its_year_is_told():
    rows = "Ann Smith,5,3,\nIda Lee,,,\n"
    assert problems(checked(f"name,day of birth,month of birth,year of birth\n{rows}")) == [
        (2, "date of birth", "The birthday has no year."),
        (3, "date of birth", "Give the date of birth."),
    ]
    cards = "BEGIN:VCARD\nVERSION:3.0\nN:Lee;Ida\nBDAY:1604-03-05\nEND:VCARD\n"
    assert problems(checked(cards, "a.vcf")) == [(1, "date_of_birth", "The birthday has no year.")]


def test_a_birth_of_two_digits_is_never_taken_for_a_child_or_for_somebody_very_old():
    batch = checked(f"{PATIENTS}\n,Smith,Ann,17/04/20\n,Lee,Ida,17/04/80\n")
    assert problems(batch) == [
        (
            2,
            "date_of_birth",
            "“17/04/20” may be 17 Apr 1920 or 17 Apr 2020. Write the year in four digits.",
        )
    ]


def test_nothing_is_saved_while_a_row_has_a_problem_unless_it_is_left_out():
    batch = checked(f"{PATIENTS}\n,Smith,Ann,1980-01-31\n,Jones,Bob,\n")
    with pytest.raises(ValidationError, match="1 row has a problem"):
        saving.save(batch, by=batch.made_by)
    assert Patient.objects.count() == 0
    saving.save(batch, by=batch.made_by, leaves_out=True)
    assert Patient.objects.get().family_name == "Smith"


def test_dates_that_may_be_read_in_two_ways_are_asked_with_what_each_would_mean():
    batch = staged(f"{PATIENTS}\n,Smith,Ann,03/04/1980\n")
    with pytest.raises(UnclearColumnsError) as asked:
        checking.check(batch, by=batch.made_by)
    [question] = asked.value.questions
    assert (question.key, question.examples) == (
        "date_of_birth",
        {"day": ["03/04/1980: 3 Apr 1980"], "month": ["03/04/1980: 4 Mar 1980"]},
    )
    batch.orders = {"date_of_birth": "month"}
    batch.save()
    saving.save(checking.check(batch, by=batch.made_by), by=batch.made_by)
    assert Patient.objects.get().date_of_birth == date(1980, 3, 4)


@pytest.mark.parametrize(
    ("answer", "births"),
    [
        ("kept", [date(1980, 3, 4), date(1979, 12, 25)]),
        ("swapped", [date(1980, 4, 3), date(1979, 12, 25)]),
    ],
)
def test_dates_that_a_spreadsheet_made_of_texts_are_asked_about(answer, births):
    rows = (
        ("first name", "surname", "dob"),
        ("A", "B", date(1980, 3, 4)),
        ("C", "D", "25/12/1979"),
    )
    batch = staged(workbook(*rows), "clients.xlsx")
    with pytest.raises(UnclearColumnsError) as asked:
        checking.check(batch, by=batch.made_by)
    [question] = asked.value.questions
    assert question.examples == {
        "kept": ["4 Mar 1980: 4 Mar 1980", "25/12/1979: 25 Dec 1979"],
        "swapped": ["4 Mar 1980: 3 Apr 1980", "25/12/1979: 25 Dec 1979"],
    }
    # The order of texts, which a command may say of all columns, answers nothing of dates.
    batch.orders = {"date_of_birth": "day"}
    with pytest.raises(UnclearColumnsError):
        checking.check(batch, by=batch.made_by)
    batch.orders = {"date_of_birth": answer}
    batch.save()
    saving.save(checking.check(batch, by=batch.made_by), by=batch.made_by)
    assert [*Patient.objects.order_by("pk").values_list("date_of_birth", flat=True)] == births


def test_an_answer_never_overrules_what_a_column_shows_by_itself():
    batch = staged(f"{PATIENTS}\n,Smith,Ann,25/12/1980\n,Jones,Bob,03/04/1975\n")
    batch.orders = {"date_of_birth": "month"}
    batch.save()
    saving.save(checking.check(batch, by=batch.made_by), by=batch.made_by)
    assert [*Patient.objects.order_by("pk").values_list("date_of_birth", flat=True)] == [
        date(1980, 12, 25),
        date(1975, 4, 3),
    ]


@pytest.mark.parametrize(("written", "code"), [(r"\ud800", "D800"), (r"\u0000", "0000")])
def test_a_character_that_no_database_holds_is_told_by_row_and_column(written, code):
    text = (
        '{"resourceType": "Patient", "id": "1", "birthDate": "1980-01-31",'
        f' "name": [{{"family": "Sm{written}ith", "given": ["Ann"]}}]}}'
    )
    with pytest.raises(UnreadableFileError) as refusal:
        staged(text, "patients.json", format="fhir")
    words = f"Row 1, family_name holds a character that is none (U+{code})."
    assert (str(refusal.value), ImportBatch.objects.count()) == (words, 0)


def test_the_name_of_a_file_may_be_no_text():
    assert staged(f"{PATIENTS}\n,Smith,Ann,1980-01-31\n", "a\udcff.csv").file_name == "a\ufffd.csv"


def test_whoever_is_known_is_told_with_why():
    known = PatientFactory(
        family_name="Smith",
        given_name="Ann",
        date_of_birth=date(1980, 1, 31),
        phone="+44 20 7946 0001",
        email="Ann@example.com",
    )
    batch = checked(
        "family_name,given_name,date_of_birth,phone,email\n"
        "SMITH,Ann,1980-01-31,,\n"
        "Ann,Smith,1980-01-31,,\n"
        "Jones,Bob,1975-02-03,020 7946 0001,\n"
        "Brown,Cy,1975-02-03,,ann@EXAMPLE.com\n"
        "Green,Di,1980-01-31,,\n"
    )
    found = {row.number: row.candidates for row in batch.rows.order_by("number")}
    assert found == {
        2: [{"patient": known.pk, "why": ["name"]}],
        3: [{"patient": known.pk, "why": ["name"]}, {"row": 2, "why": ["name"]}],
        4: [{"patient": known.pk, "why": ["phone"]}],
        5: [{"patient": known.pk, "why": ["email"]}],
        6: [],
    }


@pytest.mark.parametrize(("decision", "made"), [("same", 1), ("another", 3), ("skip", 1)])
def test_the_same_patient_three_times_comes_in_as_was_said(decision, made):
    row = "Smith,Ann,1980-01-31\n"
    saved(f"family_name,given_name,date_of_birth\n{row * 3}", decision=decision)
    assert Patient.objects.count() == made


def test_nothing_is_saved_before_somebody_said_who_they_are():
    PatientFactory(family_name="Smith", given_name="Ann", date_of_birth=date(1980, 1, 31))
    batch = checked(f"{PATIENTS}\n,Smith,Ann,1980-01-31\n")
    with pytest.raises(ValidationError, match="Say who it is"):
        saving.save(batch, by=batch.made_by)
    assert Patient.objects.count() == 1


def test_the_same_person_keeps_their_record_as_it_is():
    known = PatientFactory(family_name="Smith", given_name="Ann", date_of_birth=date(1980, 1, 31))
    saved(f"{PATIENTS},phone\nX9,Smith,Ann,1980-01-31,020 7946 0001\n", decision="same")
    assert Patient.objects.get().phone == known.phone == ""
    assert [*ImportedRecord.objects.values_list("key", "number", "is_new")] == [
        (known.pk, "X9", False)
    ]


def test_a_file_that_came_in_is_refused_with_the_earlier_import_named():
    text = f"{PATIENTS}\n,Smith,Ann,1980-01-31\n"
    batch = saved(text)
    with pytest.raises(ValidationError, match=f"imported already: import {batch.pk}"):
        staged(text, "another name.csv")
    assert ImportBatch.objects.count() == 1


def test_a_save_that_fails_saves_nothing(monkeypatch):
    batch = checked(f"{PATIENTS}\n,Smith,Ann,1980-01-31\n")
    monkeypatch.setattr(
        "consultations.exchange.imports.keeping.Keeper.note", lambda *args, **kwargs: 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        saving.save(batch, by=batch.made_by)
    batch.refresh_from_db()
    assert (Patient.objects.count(), batch.state, batch.rows.count()) == (0, "checked", 1)


def test_a_check_that_was_ended_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(checking, "AT_ONCE", 2)
    names = "".join(f",Family{chr(97 + n)},Ann,1980-01-{n + 1:02}\n" for n in range(5))
    batch = staged(f"{PATIENTS}\n{names}")
    checking.check(batch, by=batch.made_by, most=2)
    assert batch.rows.filter(is_checked=True).count() == 2
    pieces = []
    batch = checking.check(batch, by=batch.made_by, step=pieces.append)
    assert (pieces, batch.state) == ([2, 1], "checked")


def test_columns_that_somebody_took_for_others_meanwhile_are_checked_anew(monkeypatch):
    text = f"{PATIENTS}\n,Smith,Ann,1980-01-31\n,Jones,Bob,1975-02-03\n"
    batch, compare = staged(text), checking._compare

    def then(found, by):
        mapping = ["", "given_name", "family_name", "date_of_birth"]
        staging.change_mapping(found, target="patients", mapping=mapping, orders={})
        compare(found, by)

    monkeypatch.setattr(checking, "_compare", then)
    with pytest.raises(ValidationError, match="took the columns for others"):
        checking.check(batch, by=batch.made_by)
    monkeypatch.undo()
    batch.refresh_from_db()
    assert (batch.state, batch.rows.filter(is_checked=True).count()) == ("read", 0)
    checking.check(batch, by=batch.made_by)
    saving.save(batch, by=batch.made_by)
    assert Patient.objects.filter(family_name="Ann").exists()


def test_how_long_others_wait_is_told_by_how_long_the_check_took():
    batch = checked(f"{PATIENTS}\n,Smith,Ann,1980-01-31\n")
    assert 0 < batch.counts["seconds"] < 5
    batch.counts["seconds"] = 20
    assert saving.about_seconds(batch) == 51


def test_cards_are_no_file_of_ours():
    card = "BEGIN:VCARD\nVERSION:3.0\nN:Smith;Ann;;;\nFN:Ann Smith\nBDAY:1980-01-31\nEND:VCARD\n"
    assert (staged(card, "ann.vcf").format, staged(f"{PATIENTS}\n,a,b,c\n").format) == ("", "own")
