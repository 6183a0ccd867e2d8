"""Plots as coordinates: what a template needs to draw one as SVG. Numbers stand beside every mark,
and in a table, so that nothing is told by colour or height alone."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

WIDTH = 300
ROW = 38
VALUES = 40
COLUMN_HEIGHT = 130
COLUMN_TOP = 16
GAP = 0.28


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: int
    x: float
    y: float
    width: float
    height: float
    label_x: float
    label_y: float
    value_x: float
    value_y: float
    shows_label: bool = True


@dataclass(frozen=True, slots=True)
class Plot:
    """`kind` names the template that draws it, `key` makes its ids unique on the page."""

    kind: str
    key: str
    title: str
    about: str
    width: float
    height: float
    marks: tuple

    @property
    def template(self):
        return f"admin/consultations/plots/{self.kind}.svg"

    @property
    def is_empty(self):
        return not any(mark.value for mark in self.marks)

    @property
    def heads(self):
        return ("", _("Count"))

    @property
    def rows(self):
        return [(mark.label, (mark.value,)) for mark in self.marks]

    @property
    def in_words(self):
        numbers = ", ".join(f"{mark.label}: {mark.value}" for mark in self.marks)
        return f"{self.about} {numbers}."

    @property
    def base(self):
        """Where columns stand."""
        return COLUMN_TOP + COLUMN_HEIGHT


def bars(key, title, about, pairs):
    """One bar a row, its name above it and its number behind."""
    longest = max((value for _name, value in pairs), default=0) or 1
    marks = []
    for place, (label, value) in enumerate(pairs):
        width, y = (WIDTH - VALUES) * value / longest, place * ROW
        marks.append(
            Bar(
                label=str(label),
                value=value,
                x=0,
                y=y + 18,
                width=_rounded(max(width, 1)),
                height=12,
                label_x=0,
                label_y=y + 12,
                value_x=_rounded(width + 7),
                value_y=y + 28,
            )
        )
    return Plot("bars", key, title, about, WIDTH, ROW * len(pairs), tuple(marks))


def columns(key, title, about, pairs, *, label_every=3):
    """One column a step of time, its number on top; every few have their name below."""
    highest = max((value for _name, value in pairs), default=0) or 1
    step = WIDTH / max(len(pairs), 1)
    top = COLUMN_TOP
    marks = []
    for place, (label, value) in enumerate(pairs):
        height = COLUMN_HEIGHT * value / highest
        x, y = step * (place + GAP / 2), top + COLUMN_HEIGHT - height
        middle = _rounded(step * (place + 0.5))
        marks.append(
            Bar(
                label=str(label),
                value=value,
                x=_rounded(x),
                y=_rounded(y),
                width=_rounded(step * (1 - GAP)),
                height=_rounded(height),
                label_x=middle,
                label_y=top + COLUMN_HEIGHT + 16,
                value_x=middle,
                value_y=_rounded(y - 4),
                shows_label=(len(pairs) - 1 - place) % label_every == 0,
            )
        )
    return Plot("columns", key, title, about, WIDTH, top + COLUMN_HEIGHT + 22, tuple(marks))


def _rounded(number):
    return round(number, 1)
