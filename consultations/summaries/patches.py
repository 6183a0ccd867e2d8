"""The test patches of an area, wherever they were written."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from consultations.models import TestPatch
from consultations.vocabulary import TestPatchResult


@dataclass(frozen=True, slots=True)
class Patch:
    """A test patch: its record, or what an assessment was told of one before those were kept.

    `record` is None for the latter.
    """

    done_on: date
    result: TestPatchResult
    record: TestPatch | None = None

    @property
    def is_cleared(self):
        return self.record is not None and self.record.is_cleared

    @property
    def laser_type(self):
        mode = self.record and self.record.laser_mode
        return mode.laser_type if mode else None

    def facts(self, on):
        """Return what the rules may know of it on a day: read or cleared later, it is not yet."""
        result, cleared_at = self.result, self.record and self.record.cleared_at
        if self.record and self.record.read_on and self.record.read_on > on:
            result = TestPatchResult.AWAITED
        is_cleared = cleared_at is not None and timezone.localdate(cleared_at) <= on
        return {
            "test_patch_on": self.done_on,
            "test_patch_result": result,
            "test_patch_cleared": is_cleared or None,
            "test_patch_laser": self.laser_type,
        }


def patches_in(records, assessments):
    """Return the test patches of an area, latest first; of two on a day the one with a record."""
    patches = [Patch(one.done_on, one.result, one) for one in records]
    patches += [
        Patch(
            one.test_patch_on or one.consultation.consulted_on,
            one.test_patch_result or TestPatchResult.AWAITED,
        )
        for one in assessments
        if one.test_patch_on or one.test_patch_result
    ]
    return sorted(patches, key=_place, reverse=True)


def patch_facts(patches, on):
    """Return the facts of the latest of these patches by a day; {} if there is none."""
    done = [one for one in patches if one.done_on <= on]
    return done[0].facts(on) if done else {}


def _place(patch):
    return patch.done_on, patch.record is not None, patch.record.pk if patch.record else 0
