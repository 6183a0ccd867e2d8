"""Test patches: what one shows counts at once for every verdict that is not signed yet."""

from django.utils.translation import gettext as _

from consultations.models import TestPatch
from consultations.models.transactions import atomic

from .assessments import judge_area_again
from .locking import lock_patient_of, refuse_record_that_ended


@atomic()
def keep_patch(*, patch, by, reason=""):
    """Save a test patch, and judge its area again where the consultation is not signed.

    So is the area that it was written for before. Raises ValidationError if nothing may be added
    to the patient's record any more.
    """
    refuse_record_that_ended(lock_patient_of(patch))
    areas = {patch.area, *TestPatch.objects.filter(pk=patch.pk).values_list("area", flat=True)}
    patch.save(by=by, reason=reason)
    for area in sorted(areas):
        judge_after_patch(patch=patch, area=area, by=by)
    return patch


def judge_after_patch(*, patch, by, area=None):
    """Judge again the unsigned consultations that assessed the area of a test patch."""
    judge_area_again(
        patient=patch.patient,
        area=area or patch.area,
        by=by,
        reason=_("A test patch of this area was changed."),
    )
