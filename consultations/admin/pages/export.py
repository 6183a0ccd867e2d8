"""Everything about one person as a download; for whoever may export."""

import tempfile

from django.http import FileResponse, HttpResponseNotAllowed

from consultations.admin.parts.access_log import where_from
from consultations.trust.person_export import export_person


def export(model_admin, request, object_id):
    """Answer the post with a ZIP; it is recorded who took it, and from where."""
    patient = model_admin.record_or_404(request, object_id, "consultations.export_patient")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed once it is sent
    export_person(patient=patient, by=request.user, file=file, address=where_from(request))
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{patient.record_number}.zip",
        content_type="application/zip",
    )
