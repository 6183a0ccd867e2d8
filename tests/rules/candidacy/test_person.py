"""Cosmetic laser is for adults, and trials stop at an age."""

import pytest

from consultations.rules.candidacy.person import minor, old

from ..builders import EVERY, EXCLUDE, INFO, facts, said


@pytest.mark.parametrize("age", [None, 18, 19, 90])
def test_minor_silent_from_eighteen_or_when_unknown(age):
    assert minor(facts(age=age)) == []


@pytest.mark.parametrize("age", [0, 16, 17])
def test_minor_excluded_from_every_laser(age):
    assert said(minor(facts(age=age))) == [("age.minor", EXCLUDE, EVERY, None)]


@pytest.mark.parametrize("age", [None, 17, 74, 75])
def test_old_silent_up_to_seventy_five_or_when_unknown(age):
    assert old(facts(age=age)) == []


@pytest.mark.parametrize("age", [76, 77, 100])
def test_old_noted_from_seventy_six(age):
    assert said(old(facts(age=age))) == [("age.old", INFO, EVERY, None)]
