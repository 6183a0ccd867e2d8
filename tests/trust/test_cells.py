"""What stands in a table for spreadsheets is never calculated."""

import pytest

from consultations.trust.cells import cell

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize("start", STARTS)
def test_formula_is_text(start):
    assert cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(("value", "said"), [(None, ""), (0, "0"), (-5, "'-5"), ("a=1", "a=1")])
def test_anything_else_stands_as_it_is(value, said):
    assert cell(value) == said
