"""Referrals: one per area, closed with a closure, dates in order."""

from datetime import date
from itertools import combinations

import pytest
from django.utils import timezone

from consultations.models import SurgicalReferral
from consultations.models.referral import STEPS
from consultations.vocabulary import Closure, ReferralStatus
from tests.factories import PatientFactory, ReferralFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db

CLOSED = {
    "status": ReferralStatus.CLOSED,
    "closure": Closure.NO_REPLY,
    "closed_on": date(2025, 3, 2),
}


def test_second_referral_of_one_area():
    first = ReferralFactory()
    breaks("referral_one_per_assessment", ReferralFactory(), assessment=first.assessment)


def test_second_referral_after_one_in_error(clinician):
    first = ReferralFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong surgeon.",
    )
    keeps(ReferralFactory(), assessment=first.assessment)


@pytest.mark.parametrize(
    "change",
    [
        CLOSED | {"closure": ""},
        CLOSED | {"closed_on": None},
        CLOSED | {"status": ReferralStatus.SENT},
        {"closed_on": date(2025, 3, 2)},
        {"closure": Closure.NO_REPLY},
    ],
)
def test_closure_and_status_that_disagree(change):
    breaks("referral_closed_with_closure", ReferralFactory(), **change)


@pytest.mark.parametrize(
    "change",
    [
        CLOSED | {"closure": Closure.OTHER},
        CLOSED | {"closure_words": "Moved away."},
        {"closure_words": "Moved away."},
    ],
)
def test_closed_otherwise_without_words_or_words_without_it(change):
    breaks("referral_closed_otherwise_in_words", ReferralFactory(), **change)


def test_closed_otherwise_in_words():
    referral = ReferralFactory()
    keeps(referral, **CLOSED | {"closure": Closure.OTHER, "closure_words": "Moved away."})
    assert referral.closure_in_words == "Moved away."


@pytest.mark.parametrize(("earlier", "later"), list(combinations(STEPS, 2)))
def test_dates_out_of_order(earlier, later):
    closed = CLOSED if later == "closed_on" else {}
    days = {earlier: date(2025, 3, 3), later: date(2025, 3, 2)}
    breaks("referral_dates_in_order", ReferralFactory(), **closed | days)


def test_dates_all_on_one_day():
    keeps(ReferralFactory(), **CLOSED, **dict.fromkeys(STEPS[:-1], date(2025, 3, 2)))


def test_open_leaves_out_closed():
    waiting = ReferralFactory()
    ReferralFactory(**CLOSED)
    assert list(SurgicalReferral.objects.open()) == [waiting]


def test_name_of_a_referral():
    patient = PatientFactory(family_name="Ng", given_name="Ann")
    assert str(ReferralFactory(assessment__consultation__patient=patient)) == (
        "Referral: Ng, Ann (P-000001), face on 3 Mar 2025"
    )
