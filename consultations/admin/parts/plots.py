"""Plots as coordinates: what a template needs to draw one as SVG. Numbers stand beside every mark,
and in a table, so that nothing is told by colour or height alone."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultations.models.text import day_in_words

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


# Lines against the number of a session: two panels under one another, one scale of x.

PANEL_HEIGHT = 64
PANEL_GAP = 42
LEFT = 26
RIGHT = 18
MOST_TICKS = 11


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    value: str
    shows_value: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """One panel: its name, its ticks as pairs of a place and a word, and its points."""

    label: str
    shape: str
    label_y: float
    base: float
    ticks: tuple
    points: tuple[Point, ...]

    @property
    def line(self):
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True, slots=True)
class CoursePlot:
    """Laxity and satisfaction over a course, its assessment as session 0."""

    key: str
    title: str
    rows: tuple
    curves: tuple[Curve, ...]
    ticks: tuple
    height: float
    about: str = ""
    width: float = WIDTH
    is_empty: bool = False
    left: float = LEFT

    template = "admin/consultations/plots/lines.svg"

    @property
    def heads(self):
        return (_("Session"), _("Date"), *(curve.label for curve in self.curves))

    @property
    def in_words(self):
        return " ".join(
            f"{curve.label}: {', '.join(point.value for point in curve.points)}."
            for curve in self.curves
        )

    @property
    def right(self):
        return WIDTH - RIGHT


def course_plot(course):
    """Plot laxity and satisfaction over a course; None if there is no line to draw."""
    steps = _steps(course)
    last = max(course.progress.planned, len(course.numbered))
    asked = (
        (_("Laxity grade, 0–4"), "circle", 2, 4, (0, 2, 4)),
        (_("Satisfaction, 0–10"), "square", 3, 10, (0, 5, 10)),
    )
    told = [one for one in asked if sum(step[one[2]] is not None for step in steps) > 1]
    if not told:
        return None
    curves = tuple(_curve(steps, last, place, *one) for place, one in enumerate(told))
    columns = [column for _label, _shape, column, _top, _ticks in told]
    every = -(-last // (MOST_TICKS - 1)) or 1
    return CoursePlot(
        key=f"course-{course.area}",
        title=_("%(area)s, session by session") % {"area": course.label},
        rows=tuple(
            (step[0], (day_in_words(step[1]), *(_plain(step[column]) for column in columns)))
            for step in steps
        ),
        curves=curves,
        ticks=tuple((_x(number, last), number) for number in range(0, last + 1, every)),
        height=len(curves) * (PANEL_HEIGHT + PANEL_GAP) + 16,
    )


def _steps(course):
    """Return (number, day, grade, satisfaction) of the assessment and of each session done."""
    assessment = course.plan.assessment
    first = (0, assessment.consultation.consulted_on, assessment.grade, None)
    sessions = enumerate(course.numbered, start=1)
    return [
        first,
        *((number, one.performed_on, one.grade, one.satisfaction) for number, one in sessions),
    ]


def _curve(steps, last, place, label, shape, column, top, ticks):
    base = (place + 1) * (PANEL_HEIGHT + PANEL_GAP) - 6

    def height_of(value):
        return _rounded(base - PANEL_HEIGHT * float(value) / top)

    known = [step for step in steps if step[column] is not None]
    points = tuple(
        Point(
            x=_x(step[0], last),
            y=height_of(step[column]),
            value=_plain(step[column]),
            shows_value=len(known) < MOST_TICKS or step in (known[0], known[-1]),
        )
        for step in known
    )
    return Curve(
        label=label,
        shape=shape,
        label_y=base - PANEL_HEIGHT - 20,
        base=base,
        ticks=tuple((height_of(tick), tick) for tick in ticks),
        points=points,
    )


def _x(number, last):
    return _rounded(LEFT + 8 + (WIDTH - LEFT - RIGHT - 8) * number / max(last, 1))


def _plain(value):
    """A number without the zeros that only the database needs."""
    return "–" if value is None else f"{float(value):g}"


def _rounded(number):
    return round(number, 1)
