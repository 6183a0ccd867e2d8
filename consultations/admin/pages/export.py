"""Everything about one person as a download; for whoever may export."""

import tempfile

from django.http import FileResponse, HttpResponseNotAllowed

from consultations.interchange.person import export_person


def export(model_admin, request, object_id):
    """Answer the post with a ZIP; it is recorded who took it, and from where."""
    patient = model_admin.record_or_404(request, object_id, "consultations.export_patient")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed once it is sent
    address = request.META.get("REMOTE_ADDR") or None
    export_person(patient=patient, by=request.user, file=file, address=address)
    file.seek(0)
    answer = FileResponse(
        file,
        as_attachment=True,
        filename=f"{patient.record_number}.zip",
        content_type="application/zip",
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
