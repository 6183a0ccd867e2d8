"""A patient's photos as DICOM, as a download; for whoever may export a person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect

from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.downloads import download
from consultations.exchange.dicom import export_dicom_zip

MAY_EXPORT = ("consultations.export_patient", "consultations.view_photo")


def may_export_photos(user):
    """Whether somebody may take a patient's photos out."""
    return user.has_perms(MAY_EXPORT)


def dicom(model_admin, request, object_id):
    """Answer the post with a ZIP; it is logged who took it, and from where."""
    if not may_export_photos(request.user):
        # Before the record is looked for: who may not export is not told whether it exists.
        raise PermissionDenied
    patient = model_admin.record_or_404(request, object_id, "consultations.view_clinical")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])

    def write(file):
        export_dicom_zip(patient=patient, by=request.user, file=file, address=where_from(request))

    try:
        return download(write, f"{patient.record_number}-dicom.zip", "application/zip")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(admin_url("patient", "photos", patient.pk))
