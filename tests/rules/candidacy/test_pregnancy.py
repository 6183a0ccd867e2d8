"""Pregnancy waits, breastfeeding keeps from ablation, and a stomach takes a year after birth."""

from datetime import date, timedelta

import pytest

from consultations.rules.candidacy.pregnancy import breastfeeding, delivery, pregnancy
from consultations.vocabulary import Area

from ..builders import AB, AF, CAUTION, EVERY, HOLD, NA, NF, facts, said

DAY = timedelta(days=1)
TWELVE_MONTHS = [
    (date(2026, 3, 10), date(2027, 3, 10)),
    (date(2025, 12, 31), date(2026, 12, 31)),
    (date(2024, 2, 29), date(2025, 2, 28)),
    (date(2023, 2, 28), date(2024, 2, 28)),
]


@pytest.mark.parametrize(
    ("pregnant", "either"), [(None, None), (None, False), (False, None), (False, True)]
)
def test_pregnancy_silent_unless_yes(pregnant, either):
    assert pregnancy(facts(pregnant=pregnant, pregnant_or_breastfeeding=either)) == []


@pytest.mark.parametrize(
    ("pregnant", "either"), [(True, None), (True, False), (True, True), (None, True)]
)
def test_pregnancy_holds_with_no_known_end(pregnant, either):
    assert said(pregnancy(facts(pregnant=pregnant, pregnant_or_breastfeeding=either))) == [
        ("pregnancy", HOLD, EVERY, None)
    ]


@pytest.mark.parametrize(
    "answers",
    [
        {"breastfeeding": None},
        {"breastfeeding": False},
        {"breastfeeding": False, "pregnant_or_breastfeeding": True},
        {"breastfeeding": None, "pregnant_or_breastfeeding": False},
        {"breastfeeding": None, "pregnant_or_breastfeeding": True, "pregnant": None},
        {"breastfeeding": None, "pregnant_or_breastfeeding": True, "pregnant": True},
    ],
)
def test_breastfeeding_silent_unless_yes(answers):
    assert breastfeeding(facts(**answers)) == []


@pytest.mark.parametrize(
    "answers",
    [
        {"breastfeeding": True},
        {"breastfeeding": True, "pregnant": True},
        {"breastfeeding": None, "pregnant_or_breastfeeding": True},
    ],
)
def test_breastfeeding_holds_ablative_lasers_with_no_known_end(answers):
    assert said(breastfeeding(facts(**answers))) == [
        ("breastfeeding", CAUTION, (NA, NF), None),
        ("breastfeeding", HOLD, (AF, AB), None),
    ]


@pytest.mark.parametrize("area", [Area.FACE, Area.NECK, Area.ARMS, Area.LEGS])
def test_delivery_silent_off_the_stomach(area):
    assert delivery(facts(area=area, delivered_on=date(2026, 3, 1))) == []


def test_delivery_silent_without_a_birth():
    assert delivery(facts(area=Area.STOMACH)) == []


@pytest.mark.parametrize(("delivered_on", "free_on"), TWELVE_MONTHS)
def test_delivery_holds_ablative_lasers_on_the_stomach_for_a_year(delivered_on, free_on):
    born = {"area": Area.STOMACH, "delivered_on": delivered_on}
    expected = [
        ("delivery", CAUTION, (NA, NF), free_on),
        ("delivery", HOLD, (AF, AB), free_on),
    ]
    assert said(delivery(facts(on=delivered_on, **born))) == expected
    assert said(delivery(facts(on=free_on - DAY, **born))) == expected
    assert delivery(facts(on=free_on, **born)) == []
    assert delivery(facts(on=free_on + DAY, **born)) == []
