"""Habits that weaken collagen are named and change no verdict."""

import pytest

from consultations.rules.candidacy.lifestyle import lifestyle

from ..builders import EVERY, INFO, facts, messages, said

HABITS = ("drinks_alcohol", "sun_exposure", "chemical_exposure")


@pytest.mark.parametrize("answer", [False, None])
def test_lifestyle_silent_unless_yes(answer):
    assert lifestyle(facts(**dict.fromkeys(HABITS, answer))) == []


@pytest.mark.parametrize(
    ("habits", "sentence"),
    [
        (["drinks_alcohol"], "Habits that weaken collagen: drinking."),
        (["sun_exposure"], "Habits that weaken collagen: sun."),
        (["chemical_exposure"], "Habits that weaken collagen: chemicals."),
        (HABITS, "Habits that weaken collagen: drinking, sun, chemicals."),
    ],
)
def test_lifestyle_notes_each_habit_in_one_finding(habits, sentence):
    findings = lifestyle(facts(**dict.fromkeys(habits, True)))
    assert said(findings) == [("lifestyle", INFO, EVERY, None)]
    assert messages(findings) == [sentence]
