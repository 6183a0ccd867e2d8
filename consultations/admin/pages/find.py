"""Finding a patient from any page: the few who match what was typed so far, as a fragment."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from consultations.models import Patient

SHOWN = 8


@dataclass(frozen=True)
class Found:
    patient: Patient
    url: str
    born: SafeString
    courses: SafeString | None


def find(model_admin, request):
    """The first eight patients by name who match `?q=`, each with the courses that are open."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    text = request.GET.get("q", "")
    found = Patient.objects.standing().found_by(text).order_by("sort_name", "pk")
    patients = list(found[: SHOWN + 1])
    shown = patients[:SHOWN]
    model_admin.add_columns(request, shown)
    rows = [
        Found(one, model_admin.page_of(one), model_admin.born(one), model_admin.courses(one))
        for one in shown
    ]
    context = {"rows": rows, "there_are_more": len(patients) > SHOWN}
    return TemplateResponse(request, "admin/consultations/found.html", context)
