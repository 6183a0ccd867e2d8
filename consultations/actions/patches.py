"""Test patches: what one shows counts at once for every verdict that is not signed yet."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import TestPatch
from consultations.models.transactions import atomic
from consultations.vocabulary import ConsentKind

from .assessments import judge_area_again
from .consents import wording_to_sign
from .locking import lock_patient_of, refuse_record_that_ended

NO_LASER = gettext_lazy("Choose the laser: its wording is what is read.")


@atomic()
def keep_patch(*, patch, by, reason=""):
    """Save a test patch, and judge its area again where the consultation is not signed.

    So is the area that it was written for before. What the patient answered is kept with the words
    that were read. Raises ValidationError if nothing may be added to the patient's record any more,
    and for an answer without a laser.
    """
    refuse_record_that_ended(lock_patient_of(patch))
    before = TestPatch.objects.filter(pk=patch.pk).values("area", "agreed").first() or {}
    areas = {patch.area, before.get("area", patch.area)}
    if not keeps_its_wording(patch, before.get("agreed")):
        patch.wording = _wording_of(patch, by)
    patch.save(by=by, reason=reason)
    for area in sorted(areas):
        judge_after_patch(patch=patch, area=area, by=by)
    return patch


def keeps_its_wording(patch, answered):
    """Whether the words that were read stay: the same answer as before, to words that fit its
    laser."""
    if patch.wording is None or patch.agreed != answered or patch.laser_mode is None:
        return False
    return patch.wording.laser_type in {patch.laser_mode.laser_type, ""}


def _wording_of(patch, by):
    if patch.agreed is None:
        return None
    if patch.laser_mode is None:
        raise ValidationError({"agreed": NO_LASER})
    return wording_to_sign(ConsentKind.TREATMENT, patch.laser_mode.laser_type, by)


def judge_after_patch(*, patch, by, area=None):
    """Judge again the unsigned consultations that assessed the area of a test patch."""
    judge_area_again(
        patient=patch.patient,
        area=area or patch.area,
        by=by,
        reason=_("A test patch of this area was changed."),
    )
