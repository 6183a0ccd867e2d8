"""Test patches: what one shows counts at once for every verdict that is not signed yet."""

from django.utils.translation import gettext as _

from consultations.models.transactions import atomic

from .assessments import judge_area_again
from .locking import lock_patient_of, refuse_record_that_ended


@atomic()
def keep_patch(*, patch, by, reason=""):
    """Save a test patch, and judge its area again where the consultation is not signed.

    Raises ValidationError if nothing may be added to the patient's record any more.
    """
    refuse_record_that_ended(lock_patient_of(patch))
    patch.save(by=by, reason=reason)
    reason = _("A test patch of this area was recorded.")
    judge_area_again(patient=patch.patient, area=patch.area, by=by, reason=reason)
    return patch
