"""Finding a patient from any page: the few who match what was typed so far, as a fragment, and
where Enter leads."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.searches import KEY, key_of_search, words_searched
from consultations.models import Patient
from consultations.models.asked import typed_name
from consultations.permissions import sees_clinical

SHOWN = 8


@dataclass(frozen=True)
class Found:
    patient: Patient
    url: str
    born: SafeString
    courses: SafeString | None


def find(model_admin, request):
    """The first eight patients by name who match `q`, each with the courses that are open."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    patients = _found(words_searched(request))[: SHOWN + 1]
    shown = patients[:SHOWN]
    model_admin.add_columns(request, shown)
    rows = [
        Found(one, model_admin.page_of(one), model_admin.born(one), model_admin.courses(one))
        for one in shown
    ]
    context = {"rows": rows, "there_are_more": len(patients) > SHOWN}
    context |= to_register(model_admin, request)
    return TemplateResponse(request, "admin/consultations/found.html", context)


def open_found(model_admin, request):
    """Where the box of every page leads by itself: to the only patient found, or to a new one of
    that name. None where it leads to the list."""
    if request.method != "POST" or "box" not in request.POST:
        return None
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    text = words_searched(request)
    if "new" in request.POST and model_admin.has_add_permission(request):
        key = key_of_search(request, text)
        return HttpResponseRedirect(admin_url("patient", "add", **{KEY: key}))
    patients = _found(text)[:2]
    if len(patients) != 1:
        return None
    [patient] = patients
    patient.reader_is_clinical = sees_clinical(request.user)
    return HttpResponseRedirect(model_admin.page_of(patient))


def to_register(model_admin, request):
    """The name of whoever was searched for, for a page to offer as a new patient."""
    text = words_searched(request)
    family, given = typed_name(text)
    if not family or not model_admin.has_add_permission(request):
        return {}
    return {"new_name": " ".join(filter(None, (given, family))), "search_key": request.GET.get(KEY)}


def _found(text):
    return list(Patient.objects.standing().found_by(text).order_by("sort_name", "pk")[: SHOWN + 1])
