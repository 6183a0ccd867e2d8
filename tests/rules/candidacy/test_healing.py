"""What makes skin heal badly weighs most on ablative lasers."""

import pytest

from consultations.rules.candidacy.healing import (
    connective_tissue,
    diabetes,
    immunity,
    keloid,
    koebner,
    smoking,
)

from ..builders import AB, AF, CAUTION, EVERY, EXCLUDE, HOLD, INFO, NA, NF, facts, said


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (keloid, "keloid_history"),
        (immunity, "immunosuppressed"),
        (diabetes, "uncontrolled_diabetes"),
        (smoking, "smoker"),
        (connective_tissue, "connective_tissue_disease"),
        (koebner, "koebner_disease"),
    ],
)
@pytest.mark.parametrize("answer", [False, None])
def test_healing_silent_unless_yes(rule, name, answer):
    assert rule(facts(**{name: answer})) == []


def test_keloid_excludes_ablative_lasers():
    assert said(keloid(facts(keloid_history=True))) == [
        ("keloid", CAUTION, (NA, NF), None),
        ("keloid", EXCLUDE, (AF, AB), None),
    ]


def test_immunity_cautions_ablative_lasers_and_notes_the_rest():
    assert said(immunity(facts(immunosuppressed=True))) == [
        ("immunity", INFO, (NA, NF), None),
        ("immunity", CAUTION, (AF, AB), None),
    ]


def test_diabetes_holds_with_no_known_end():
    assert said(diabetes(facts(uncontrolled_diabetes=True))) == [("diabetes", HOLD, EVERY, None)]


def test_smoking_cautions_ablative_lasers_and_notes_the_rest():
    assert said(smoking(facts(smoker=True))) == [
        ("smoking", INFO, (NA, NF), None),
        ("smoking", CAUTION, (AF, AB), None),
    ]


def test_connective_tissue_excludes_full_ablation():
    assert said(connective_tissue(facts(connective_tissue_disease=True))) == [
        ("connective_tissue", CAUTION, (NA, NF, AF), None),
        ("connective_tissue", EXCLUDE, (AB,), None),
    ]


def test_koebner_holds_ablative_lasers_with_no_known_end():
    assert said(koebner(facts(koebner_disease=True))) == [
        ("koebner", CAUTION, (NA, NF), None),
        ("koebner", HOLD, (AF, AB), None),
    ]
