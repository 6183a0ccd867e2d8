"""Plots: where every mark stands, and that numbers say it too."""

from datetime import date

import pytest

from consultations.admin.parts.plots import WIDTH, bars, columns, course_plot
from consultations.summaries.chart import chart_of
from tests.factories import PlanFactory, SessionFactory

PAIRS = [("Wait", 2), ("Refer", 8), ("Laser", 0)]


def test_bars_are_as_long_as_their_numbers():
    plot = bars("key", "Title", "About.", PAIRS)
    wait, refer, laser = plot.marks
    assert refer.width == 4 * wait.width
    assert refer.value_x <= WIDTH - 20
    assert laser.width == 1
    assert plot.in_words == "About. Wait: 2, Refer: 8, Laser: 0."
    assert plot.rows == [("Wait", (2,)), ("Refer", (8,)), ("Laser", (0,))]


def test_columns_stand_on_one_line():
    plot = columns("key", "Title", "About.", PAIRS)
    assert {mark.y + mark.height for mark in plot.marks} == {plot.base}
    assert plot.marks[1].height > plot.marks[0].height


def test_the_last_column_is_always_named():
    plot = columns("key", "Title", "", [(str(number), 1) for number in range(12)])
    assert [mark.label for mark in plot.marks if mark.shows_label] == ["2", "5", "8", "11"]


@pytest.mark.parametrize("draw", [bars, columns])
@pytest.mark.parametrize("pairs", [[], [("Wait", 0)]])
def test_nothing_to_draw_is_said(draw, pairs):
    assert draw("key", "Title", "About.", pairs).is_empty


def plot_of(plan):
    [course] = chart_of(plan.patient).courses
    return course_plot(course)


@pytest.mark.django_db
def test_a_course_begins_with_its_assessment():
    plan = PlanFactory(assessment__grade="1.5")
    SessionFactory(plan=plan, grade="1.0", satisfaction=4)
    SessionFactory(plan=plan, satisfaction=8)
    plot = plot_of(plan)
    grade, satisfaction = plot.curves
    assert [point.value for point in grade.points] == ["1.5", "1"]
    assert [point.value for point in satisfaction.points] == ["4", "8"]
    assert (grade.shape, satisfaction.shape) == ("circle", "square")
    assert satisfaction.points[0].x == grade.points[1].x
    assert satisfaction.points[1].y < satisfaction.points[0].y
    assert plot.rows[2] == (2, ("28 Apr 2025", "–", "8"))


@pytest.mark.django_db
def test_one_grade_makes_no_line():
    plan = PlanFactory(assessment__grade="1.5")
    assert plot_of(plan) is None


@pytest.mark.django_db
def test_a_long_course_names_few_sessions_and_ends():
    plan = PlanFactory(planned_sessions=40)
    for number in range(20):
        SessionFactory(plan=plan, satisfaction=number % 10)
    plot = plot_of(plan)
    assert [tick for _x, tick in plot.ticks] == list(range(0, 41, 4))
    [curve] = plot.curves
    assert [point.shows_value for point in curve.points] == [True, *[False] * 18, True]
    assert max(point.x for point in curve.points) < WIDTH


@pytest.mark.django_db
def test_sessions_of_another_plan_are_another_course():
    old = PlanFactory(
        assessment__grade="1.5",
        assessment__consultation__consulted_on=date(2024, 1, 8),
        planned_sessions=1,
        short_course_reason="clinical_decision",
    )
    SessionFactory(plan=old, grade="1.0")
    PlanFactory(
        assessment__consultation__patient=old.patient,
        assessment__consultation__consulted_on=date(2025, 3, 3),
        assessment__grade="1.0",
    )
    assert plot_of(old) is None
