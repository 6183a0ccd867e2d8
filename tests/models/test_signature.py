"""A drawn signature: enough of it, within its sheet, and drawn again from its points."""

import pytest
from django.core.exceptions import ValidationError

from consultations.models.signature import as_svg, check_drawing

LINE = [[[10 * n, 100, 20 * n] for n in range(20)]]


def test_line_across_the_sheet_is_taken():
    check_drawing(LINE)


@pytest.mark.parametrize(
    ("strokes", "told"),
    [
        ([], "Please sign in the box"),
        ([[[500, 150, 0]]], "Please sign in the box"),
        ([[[n, 100, n] for n in range(20)]], "Please sign in the box"),
        ([[[0, 0, 0], [900, 0, 9]]], "Please sign in the box"),
        (LINE * 251, "too long"),
        ("text", "could not be read"),
        ([[[1001, 0, 0]]], "could not be read"),
        ([[[0, 301, 0]]], "could not be read"),
        ([[[0, -1, 0]]], "could not be read"),
        ([[[0.5, 0, 0]]], "could not be read"),
        ([[[True, 0, 0]]], "could not be read"),
        ([[[0, 0]]], "could not be read"),
        ([{"x": 1}], "could not be read"),
        (None, "could not be read"),
    ],
)
def test_no_signature(strokes, told):
    with pytest.raises(ValidationError, match=told):
        check_drawing(strokes)


def test_picture_holds_every_stroke():
    svg = as_svg([[[1, 2, 0], [3, 4, 5]], [[7, 8, 9]]])
    assert 'viewBox="0 0 1000 300"' in svg
    assert 'd="M1 2 L3 4 M7 8 L7 8"' in svg
