"""One patient as a FHIR R4 Bundle to download; for whoever may export."""

import tempfile

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponseNotAllowed, HttpResponseRedirect

from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.displays import admin_url
from consultations.exchange.fhir.bundle import MEDIA_TYPE
from consultations.exchange.fhir.export import export_bundle


def fhir(model_admin, request, object_id):
    """Answer the post with a file; it is recorded who took it, and from where."""
    patient = model_admin.record_or_404(request, object_id, "consultations.export_fhir")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed once it is sent
    try:
        export_bundle(patient=patient, by=request.user, file=file, address=where_from(request))
    except ValidationError as error:
        file.close()
        model_admin.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(admin_url("patient", "chart", patient.pk))
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{patient.record_number}.fhir.json",
        content_type=MEDIA_TYPE,
    )
