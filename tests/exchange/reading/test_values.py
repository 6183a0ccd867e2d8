"""Cells that are words: yes and no, sexes, choices, phones; and cells as they are kept."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from consultations.exchange.reading.cells import from_json, several, text_of, to_json
from consultations.exchange.reading.days import DateOrder
from consultations.exchange.reading.fields import fields
from consultations.exchange.reading.tables import NoValue
from consultations.exchange.reading.values import (
    UnreadableValueError,
    decide,
    parse,
    parse_choice,
    parse_phone,
    parse_sex,
    parse_yes_no,
    sexes_of,
    split_name,
)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (
            ["yes", "Y", "x", "X", "TRUE", "t", "1", "✓", "Ja", "oui", "Sí", "si", "wahr", True],
            True,
        ),
        (["no", "N", "false", "F", "0", "Nein", "non", "falso", False], False),
        (["", " ", "unknown", "n/a", "NULL", "?", "-"], None),
    ],
)
def test_yes_and_no_are_said_in_many_ways(words, value):
    assert [parse_yes_no(word) for word in words] == [value] * len(words)


@pytest.mark.parametrize("word", ["maybe", "2", "yes no", "ye", "Female"])
def test_all_else_is_neither_yes_nor_no(word):
    with pytest.raises(UnreadableValueError, match=f"“{word}” is neither yes nor no"):
        parse_yes_no(word)


@pytest.mark.parametrize(
    ("column", "sexes"),
    [
        (["F", "F", ""], ["female", "female", "unknown"]),
        (["f", "m", "O", "U"], ["female", "male", "other", "unknown"]),
        (["Female", "UNK", "not asked"], ["female", "unknown", "unknown"]),
        (["H", "M"], ["male", "female"]),
        (["H", "F"], ["male", "female"]),
        (["V", "M"], ["male", "female"]),
        (["w", "M", "d"], ["female", "male", "other"]),
        (
            ["Female", "männlich", "Femme", "hombre", "Non-binary", "prefer not to say"],
            ["female", "male", "female", "male", "other", "unknown"],
        ),
    ],
)
def test_letters_for_a_sex_mean_what_their_column_says(column, sexes):
    words = sexes_of(column)
    assert [parse_sex(cell, words) for cell in column] == sexes


@pytest.mark.parametrize("column", [["H", "M", "F"], ["foo", "bar", "yes"]])
def test_what_no_word_says_is_refused(column):
    words = sexes_of(column)
    with pytest.raises(UnreadableValueError, match=f"“{column[1]}” is none of female"):
        parse_sex(column[1], words)


@pytest.mark.parametrize(
    ("target", "key", "words", "value"),
    [
        ("patients", "phototype", ["II", "ii", "2", "Type II", "Fitzpatrick 2"], "II"),
        ("appointments", "status", ["no_show", "No show", "DNA", "Missed", "missed"], "missed"),
        ("appointments", "status", ["Cancelled", "canceled", "abgesagt"], "cancelled"),
        ("appointments", "kind", ["Consultation", "consultation", "Beratung"], "consultation"),
        ("sessions", "area", ["Neck", "neck", "Hals", "cuello"], "neck"),
        ("sessions", "plan_status", ["Stopped", "stopped"], "stopped"),
        ("consultations", "severity", ["Mild", "leicht"], "mild"),
        ("lasers", "laser_type", ["Fully ablative", "ablative_full"], "ablative_full"),
        ("lasers", "laser_type", [""], ""),
        ("sessions", "laser_type", ["CO2 fractional", "Fractional Er:YAG"], "ablative_fractional"),
    ],
)
def test_choices_are_met_by_value_label_and_other_words(target, key, words, value):
    field = fields(target)[key]
    assert [parse_choice(word, field) for word in words] == [value] * len(words)


def test_what_is_no_choice_is_refused_with_the_choices():
    with pytest.raises(UnreadableValueError) as refused:
        parse_choice("ear", fields("sessions")["area"])
    assert str(refused.value) == "“ear” is none of: Face, Neck, Stomach, Arms, Legs."


def test_words_of_another_choice_are_none_of_this():
    """Plans have a status too, and none of an appointment's."""
    with pytest.raises(UnreadableValueError, match="“attended” is none of: Active"):
        parse_choice("attended", fields("sessions")["plan_status"])


