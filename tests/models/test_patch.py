"""Test patches: read on or after their day, and a reaction cleared by somebody with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import ConsentWordingFactory, TestPatchFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def cleared(by):
    return {"clearance": "Healed.", "cleared_by": by, "cleared_at": timezone.now()}


@pytest.mark.parametrize("missing", ["clearance", "cleared_by", "cleared_at"])
def test_clearance_without_reason_name_or_time(clinician, missing):
    blank = {missing: "" if missing == "clearance" else None}
    patch = TestPatchFactory(reaction=True)
    breaks("test_patch_clearance_says_who_when_why", patch, **cleared(clinician) | blank)


def test_clearance_of_a_reaction(clinician):
    patch = TestPatchFactory(reaction=True)
    assert not patch.is_cleared
    keeps(patch, **cleared(clinician))
    assert patch.is_cleared


def test_clearance_of_what_is_no_reaction(clinician):
    breaks("test_patch_only_reactions_are_cleared", TestPatchFactory(), **cleared(clinician))


def test_read_before_it_was_done():
    patch = TestPatchFactory()
    the_day_before = patch.done_on - timedelta(days=1)
    breaks("test_patch_read_after_it_was_done", patch, read_on=the_day_before)


def test_read_on_its_own_day():
    patch = TestPatchFactory()
    keeps(patch, read_on=patch.done_on)


def test_read_and_still_awaited():
    patch = TestPatchFactory()
    breaks(
        "test_patch_awaited_is_not_read",
        patch,
        result="awaited",
        read_on=patch.done_on,
    )


def test_says_whose_where_and_when():
    patch = TestPatchFactory(area="neck", done_on="2025-03-03")
    patch.refresh_from_db()
    assert str(patch) == f"{patch.patient}, test patch of neck on 3 Mar 2025"


def test_wording_that_nobody_answered():
    wording = ConsentWordingFactory(kind="treatment")
    keeps(TestPatchFactory(), agreed=False, wording=wording)
    breaks("test_patch_wording_was_answered", TestPatchFactory(), wording=wording)
