"""Surgeons: kept once, and offered while they take referrals."""

import pytest
from django.utils import timezone

from consultations.models import Surgeon
from tests.factories import SurgeonFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def in_error(clinician):
    return SurgeonFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Twice here.",
    )


def test_same_surgeon_twice():
    first, second = SurgeonFactory(), SurgeonFactory()
    second.name = first.name
    breaks("surgeon_one_of_a_name_and_practice", second)


def test_same_name_at_another_practice():
    keeps(SurgeonFactory(practice="Elsewhere"), name=SurgeonFactory().name)


def test_same_surgeon_after_one_in_error(clinician):
    keeps(SurgeonFactory(), name=in_error(clinician).name)


def test_active_are_those_who_take_referrals(clinician):
    active = SurgeonFactory()
    SurgeonFactory(is_active=False)
    in_error(clinician)
    assert list(Surgeon.objects.active()) == [active]


def test_name_of_a_surgeon():
    named = [str(SurgeonFactory(name="A. Rao", practice=one)) for one in ("", "The Practice")]
    assert named == ["A. Rao", "A. Rao, The Practice"]
