"""Medicines ask for care, and never for stopping them."""

from datetime import date, timedelta

import pytest

from consultations.rules.candidacy.medicines import (
    bleeding,
    gold,
    herpes,
    photosensitiser,
    retinoid,
    weight,
)
from consultations.vocabulary import Area, Photosensitiser, WeightLossMedicine

from ..builders import AB, AF, CAUTION, EVERY, HOLD, INFO, NA, NF, ON, facts, messages, said

OFF_THE_MOUTH = [Area.STOMACH, Area.ARMS, Area.LEGS]


@pytest.mark.parametrize(("rule", "name"), [(gold, "gold_therapy"), (bleeding, "anticoagulants")])
@pytest.mark.parametrize("answer", [False, None])
def test_medicines_silent_unless_yes(rule, name, answer):
    assert rule(facts(**{name: answer})) == []


@pytest.mark.parametrize(
    ("rule", "name", "id", "lasers"),
    [
        (gold, "gold_therapy", "gold", EVERY),
        (bleeding, "anticoagulants", "bleeding", (AF, AB)),
    ],
)
def test_medicines_caution_the_lasers_they_touch(rule, name, id, lasers):
    assert said(rule(facts(**{name: True}))) == [(id, CAUTION, lasers, None)]


def test_bleeding_never_advises_stopping():
    [finding] = bleeding(facts(anticoagulants=True))
    assert finding.hint == (
        "Expect more oozing after ablative laser. Never advise stopping it: that is the "
        "prescriber's decision."
    )


@pytest.mark.parametrize("area", OFF_THE_MOUTH)
@pytest.mark.parametrize("answer", [False, None])
def test_herpes_silent_off_face_and_neck_without_a_history(area, answer):
    assert herpes(facts(area=area, herpes_history=answer)) == []


@pytest.mark.parametrize("area", [Area.FACE, Area.NECK])
@pytest.mark.parametrize("answer", [False, None])
def test_herpes_cautions_ablative_lasers_near_the_mouth_without_a_history(area, answer):
    findings = herpes(facts(area=area, herpes_history=answer))
    assert said(findings) == [("herpes", CAUTION, (AF, AB), None)]
    assert messages(findings) == ["Ablative laser on the face or neck: an antiviral is needed."]


@pytest.mark.parametrize("area", Area)
def test_herpes_history_cautions_lasers_that_pierce_or_ablate(area):
    findings = herpes(facts(area=area, herpes_history=True))
    assert said(findings) == [("herpes", CAUTION, (NF, AF, AB), None)]
    assert messages(findings) == ["History of herpes: an antiviral is needed."]


@pytest.mark.parametrize(
    ("drug", "earlier"),
    [
        (None, None),
        (None, False),
        (Photosensitiser.NONE, None),
        (Photosensitiser.NONE, True),
    ],
)
def test_photosensitiser_silent_without_one(drug, earlier):
    assert photosensitiser(facts(photosensitiser=drug, photosensitising_drug=earlier)) == []


@pytest.mark.parametrize(
    ("drug", "earlier", "level"),
    [
        (Photosensitiser.PDT_DRUG, None, HOLD),
        (Photosensitiser.PDT_DRUG, True, HOLD),
        (Photosensitiser.CAUTIOUS, None, CAUTION),
        (Photosensitiser.CAUTIOUS, False, CAUTION),
        (None, True, CAUTION),
        (Photosensitiser.OTHER, None, INFO),
        (Photosensitiser.OTHER, True, INFO),
    ],
)
def test_photosensitiser_weighs_by_the_drug(drug, earlier, level):
    taken = facts(photosensitiser=drug, photosensitising_drug=earlier)
    assert said(photosensitiser(taken)) == [("photosensitiser", level, EVERY, None)]


@pytest.mark.parametrize("days", [7, 8, 400])
def test_retinoid_silent_after_a_week(days):
    assert retinoid(facts(topical_retinoid_on=ON - timedelta(days=days))) == []


def test_retinoid_silent_without_one():
    assert retinoid(facts()) == []


@pytest.mark.parametrize("days", [0, 1, 6])
def test_retinoid_cautions_lasers_that_open_the_skin_for_a_week(days):
    free_on = ON + timedelta(days=7 - days)
    assert said(retinoid(facts(topical_retinoid_on=ON - timedelta(days=days)))) == [
        ("retinoid", INFO, (NA,), free_on),
        ("retinoid", CAUTION, (NF, AF, AB), free_on),
    ]


@pytest.mark.parametrize(
    ("on", "free_on"),
    [(date(2024, 2, 23), date(2024, 3, 1)), (date(2025, 2, 22), date(2025, 3, 1))],
)
def test_retinoid_counts_the_days_of_february(on, free_on):
    used = {"topical_retinoid_on": on}
    last = retinoid(facts(on=free_on - timedelta(days=1), **used))
    assert [finding.until for finding in last] == [free_on, free_on]
    assert retinoid(facts(on=free_on, **used)) == []


@pytest.mark.parametrize("medicine", [None, WeightLossMedicine.NEVER, WeightLossMedicine.PAST])
@pytest.mark.parametrize("changing", [False, None])
def test_weight_silent_where_it_is_stable_or_not_asked(medicine, changing):
    assert weight(facts(weight_changing=changing, weight_loss_medicine=medicine)) == []


@pytest.mark.parametrize(
    ("changing", "medicine"),
    [
        (True, WeightLossMedicine.NEVER),
        (True, None),
        (False, WeightLossMedicine.TAKING),
        (None, WeightLossMedicine.TAKING),
        (True, WeightLossMedicine.TAKING),
    ],
)
def test_weight_cautions_every_laser_once(changing, medicine):
    assert said(weight(facts(weight_changing=changing, weight_loss_medicine=medicine))) == [
        ("weight", CAUTION, EVERY, None)
    ]
