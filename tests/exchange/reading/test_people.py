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
    ],
)
def test_names(cells, names):
    values, _errors = patient_values(cells)
    assert (values["family_name"], values["given_name"]) == names


@pytest.mark.parametrize("born", ["--03-05", "--0305", "---05", "1980", "1980-03", "1604-03-05"])
def test_a_birthday_that_is_no_whole_date_is_a_note(born):
    values, errors = patient_values({"date_of_birth": born})
    assert values["date_of_birth"] is None
    assert values["medical_notes"] == f"Birthday, not a whole date: {born}"
    assert errors == {"date_of_birth": f"“{born}” is not a whole date, and no birth date."}


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
        "phone": "“4.4E+11” is a number that a spreadsheet program has shortened.",
    }


def test_a_blank_answer_is_not_asked():
    values, _errors = patient_values({"keloid_history": "", "any_allergies": "no", "sex": ""})
    assert (values["keloid_history"], values["any_allergies"], values["sex"]) == (
        None,
        False,
        "unknown",
    )
