"""Others of the name and birth date that somebody types: told in the form, before it is saved."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse

from consultations.admin.forms import is_key
from consultations.models import Patient

IDENTITY = ("family_name", "given_name", "date_of_birth")
TOLD_AT_MOST = 3


def namesakes(model_admin, request):
    """The namesakes of whoever a half-filled form is about, as a fragment."""
    if not (model_admin.has_add_permission(request) or model_admin.has_change_permission(request)):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    patient = _half_filled(request.POST, request.GET.get("record", ""))
    context = {"namesakes": namesakes_of(patient) if patient else []}
    return TemplateResponse(request, "admin/consultations/namesakes.html", context)


def namesakes_of(patient):
    return list(Patient.objects.namesakes_of(patient)[:TOLD_AT_MOST])


def _half_filled(said, key):
    """The patient of a form as far as it is filled in; None without a name and a day."""
    patient = Patient(pk=key if is_key(key) else None)
    for name in IDENTITY:
        try:
            value = Patient._meta.get_field(name).to_python(said.get(name, "").strip() or None)
        except ValidationError:
            value = None
        setattr(patient, name, value or "")
    return patient if patient.family_name and patient.date_of_birth else None
