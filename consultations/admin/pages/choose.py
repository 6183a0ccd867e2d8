"""Choosing the other patient on a page that then shows both: a search, each found a link."""

from dataclasses import dataclass

from django.contrib import messages
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consultations.admin.parts.forms import is_key
from consultations.admin.parts.searches import searched
from consultations.models import Patient

SHOWN = 8


@dataclass(frozen=True)
class Candidate:
    patient: Patient
    url: str
    born: SafeString
    courses: SafeString | None


def sent_patient(request, name):
    """The patient whose key was sent as `name`, or None; a key of nobody is told."""
    key = request.POST.get(name, "") or request.GET.get(name, "")
    patient = Patient.objects.filter(pk=key).first() if is_key(key) else None
    if key and patient is None:
        messages.error(request, _("There is no such patient record. Choose again."))
    return patient


def candidates(model_admin, request, but, name):
    """What the search shows: who matches it, else the namesakes; each a link with `?name=`."""
    text = searched(request)
    if text:
        found = Patient.objects.standing().found_by(text).exclude(pk=but.pk)
        patients = list(found.order_by("sort_name", "pk")[: SHOWN + 1])
    else:
        patients = list(Patient.objects.namesakes_of(but)[:SHOWN])
    shown = patients[:SHOWN]
    patient_admin = model_admin.admin_site.get_model_admin(Patient)
    patient_admin.add_columns(request, shown)
    return {
        "q": text,
        "there_are_more": len(patients) > SHOWN,
        "candidates": [
            Candidate(one, f"?{name}={one.pk}", patient_admin.born(one), patient_admin.courses(one))
            for one in shown
        ],
    }
