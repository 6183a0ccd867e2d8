"""Write test patches that left a reaction, and their clearance."""

from consultations.actions.patches import keep_patch
from consultations.models import TestPatch
from consultations.vocabulary import LaserType, TestPatchResult

from .lasers import usual_mode


def enter_patch(diary, assessed):
    diary.enter(assessed.patch.ago, try_out, assessed)
    if assessed.patch.cleared:
        diary.enter(assessed.patch.cleared[0], clear, assessed)


def try_out(diary, ago, assessed):
    mode = usual_mode(LaserType.NON_ABLATIVE, assessed.area)
    patch = TestPatch(
        patient=diary.patient,
        area=assessed.area,
        done_on=diary.clinic.day(ago),
        laser_mode=diary.clinic.modes[mode],
        result=TestPatchResult.REACTION,
        read_on=diary.clinic.day(ago),
        note=assessed.patch.note,
        created_at=diary.clinic.stamp(ago, "14:00"),
    )
    diary.patches[assessed] = keep_patch(patch=patch, by=diary.account("practitioner"))


def clear(diary, ago, assessed):
    patch = diary.patches[assessed]
    patch.clearance = assessed.patch.cleared[1]
    patch.cleared_by = diary.account("clinician")
    patch.cleared_at = diary.clinic.stamp(ago, "16:30")
    keep_patch(patch=patch, by=patch.cleared_by)
