"""Severe laxity is a surgeon's work."""

from decimal import Decimal

import pytest

from consultations.rules.candidacy.laxity import borderline, severe
from consultations.vocabulary import Severity

from ..builders import CAUTION, EVERY, REFER, facts, said


@pytest.mark.parametrize("severity", [Severity.MILD, Severity.MODERATE])
@pytest.mark.parametrize("grade", [None, Decimal("1"), Decimal("3"), Decimal("4")])
def test_laxity_silent_unless_severe(severity, grade):
    mild = facts(severity=severity, grade=grade)
    assert [*severe(mild), *borderline(mild)] == []


@pytest.mark.parametrize("grade", [None, Decimal("3"), Decimal("4")])
def test_severe_refers_whatever_the_laser_and_grade(grade):
    assert said(severe(facts(severity=Severity.SEVERE, grade=grade))) == [
        ("laxity.severe", REFER, EVERY, None)
    ]


@pytest.mark.parametrize("grade", [None, Decimal("2.5"), Decimal("3.5"), Decimal("4")])
def test_borderline_silent_off_grade_three(grade):
    assert borderline(facts(severity=Severity.SEVERE, grade=grade)) == []


@pytest.mark.parametrize("grade", [Decimal("3"), Decimal("3.0"), 3])
def test_borderline_cautions_on_grade_three(grade):
    assert said(borderline(facts(severity=Severity.SEVERE, grade=grade))) == [
        ("laxity.borderline", CAUTION, EVERY, None)
    ]
