"""Everything about one person as a download; for whoever may export."""

from django.http import HttpResponseNotAllowed

from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.downloads import download
from consultations.trust.person_export import export_person


def export(model_admin, request, object_id):
    """Answer the post with a ZIP; it is recorded who took it, and from where."""
    patient = model_admin.record_or_404(request, object_id, "consultations.export_patient")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])

    def write(file):
        export_person(patient=patient, by=request.user, file=file, address=where_from(request))

    return download(write, f"{patient.record_number}.zip", "application/zip")
