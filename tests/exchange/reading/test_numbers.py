"""Numbers and amounts: comma or point by the whole column."""

from datetime import date
from decimal import Decimal

import pytest

from consultations.exchange.reading.cells import UnreadableValueError
from consultations.exchange.reading.numbers import (
    NumberStyle,
    decimals_of,
    parse_amount,
    parse_number,
)


@pytest.mark.parametrize(
    ("cells", "style"),
    [
        (["", "12", "1000"], NumberStyle("whole")),
        ([Decimal("12.5"), "7"], NumberStyle("whole")),
        (["1.234", "12,5"], NumberStyle("comma", ("1.234",))),
        (["1,234", "1,234.50"], NumberStyle("point", ("1,234",))),
        (["0.125"], NumberStyle("point")),
        (["1.234.567"], NumberStyle("comma")),
        (["1 234,50"], NumberStyle("comma")),
        (["1’234.50"], NumberStyle("point")),
        (["1.234", "2.345"], NumberStyle("ambiguous", ("1.234", "2.345"))),
        (["12,5", "12.5"], NumberStyle("ambiguous")),
        (["£1,234", "£12.50"], NumberStyle("point", ("£1,234",))),
    ],
)
def test_style_is_decided_by_the_whole_column(cells, style):
    assert decimals_of(cells) == style


@pytest.mark.parametrize(
    ("cell", "style", "number"),
    [
        ("", "point", None),
        ("12", "ambiguous", Decimal(12)),
        (Decimal("1.234"), "ambiguous", Decimal("1.234")),
        ("1.234", "point", Decimal("1.234")),
        ("1.234", "comma", Decimal(1234)),
        ("1.234", NumberStyle("comma"), Decimal(1234)),
        ("1.234,5", "comma", Decimal("1234.5")),
        ("1 234,5", "comma", Decimal("1234.5")),
        ("-1’234.50", "point", Decimal("-1234.50")),
        ("−3,5", "comma", Decimal("-3.5")),
        ("20 %", "point", Decimal(20)),
        ("12,5", "whole", Decimal("12.5")),
    ],
)
def test_numbers_are_read(cell, style, number):
    assert parse_number(cell, style) == number


@pytest.mark.parametrize(
    ("cell", "style", "why"),
    [
        (
            "1.234",
            "ambiguous",
            "“1.234” can be read in two ways: is the mark before decimals or thousands?",
        ),
        (
            "1,234",
            "whole",
            "“1,234” can be read in two ways: is the mark before decimals or thousands?",
        ),
        ("12.5", "comma", "“12.5” is no number."),
        ("1.2.3", "point", "“1.2.3” is no number."),
        ("about 5", "point", "“about 5” is no number."),
        ("1e5", "point", "“1e5” is no number."),
        ("9" * 41, "point", f"“{'9' * 41}” is no number."),
        (date(2026, 3, 5), "point", "“2026-03-05” is no number."),
        (True, "point", "“yes” is no number."),
    ],
)
def test_what_is_no_number_is_refused(cell, style, why):
    with pytest.raises(UnreadableValueError) as refused:
        parse_number(cell, style)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("cell", "style", "currency", "amount"),
    [
        ("", "point", "GBP", None),
        ("£1,234.50", "point", "GBP", Decimal("1234.50")),
        ("1.234,50 €", "comma", "EUR", Decimal("1234.50")),
        ("GBP 12", "point", "GBP", Decimal(12)),
        ("-£40.00", "point", "GBP", Decimal(-40)),
        ("(40.00)", "point", "GBP", Decimal(-40)),
        ("40.00-", "point", "GBP", Decimal(-40)),
        ("1200", "point", "JPY", Decimal(1200)),
        ("1.250", "point", "KWD", Decimal("1.250")),
        (Decimal("12.5"), "ambiguous", "GBP", Decimal("12.5")),
    ],
)
def test_amounts_are_read(cell, style, currency, amount):
    assert parse_amount(cell, style, currency) == amount


@pytest.mark.parametrize(
    ("cell", "currency", "why"),
    [
        ("$12", "GBP", "“$12” is no amount in GBP."),
        ("12 EUR", "GBP", "“12 EUR” is no amount in GBP."),
        ("free", "GBP", "“free” is no amount in GBP."),
        ("£" + "1" * 40, "GBP", f"“£{'1' * 40}” is no amount in GBP."),
        ("12.505", "GBP", "“12.505” has more decimals than GBP."),
        ("12.5", "JPY", "“12.5” has more decimals than JPY."),
    ],
)
def test_what_is_no_amount_is_refused(cell, currency, why):
    with pytest.raises(UnreadableValueError) as refused:
        parse_amount(cell, "point", currency)
    assert str(refused.value) == why
