"""Text as people type it: folded for comparison, refused where it hides something."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consultations.models.text import (
    bare_mail,
    day_in_words,
    digits,
    folded,
    no_invisible_characters,
    some_digits,
    some_letter_or_digit,
    spellings,
)
from consultations.rules.calendar import in_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("José", "jose"),
        ("Jose\u0301", "jose"),
        ("O'Connor", "oconnor"),
        ("O’Connor", "oconnor"),
        ("O´Connor", "oconnor"),
        ("O`Connor", "oconnor"),
        ("Oʻahu", "oahu"),
        ("Smith-Jones", "smith jones"),
        ("  St.  John ", "st john"),
        ("STRAUẞ", "strauss"),
        ("Wałęsa", "walesa"),
        ("Đặng", "dang"),
        ("Ægir Þór", "aegir thor"),
        ("Œuvre", "oeuvre"),
        ("Σίσυφος", "σισυφοσ"),
        ("نیک‌نام", "نیکنام"),
        ("ﬁnn", "finn"),
        ("Ａｎｎ", "ann"),
        ("a\u202eb", "ab"),
        ("O′Brien Sa‛id", "obrien said"),
        ("ג׳ורג׳", "גורג"),
        ("Ɲ Ƒ Ʉ Ǥ ȷ", "n f u g j"),
        ("عائشة مـــسؤول داوود", "عایشه مسول داود"),
    ],
)
def test_folded(text, expected):
    assert folded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Miller", {"miller"}),
        ("Müller", {"muller", "mueller"}),
        ("Mu\u0308ller", {"muller", "mueller"}),
        ("Đorđe", {"dorde", "djordje"}),
        ("Åkerström", {"akerstrom", "akerstroem", "aakerstrom", "aakerstroem"}),
        ("", {""}),
    ],
)
def test_spellings(text, expected):
    assert spellings(text) == expected


def test_spellings_stay_few():
    assert len(spellings("äöüåøđəŋ" * 20)) == 8


@pytest.mark.parametrize("text", ["José", "Đặng", "Σίσυφος", "İpek", "김민수", "שָׁלוֹם"])
def test_folded_again_is_the_same(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("+44 (0)20-79", "4402079"), ("٠١٢", "012"), ("Ext. five", ""), ("1²", "12")],
)
def test_digits(text, expected):
    assert digits(text) == expected


@pytest.mark.parametrize("text", ["", "Ann", "O'Connor", "محمد", "नि\u200dक", "a\u200cb", "王"])
def test_visible_text_is_accepted(text):
    assert no_invisible_characters(text) is None


@pytest.mark.parametrize("character", ["\u200b", "\u00ad", "\u202e", "\u2069", "\x1f", "\ue000"])
def test_invisible_text_is_refused(character):
    with pytest.raises(ValidationError) as told:
        no_invisible_characters(character)
    code = f"{ord(character):04X}"
    assert told.value.messages == [f"Character 1 is invisible (U+{code}). Type this again."]


@pytest.mark.parametrize("text", ["a", "7", "王", "- x", "٣"])
def test_some_letter_or_digit_is_enough(text):
    assert some_letter_or_digit(text) is None


@pytest.mark.parametrize("text", ["", " ", "-.'", "😀", "\u200d"])
def test_no_letter_or_digit_is_refused(text):
    with pytest.raises(ValidationError, match="Write at least one letter"):
        some_letter_or_digit(text)


@pytest.mark.parametrize(
    "text",
    [
        *("1234", "+44 (0)20 7946 0958", "12-34 ext. five", "٠١٢٣", "0958 x12", "0958x12"),
        *("0958ext12", "0958 ext.12", "tel:0958", "0958 (mum)", "1st 0958 / 2nd 0959", "0958 O'Lo"),
        *("0958 lo l", "h0958 l", "0958 Ioli"),
    ],
)
def test_four_digits_are_enough(text):
    assert some_digits(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *[("9OO 1234", "9OO"), ("+44 2O 7946", "2O"), ("O2o-1234", "O2o"), ("0161 OO 1234", "OO")],
        *[("(l61) 1234", "l61"), ("1234 I2", "I2"), ("1234О", "1234О")],
    ],
)
def test_letter_in_the_place_of_a_digit_is_refused(text, word):
    with pytest.raises(ValidationError) as told:
        some_digits(text)
    assert told.value.messages == [
        f"“{word}” has a letter that looks like a digit. Write 0 for O and 1 for l."
    ]


@pytest.mark.parametrize("text", ["", "123", "ext. five", "+ () -", "٠١٢"])
def test_fewer_than_four_digits_are_refused(text):
    with pytest.raises(ValidationError) as told:
        some_digits(text)
    assert told.value.messages == ["Write the number in digits."]


@pytest.mark.parametrize(
    "text",
    [
        *("a.b@c.example", "mailto:a.b@c.example", "MAILTO:a.b@c.example?subject=a"),
        *("a.b@c.example.", " a.b@c.example; ", "(a.b@c.example)", "<a.b@c.example>"),
        *("Ann B. <a.b@c.example>", "<mailto:a.b@c.example>."),
    ],
)
def test_mail_is_what_its_address_is(text):
    assert bare_mail(text) == "a.b@c.example"


@pytest.mark.parametrize("text", ["a?b@c.example", "a@b@c", "mailto", "a b@c.example"])
def test_mail_that_is_something_else_stays(text):
    assert bare_mail(text) == text


def test_pages_and_findings_say_a_day_alike():
    days = [date(2026, month, 3) for month in range(1, 13)]
    assert [day_in_words(day) for day in days] == [in_words(day) for day in days]
