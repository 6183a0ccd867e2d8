"""One patient as a FHIR R4 Bundle to download; for whoever may export."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect

from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.downloads import download
from consultations.exchange.fhir.bundle import MEDIA_TYPE
from consultations.exchange.fhir.export import export_bundle


def fhir(model_admin, request, object_id):
    """Answer the post with a file; it is recorded who took it, and from where."""
    patient = model_admin.record_or_404(request, object_id, "consultations.export_fhir")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])

    def write(file):
        export_bundle(patient=patient, by=request.user, file=file, address=where_from(request))

    try:
        return download(write, f"{patient.record_number}.fhir.json", MEDIA_TYPE)
    except ValidationError as error:
        model_admin.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(admin_url("patient", "chart", patient.pk))
