"""Days as people type them: what is a birth date in a search."""

from datetime import date

import pytest

from consultations.models.days import parse_birth
from tests.admin.test_days import READ, REFUSED

TODAY = date(2026, 11, 28)
WITHOUT_YEAR = {"7/11", "7 nov", "7nov", "Saturday, 7 November", "9/1", "1/7"}
NO_BIRTH = {"071126", "Today", "yesterday", "tomorrow", "29/2/2028", *WITHOUT_YEAR}


def test_a_birth_is_read_as_the_field_reads_days():
    found = {text: parse_birth(text, TODAY) for text in (*READ, *REFUSED)}
    read = {text: day for text, day in found.items() if day}
    assert read == {text: day for text, day in READ.items() if text not in NO_BIRTH} | {
        "7/11/87": date(1987, 11, 7)
    }


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("28.11.26", date(2026, 11, 28)),
        ("29.11.26", date(1926, 11, 29)),
        ("29-Feb-28", date(1928, 2, 29)),
        ("17th of May, 80", date(1980, 5, 17)),
        ("1 Jan 1900", date(1900, 1, 1)),
    ],
)
def test_two_figures_are_the_latest_year_that_was(text, born):
    assert parse_birth(text, TODAY) == born


@pytest.mark.parametrize(
    "text",
    [
        *("31 Dec 1899", "29/11/2026", "29/2/27", "030/12 1980", "may", "born 17 May 1980"),
        *("Monica 17/05/1980", "Mary 17 1980", "17 may 198", "²/5/1980", "", "1" * 5000),
    ],
)
def test_what_is_no_birth_is_none(text):
    assert parse_birth(text, TODAY) is None
