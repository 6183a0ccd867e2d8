"""Cosmetic laser is for adults."""

import pytest

from consultations.rules.candidacy.person import minor

from ..builders import EVERY, EXCLUDE, facts, said


@pytest.mark.parametrize("age", [None, 18, 19, 90])
def test_minor_silent_from_eighteen_or_when_unknown(age):
    assert minor(facts(age=age)) == []


@pytest.mark.parametrize("age", [0, 16, 17])
def test_minor_excluded_from_every_laser(age):
    assert said(minor(facts(age=age))) == [("age.minor", EXCLUDE, EVERY, None)]
