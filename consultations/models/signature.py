"""A drawn signature: kept as its points, drawn from them wherever it is shown.

A drawing is a list of strokes, a stroke a list of [x, y, milliseconds]. All three are whole
numbers: x from 0 to WIDTH and y from 0 to HEIGHT, whatever the size of the screen it was drawn on.
"""

from itertools import pairwise
from math import hypot

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 1000, 300
MOST_POINTS = 5000
LONGEST = 10 * 60 * 1000  # milliseconds
# A tap or a dash is no signature.
FEWEST_POINTS, SHORTEST = 8, 150


def check_drawing(strokes):
    """Raise ValidationError for what is no drawing, or too little of one to be a signature."""
    if not _is_drawing(strokes):
        raise ValidationError(_("The drawing could not be read. Please sign again."))
    points = sum(len(stroke) for stroke in strokes)
    if points > MOST_POINTS:
        raise ValidationError(_("The drawing is too long. Please sign again."))
    if points < FEWEST_POINTS or _length(strokes) < SHORTEST:
        raise ValidationError(_("Please sign in the box, or sign by your typed name."))


def _is_drawing(strokes):
    return isinstance(strokes, list) and all(
        isinstance(stroke, list) and all(map(_is_point, stroke)) for stroke in strokes
    )


def _is_point(point):
    if not isinstance(point, list) or [type(one) for one in point] != [int, int, int]:
        return False
    x, y, moment = point
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT and 0 <= moment <= LONGEST


def _length(strokes):
    return sum(
        hypot(after[0] - before[0], after[1] - before[1])
        for stroke in strokes
        for before, after in pairwise(stroke)
    )


def as_svg(strokes):
    """Return the drawing as an SVG picture in black, a dot where a stroke is one point."""
    path = " ".join(_path(stroke) for stroke in strokes if stroke)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img">'
        "<title>{}</title>"
        '<path d="{}" fill="none" stroke="#000" stroke-width="4"'
        ' stroke-linecap="round" stroke-linejoin="round"/></svg>',
        WIDTH,
        HEIGHT,
        _("Signature"),
        path,
    )


def _path(stroke):
    (x, y, _moment), *others = stroke
    lines = [f"L{x} {y}" for x, y, _moment in others] or [f"L{x} {y}"]
    return " ".join([f"M{x} {y}", *lines])
