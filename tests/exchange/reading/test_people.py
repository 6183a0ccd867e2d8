"""A patient put together from the parts that other systems keep apart."""

from datetime import date

import pytest

from consultations.exchange.reading.people import patient_values


def test_a_patient_of_another_system_is_put_together():
    values, errors = patient_values(
        {
            "given_name": "Ada",
            "middle_name": "Augusta",
            "family_name": "Lovelace",
            "preferred_name": "Addie",
            "date_of_birth": "05/03/1980",
            "sex": "F",
            "mobile_phone": "07700 900001",
            "home_phone": "020 7946 0000",
            "work_phone": "020 7946 0001",
            "email": "ada@example.com ::: other@example.com",
            "address_1": "1 Example Street",
            "city": "London",
            "postcode": "N1 1AA",
            "region": "Greater London",
            "country": "UK",
            "medical_notes": "Sunburns",
        },
        {"date_of_birth": "day"},
    )
    assert errors == {}
    assert values == {
        "family_name": "Lovelace",
        "given_name": "Ada Augusta",
        "date_of_birth": date(1980, 3, 5),
        "sex": "female",
        "phone": "07700 900001 / 020 7946 0000",
        "email": "ada@example.com",
        "address": "1 Example Street\nLondon N1 1AA\nGreater London\nUK",
        "medical_notes": (
            "Sunburns\nKnown as: Addie\nPhone: 020 7946 0001\nE-mail: other@example.com"
        ),
    }


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ({"full_name": "Lovelace, Ada"}, ("Lovelace", "Ada")),
        ({"full_name": "Ada Lovelace"}, ("Lovelace", "Ada")),
        ({"given_name": "Sukarno"}, ("Sukarno", "")),
        ({"family_name": "Sukarno"}, ("Sukarno", "")),
        ({}, ("", "")),
        # One part has a column of its own: the whole name gives the other.
        ({"full_name": "Schmidt", "given_name": "Anna"}, ("Schmidt", "Anna")),
        ({"full_name": "Ann", "family_name": "Smith"}, ("Smith", "Ann")),
        ({"full_name": "Ann Smith", "given_name": "ann"}, ("Smith", "ann")),
        ({"full_name": "Ann Smith", "family_name": "Smith"}, ("Smith", "Ann")),
        ({"full_name": "Ana García López", "given_name": "Ana"}, ("García López", "Ana")),
        ({"full_name": "Smith, Ann Mary", "given_name": "Ann"}, ("Smith", "Ann")),
        ({"full_name": "Sukarno", "given_name": "Sukarno"}, ("Sukarno", "")),
        (
            {"full_name": "Ann Mary Smith", "given_name": "Ann", "middle_name": "Mary"},
            ("Smith", "Ann Mary"),
        ),
        (
            {"full_name": "Ann Mary Smith", "middle_name": "Mary"},
            ("Smith", "Ann Mary"),
        ),
    ],
)
def test_names(cells, names):
    values, _errors = patient_values(cells)
    assert (values["family_name"], values["given_name"]) == names


@pytest.mark.parametrize(
    ("born", "why"),
    [
        *((born, "The birthday has no year.") for born in ("--03-05", "--0305", "1604-03-05")),
        *(
            (born, f"“{born}” is not a whole date, and no birth date.")
            for born in ("---05", "1980", "1980-03")
        ),
    ],
)
def test_a_birthday_that_is_no_whole_date_is_a_note(born, why):
    values, errors = patient_values({"date_of_birth": born})
    assert values["date_of_birth"] is None
    assert values["medical_notes"] == f"Birthday, not a whole date: {born}"
    assert errors == {"date_of_birth": why}


@pytest.mark.parametrize(
    ("year", "born", "notes"),
    [("1980", date(1980, 3, 5), None), ("", None, "Birthday: 5 3")],
)
def test_a_birthday_in_three_columns(year, born, notes):
    values, errors = patient_values({"birth_day": "5", "birth_month": "3", "birth_year": year})
    assert (values["date_of_birth"], values.get("medical_notes"), errors) == (born, notes, {})


def test_errors_are_told_by_field():
    _values, errors = patient_values(
        {
            "family_name": "Lovelace",
            "date_of_birth": "30/02/1980",
            "mobile_phone": "4.4E+11",
            "keloid_history": "perhaps",
        },
        {"date_of_birth": "day"},
    )
    assert errors == {
        "keloid_history": "“perhaps” is neither yes nor no.",
        "date_of_birth": "“30/02/1980” is no day: that month has no day 30.",
        "mobile_phone": "“4.4E+11” is a number that a spreadsheet program has shortened.",
    }


@pytest.mark.parametrize(
    ("text", "answer", "names", "notes"),
    [
        ("", None, "", None),
        ("none", False, "", None),
        ("No known allergies.", False, "", None),
        ("NKA", False, "", None),
        ("keine", False, "", None),
        ("Aucune allergie connue", False, "", None),
        ("Ninguna", False, "", None),
        ("no; NKDA", False, "", None),
        # Of all but medicines nobody was asked.
        ("NKDA", None, "", "Allergies: NKDA"),
        ("unknown", None, "", None),
        ("-", None, "", None),
        ("Yes", True, "", None),
        ("Allergies, not named", True, "", None),
        ("Penicillin, none else", True, "Penicillin, none else", None),
        ("None but penicillin", True, "None but penicillin", None),
    ],
)
def test_none_is_an_answer_and_no_allergy(text, answer, names, notes):
    values, errors = patient_values({"allergies": text})
    assert (values.get("any_allergies"), values["allergies"], values.get("medical_notes")) == (
        answer,
        names,
        notes,
    )
    assert errors == {}


def test_two_columns_that_deny_each_other_are_refused():
    _values, errors = patient_values({"any_allergies": "yes", "allergies": "none"})
    assert errors == {
        "allergies": "“none” says that there are none, another column that there are some."
    }


def test_a_part_of_a_birthday_that_cannot_be_read_is_told_by_its_column():
    _values, errors = patient_values({"birth_month": "2", "birth_day": "30", "birth_year": "1980"})
    assert errors == {"birth_day": "“30/2/1980” is no day: that month has no day 30."}


def test_a_second_phone_and_email_are_kept():
    values, _errors = patient_values(
        {
            "phone": "020 7946 0001",
            "other_phone": "020 7946 0002",
            "email": "ann@example.com",
            "other_email": "a@example.com ::: b@example.com",
        }
    )
    assert (values["phone"], values["email"], values["medical_notes"]) == (
        "020 7946 0001 / 020 7946 0002",
        "ann@example.com",
        "E-mail: a@example.com\nE-mail: b@example.com",
    )


def test_a_blank_answer_is_not_asked():
    values, _errors = patient_values({"keloid_history": "", "any_allergies": "no", "sex": ""})
    assert (values["keloid_history"], values["any_allergies"], values["sex"]) == (
        None,
        False,
        "unknown",
    )
