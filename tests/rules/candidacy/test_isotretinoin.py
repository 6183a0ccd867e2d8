"""Isotretinoin holds full ablation for six months, and little else."""

from datetime import date, timedelta

import pytest

from consultations.rules.candidacy.isotretinoin import isotretinoin
from consultations.vocabulary import Isotretinoin

from ..builders import AB, AF, CAUTION, HOLD, INFO, NA, NF, facts, said

DAY = timedelta(days=1)
SIX_MONTHS = [
    (date(2026, 3, 10), date(2026, 9, 10)),
    (date(2025, 8, 31), date(2026, 2, 28)),
    (date(2023, 8, 31), date(2024, 2, 29)),
]


def levels(until):
    return [
        ("isotretinoin", INFO, (NA, NF), until),
        ("isotretinoin", CAUTION, (AF,), until),
        ("isotretinoin", HOLD, (AB,), until),
    ]


@pytest.mark.parametrize("answer", [None, Isotretinoin.NEVER])
def test_isotretinoin_silent_where_none_is_known(answer):
    assert isotretinoin(facts(isotretinoin=answer)) == []


@pytest.mark.parametrize("last_dose_on", [None, date(2020, 1, 1), date(2026, 3, 1)])
def test_isotretinoin_taken_now_has_no_known_end(last_dose_on):
    taking = facts(isotretinoin=Isotretinoin.TAKING, isotretinoin_last_dose_on=last_dose_on)
    assert said(isotretinoin(taking)) == levels(None)


def test_isotretinoin_taken_on_a_day_not_known_has_no_known_end():
    assert said(isotretinoin(facts(isotretinoin=Isotretinoin.PAST))) == levels(None)


@pytest.mark.parametrize(("last_dose_on", "free_on"), SIX_MONTHS)
def test_isotretinoin_counts_six_months_from_the_last_dose(last_dose_on, free_on):
    past = {"isotretinoin": Isotretinoin.PAST, "isotretinoin_last_dose_on": last_dose_on}
    assert said(isotretinoin(facts(on=last_dose_on, **past))) == levels(free_on)
    assert said(isotretinoin(facts(on=free_on - DAY, **past))) == levels(free_on)
    assert isotretinoin(facts(on=free_on, **past)) == []
    assert isotretinoin(facts(on=free_on + DAY, **past)) == []


@pytest.mark.parametrize("answer", [None, Isotretinoin.NEVER])
def test_isotretinoin_last_dose_counts_whatever_was_answered(answer):
    dosed = facts(isotretinoin=answer, isotretinoin_last_dose_on=date(2026, 3, 10))
    assert said(isotretinoin(dosed)) == levels(date(2026, 9, 10))
