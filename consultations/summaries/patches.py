"""The test patches of an area, wherever they were written."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from consultations.models import TestPatch
from consultations.rules.findings import ALL_TYPES
from consultations.vocabulary import TestPatchResult

from .devices import devices_on


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
        """Return the type of its laser as it was that day, or None if that is not known."""
        mode = self.record and self.record.laser_mode
        return devices_on(mode, self.done_on)[0].mode.laser_type if mode else None

    def result_on(self, on):
        """Return what was known of it on a day: read later, it was awaited."""
        was_read = not (self.record and self.record.read_on and self.record.read_on > on)
        return self.result if was_read else TestPatchResult.AWAITED

    def was_cleared_by(self, on):
        return self.is_cleared and timezone.localdate(self.record.cleared_at) <= on

    def stops_on(self, on):
        """Whether it left a reaction that nobody had cleared by a day."""
        return self.result_on(on) == TestPatchResult.REACTION and not self.was_cleared_by(on)

    def lifts(self, other, on):
        """Whether it is clear, and goes at least as deep as another one with a reaction did."""
        is_as_deep = None in (self.laser_type, other.laser_type) or _depth(self) >= _depth(other)
        return self.result_on(on) == TestPatchResult.CLEAR and is_as_deep

    def facts(self, on):
        """Return what the rules may know of it on a day."""
        return {
            "test_patch_on": self.done_on,
            "test_patch_result": self.result_on(on),
            "test_patch_cleared": self.was_cleared_by(on) or None,
            "test_patch_laser": self.laser_type,
        }


def patches_in(records, assessments):
    """Return the test patches of an area, latest first; of those of one day first the one that
    stops most, then the deepest."""
    modes = {}  # each once, so that its history is read once
    for one in records:
        one.laser_mode = modes.setdefault(one.laser_mode_id, one.laser_mode)
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
    """Return the facts of the test patch that counts on a day; {} if there is none.

    That is the latest; but a reaction stands until a clinician clears it, or until a later patch
    that goes as deep is clear.
    """
    done = [one for one in patches if one.done_on <= on]
    for place, one in enumerate(done):
        later = (other for other in done[:place] if other.done_on > one.done_on)
        if one.stops_on(on) and not any(other.lifts(one, on) for other in later):
            return one.facts(on)
    return done[0].facts(on) if done else {}


def _place(patch):
    stops = patch.result == TestPatchResult.REACTION and not patch.is_cleared
    weights = [stops, patch.result == TestPatchResult.AWAITED, _depth(patch)]
    return patch.done_on, *weights, patch.record.pk if patch.record else 0


def _depth(patch):
    """How deep its laser goes; one whose type is not known tells of all."""
    return len(ALL_TYPES) if patch.laser_type is None else ALL_TYPES.index(patch.laser_type)