def test_a_word_that_means_one_of_several_is_refused_with_them():
    with pytest.raises(UnreadableValueError) as refused:
        parse_choice("CO2", fields("sessions")["laser_type"])
    words = "“CO2” does not say which it is: Ablative fractional or Fully ablative."
    assert str(refused.value) == words


@pytest.mark.parametrize(
    "phone", ["+44 20 7946 0000", "(020) 7946-0000 x12", "7946 0000 (mum)", ""]
)
def test_phones_stay_as_typed(phone):
    assert parse_phone(phone) == phone


@pytest.mark.parametrize("phone", ["447700900971.0", "447700900971,00", "447700900971"])
def test_a_phone_that_was_kept_as_a_number_has_no_decimals(phone):
    assert parse_phone(phone) == "447700900971"


@pytest.mark.parametrize("phone", ["4.4163E+11", "4,4163E11"])
def test_a_phone_that_a_spreadsheet_shortened_is_refused(phone):
    with pytest.raises(UnreadableValueError, match="has shortened"):
        parse_phone(phone)


CELLS = (
    *("text", "", True, False, date(1980, 3, 5), datetime(2026, 3, 5, 14, 30), time(9, 5)),
    *(timedelta(hours=30, minutes=5), Decimal("12.50"), NoValue("#N/A", "an error")),
)


def test_cells_are_kept_as_json():
    assert tuple(from_json(to_json(cell)) for cell in CELLS) == CELLS


def test_cells_are_text_as_it_would_be_typed():
    assert [text_of(cell) for cell in CELLS[:-1]] == [
        *("text", "", "yes", "no", "1980-03-05", "2026-03-05 14:30", "09:05", "30:05", "12.50"),
    ]


def test_a_cell_without_a_value_is_refused_whatever_it_is_for():
    cell = NoValue("#N/A", "#N/A is an error of the spreadsheet.")
    for field in fields("sessions").values():
        with pytest.raises(UnreadableValueError, match="#N/A is an error"):
            parse(field, cell)


def test_blank_cells_are_no_answer():
    assert {parse(field, "") for field in fields("sessions").values()} == {None, ""}
    assert parse(fields("patients")["keloid_history"], "") is None


def test_a_column_decides_for_its_cells():
    known = fields("consultations")
    days, weights = ["05/03/2026", "17/03/2026"], ["70,5", "1.234"]
    assert decide(known["consulted_on"], days) == DateOrder("day", examples=tuple(days))
    assert parse(known["consulted_on"], days[0], decide(known["consulted_on"], days)) == date(
        2026, 3, 5
    )
    assert parse(known["weight_kg"], weights[0], decide(known["weight_kg"], weights)) == Decimal(
        "70.5"
    )
    assert decide(known["notes"], ["x"]) is None


def test_several_values_stand_in_one_cell():
    assert several("a@example.com ::: b@example.com\n c") == [
        "a@example.com",
        "b@example.com",
        "c",
    ]


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("Lovelace, Ada Augusta", ("Lovelace", "Ada Augusta")),
        ("Ada  Augusta Lovelace", ("Lovelace", "Ada Augusta")),
        ("Sukarno", ("Sukarno", "")),
        ("", ("", "")),
    ],
)
def test_a_whole_name_has_its_parts(whole, parts):
    assert split_name(whole) == parts


def test_a_number_of_a_patient_that_was_kept_with_decimals_is_whole():
    known = fields("sessions")["other_number"]
    assert [parse(known, one) for one in ("17.0", "V1.0", "1.05")] == ["17", "V1.0", "1.05"]
