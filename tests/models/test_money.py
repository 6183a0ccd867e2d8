"""Amounts: rounded once, shown with the digits of their currency, and read strictly."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from consultations.models import TreatmentPlan
from consultations.models.money import (
    CURRENCIES,
    DIGITS,
    amount_from,
    as_typed,
    in_words,
    rounded,
    shortest,
)
from tests.factories import PlanFactory


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        # Half up, where Babel and Python would round to the even neighbour.
        ("0.125", "GBP", "0.13"),
        ("-0.125", "GBP", "-0.13"),
        ("0.115", "GBP", "0.12"),
        ("2.5", "JPY", "3"),
        ("1.2345", "KWD", "1.235"),
        ("1234.5", "HUF", "1234.50"),
        # A refund of half of 19.99 is what the charge of half is.
        ("9.995", "EUR", "10.00"),
        ("-9.995", "EUR", "-10.00"),
    ],
)
def test_halves_are_rounded_up(amount, currency, expected):
    assert str(rounded(Decimal(amount), currency)) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1234.5", "GBP", "£1,234.50"),
        ("-40", "GBP", "−£40.00"),
        ("0", "EUR", "€0.00"),
        ("-0.001", "GBP", "£0.00"),
        ("1234", "JPY", "¥1,234"),
        ("1.25", "KWD", "KWD\u00a01.250"),
        # What is in circulation has no decimals; what was stored has.
        ("990", "HUF", "HUF\u00a0990.00"),
        ("1234567.89", "CHF", "CHF\u00a01,234,567.89"),
    ],
)
def test_amounts_are_shown_with_the_digits_that_are_stored(amount, currency, expected):
    assert in_words(Decimal(amount), currency) == expected


@pytest.mark.parametrize(
    ("typed", "currency", "expected"),
    [
        ("120", "GBP", "120"),
        (" 99.50 ", "GBP", "99.50"),
        ("99,5", "GBP", "99.5"),
        ("£99.50", "GBP", "99.50"),
        ("99.50 GBP", "GBP", "99.50"),
        ("1,234.50", "GBP", "1234.50"),
        ("1.234,50", "EUR", "1234.50"),
        ("1 234,50", "EUR", "1234.50"),
        ("1\u202f234,50", "EUR", "1234.50"),
        ("1\u00a0234\u00a0567,5", "EUR", "1234567.5"),
        ("1\u2019234.50", "CHF", "1234.50"),
        ("1'234", "CHF", "1234"),
        ("1,234,567", "USD", "1234567"),
        ("\u221240.00", "GBP", "-40.00"),
        ("−£40", "GBP", "-40"),
        ("١٢٠", "KWD", "120"),
        ("١٬٢٣٤٫٥", "KWD", "1234.5"),
        ("1.250", "KWD", "1.250"),
        ("1500", "JPY", "1500"),
        ("9999999999", "IRR", "9999999999"),
        ("1,500", "GBP", "1500"),
        ("10,000", "JPY", "10000"),
    ],
)
def test_amounts_are_read_as_they_are_meant(typed, currency, expected):
    assert amount_from(typed, currency) == Decimal(expected)


NO_AMOUNT = "Type an amount in digits, such as 120 or 99.50."


@pytest.mark.parametrize(
    ("typed", "currency", "words"),
    [
        ("NaN", "GBP", NO_AMOUNT),
        ("Infinity", "GBP", NO_AMOUNT),
        ("1e5", "GBP", NO_AMOUNT),
        ("1_000", "GBP", NO_AMOUNT),
        ("1,23,456.00", "GBP", NO_AMOUNT),
        ("12 34", "GBP", NO_AMOUNT),
        ("1.2.3", "GBP", NO_AMOUNT),
        ("1,2,3", "GBP", NO_AMOUNT),
        ("1,234,567.891,2", "GBP", NO_AMOUNT),
        ("--5", "GBP", NO_AMOUNT),
        ("+5", "GBP", NO_AMOUNT),
        ("5-", "GBP", NO_AMOUNT),
        (".", "GBP", NO_AMOUNT),
        ("½", "GBP", NO_AMOUNT),
        ("²", "GBP", NO_AMOUNT),
        ("0x1F", "GBP", NO_AMOUNT),
        ("€5", "GBP", NO_AMOUNT),
        ("five", "GBP", NO_AMOUNT),
        ("1,500", "KWD", "1,500 can be read in two ways. Type 1500 or 1.5."),
        ("10,000", "KWD", "10,000 can be read in two ways. Type 10000 or 10."),
        ("1.500", "GBP", "GBP has at most 2 decimals."),
        ("0.001", "GBP", "GBP has at most 2 decimals."),
        ("1.2345", "KWD", "KWD has at most 3 decimals."),
        ("150.00", "JPY", "JPY has no decimals."),
        ("10000000000", "GBP", "This is too much money."),
        ("1000000000000", "GBP", "This is too much money."),
        ("9" * 5000, "GBP", "This is too much money."),
    ],
)
def test_what_is_no_amount_is_refused(typed, currency, words):
    with pytest.raises(ValidationError) as refused:
        amount_from(typed, currency)
    assert refused.value.messages == [words]


@pytest.mark.parametrize("currency", DIGITS)
def test_what_is_shown_in_a_form_is_read_as_the_same(currency):
    amount = rounded(Decimal("1234567.8915"), currency)
    assert amount_from(as_typed(amount, currency), currency) == amount
    assert amount_from(in_words(amount, currency), currency) == amount


def test_currencies_have_the_digits_of_iso_4217():
    assert len(CURRENCIES) == len(DIGITS) == 155
    named = {one: DIGITS[one] for one in ("GBP", "JPY", "KWD", "HUF", "MRU", "MGA", "COP", "IQD")}
    assert named == {
        **{"GBP": 2, "JPY": 0, "KWD": 3, "HUF": 2},
        **{"MRU": 2, "MGA": 2, "COP": 2, "IQD": 3},
    }


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("90", "90.00"), ("90.5000", "90.50"), ("1.2500", "1.25"), ("1.2340", "1.234")],
)
def test_amounts_are_stored_in_one_form(amount, expected):
    assert str(shortest(Decimal(amount))) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["90.00", "120.50", "0.00", "1.234", "999999.99"])
def test_prices_are_read_as_they_were_before_they_could_have_four_decimals(amount):
    """Seals are taken over what is read."""
    plan = PlanFactory(price_per_session=Decimal(amount))
    read = TreatmentPlan.objects.values_list("price_per_session", flat=True).get(pk=plan.pk)
    of_history = plan.history.values_list("price_per_session", flat=True).get()
    assert [str(read), str(of_history)] == [amount, amount]
    assert connection.vendor in {"sqlite", "postgresql"}
