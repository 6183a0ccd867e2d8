"""Pregnancy and breastfeeding wait."""

import pytest

from consultations.rules.candidacy.pregnancy import pregnancy

from ..builders import EVERY, HOLD, facts, said


@pytest.mark.parametrize("answer", [False, None])
def test_pregnancy_silent_unless_yes(answer):
    assert pregnancy(facts(pregnant_or_breastfeeding=answer)) == []


def test_pregnancy_holds_with_no_known_end():
    assert said(pregnancy(facts(pregnant_or_breastfeeding=True))) == [
        ("pregnancy", HOLD, EVERY, None)
    ]
