"""Medicines ask for care, and never for stopping them."""

import pytest

from consultations.rules.candidacy.medicines import bleeding, gold, herpes, photosensitiser

from ..builders import AB, AF, CAUTION, EVERY, NF, facts, said


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (photosensitiser, "photosensitising_drug"),
        (gold, "gold_therapy"),
        (bleeding, "anticoagulants"),
        (herpes, "herpes_history"),
    ],
)
@pytest.mark.parametrize("answer", [False, None])
def test_medicines_silent_unless_yes(rule, name, answer):
    assert rule(facts(**{name: answer})) == []


@pytest.mark.parametrize(
    ("rule", "name", "id", "lasers"),
    [
        (photosensitiser, "photosensitising_drug", "photosensitiser", EVERY),
        (gold, "gold_therapy", "gold", EVERY),
        (bleeding, "anticoagulants", "bleeding", (AF, AB)),
        (herpes, "herpes_history", "herpes", (NF, AF, AB)),
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
