"""Others of the name and birth date that somebody types: told in the form, before it is saved."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse

from consultations.admin.parts.days import FarDayField
from consultations.admin.parts.displays import formerly
from consultations.admin.parts.forms import is_key
from consultations.models import Patient
from consultations.models.search import former_names_shared

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
    """The first few namesakes of a patient, each with the former name that is the same."""
    found = list(Patient.objects.namesakes_of(patient)[:TOLD_AT_MOST])
    for one in found:
        one.formerly = formerly(former_names_shared(patient, one))
    return found


def named(namesake):
    """A namesake in a message: P-000001, or P-000001 (formerly Ann Nowak)."""
    number, before = namesake.record_number, namesake.formerly
    return f"{number} ({before})" if before else number


def _half_filled(said, key):
    """The patient of a form as far as it is filled in; None without a name and a day."""
    patient = Patient(pk=key if is_key(key) else None)
    for name in IDENTITY:
        try:
            value = said.get(name, "").strip()
            if name == "date_of_birth":
                value = FarDayField(required=False).clean(value)
        except ValidationError:
            value = None
        setattr(patient, name, value or "")
    return patient if patient.family_name and patient.date_of_birth else None
