"""Test patches beside the area they were done on: what they showed, and the way to one more."""

from django.utils.translation import gettext as _

from consultations.vocabulary import TestPatchResult

from .displays import Step, admin_url, chip

TONES = {TestPatchResult.CLEAR: "good", TestPatchResult.REACTION: "stop"}


def patch_state(patch):
    """What a test patch showed, as a chip; `patch` is a TestPatch, or one of an area's summary."""
    if patch.is_cleared:
        return chip("", _("Reaction, cleared"), "quiet")
    return chip("", TestPatchResult(patch.result).label, TONES.get(patch.result, "wait"))


def patch_url(patch, assessment):
    """Where a test patch is read and cleared; one that an assessment was told of becomes a record
    first."""
    if patch.record is not None:
        return admin_url("testpatch", "change", patch.record.pk)
    known = {"area": assessment.area, "done_on": patch.done_on, "result": patch.result}
    return admin_url("testpatch", "add", patient=assessment.consultation.patient_id, **known)


def patch_steps(assessment, user):
    """Recording a test patch of an assessed area, for those who may; also once it is signed."""
    if assessment.in_error or not user.has_perm("consultations.add_testpatch"):
        return []
    patient = assessment.consultation.patient_id
    url = admin_url("testpatch", "add", patient=patient, area=assessment.area)
    return [Step(_("Test patch"), url, False)]
