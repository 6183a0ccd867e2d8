"""Problem skin rules out ablative lasers; infection and lesions come before any."""

import pytest

from consultations.rules.candidacy.skin import (
    infection,
    lesion,
    melasma,
    problem,
    radiotherapy,
    tattoo,
)

from ..builders import AB, AF, CAUTION, EVERY, EXCLUDE, HOLD, INFO, NA, NF, facts, said


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (problem, "skin_problem"),
        (infection, "infection"),
        (lesion, "suspicious_lesion"),
        (melasma, "melasma"),
        (tattoo, "tattoo"),
        (radiotherapy, "radiotherapy"),
    ],
)
@pytest.mark.parametrize("answer", [False, None])
def test_skin_silent_unless_yes(rule, name, answer):
    assert rule(facts(**{name: answer})) == []


@pytest.mark.parametrize(
    ("rule", "name", "id"),
    [
        (problem, "skin_problem", "skin.problem"),
        (melasma, "melasma", "skin.melasma"),
        (radiotherapy, "radiotherapy", "skin.radiotherapy"),
    ],
)
def test_skin_that_answers_badly_excludes_ablative_lasers(rule, name, id):
    assert said(rule(facts(**{name: True}))) == [
        (id, CAUTION, (NA, NF), None),
        (id, EXCLUDE, (AF, AB), None),
    ]


@pytest.mark.parametrize(
    ("rule", "name", "id"),
    [(infection, "infection", "skin.infection"), (lesion, "suspicious_lesion", "skin.lesion")],
)
def test_infection_and_lesion_hold_with_no_known_end(rule, name, id):
    assert said(rule(facts(**{name: True}))) == [(id, HOLD, EVERY, None)]


def test_tattoo_cautions_lasers_that_do_not_ablate_and_notes_the_rest():
    assert said(tattoo(facts(tattoo=True))) == [
        ("skin.tattoo", CAUTION, (NA, NF), None),
        ("skin.tattoo", INFO, (AF, AB), None),
    ]
