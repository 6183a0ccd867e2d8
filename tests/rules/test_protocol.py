"""The numbers of the rulebook that no single rule shows."""

from decimal import Decimal

import pytest

from consultations.rules import RULEBOOK, protocol
from consultations.vocabulary import Severity

from .builders import AB, AF, EVERY, NA, NF


def test_course_has_at_least_five_sessions():
    assert protocol.COURSE_SESSIONS == 5


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (protocol.MINIMUM_GAP_DAYS, {NA: 14, NF: 21, AF: 28, AB: 180}),
        (protocol.TAN_DAYS, {NA: 14, NF: 14, AF: 28, AB: 28}),
        (protocol.WATCH_ACTIVE_DAYS, {NF: 7, AF: 14, AB: 14}),
        (protocol.WATCH_EXTENDED_DAYS, {AF: 35, AB: 35}),
    ],
)
def test_days_per_laser_type(numbers, expected):
    assert numbers == expected


def test_grades_tell_the_severities_apart():
    assert protocol.LOWEST_GRADE == {Severity.MILD: 0, Severity.MODERATE: 2, Severity.SEVERE: 3}
    assert (protocol.BORDERLINE_GRADE, protocol.HIGHEST_GRADE) == (3, 4)


@pytest.mark.parametrize("laser", EVERY)
def test_usual_gap_is_never_below_the_minimum(laser):
    assert protocol.USUAL_GAP_DAYS[laser] >= protocol.MINIMUM_GAP_DAYS[laser]


def test_rulebook_has_a_version():
    assert RULEBOOK.strip() != ""


@pytest.mark.parametrize(
    ("grade", "severity"),
    [("0", "mild"), ("1.5", "mild"), ("2", "moderate"), ("2.5", "moderate"), ("3", "severe")],
)
def test_grade_means_its_severity(grade, severity):
    assert protocol.severity_of(Decimal(grade)) == severity
