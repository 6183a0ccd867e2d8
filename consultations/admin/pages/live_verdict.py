"""The verdict on what is typed so far, by the same rules, with nothing written."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from consultations.actions.assessments import effective_outcome, give_verdict
from consultations.admin.typed import typed
from consultations.models import AreaAssessment, Consultation, Patient
from consultations.models.health import HealthScreen
from consultations.rules.candidacy.levers import levers
from consultations.summaries.facts import area_facts
from consultations.vocabulary import Area

ASKED = (
    "consulted_on",
    *HealthScreen.FIELDS,
    *Consultation.LIFESTYLE,
    *Consultation.EXPECTATIONS,
)


@dataclass(frozen=True)
class Change:
    """An answer that would change the verdict, in words."""

    question: str
    answer: bool
    outcome: str


def live_verdict(model_admin, request):
    """Answer a half-filled consultation form with a verdict for each area that can have one."""
    if not (model_admin.has_add_permission(request) or model_admin.has_change_permission(request)):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    patient = _patient(request)
    areas = list(_areas(patient, request.POST)) if patient else []
    return TemplateResponse(
        request,
        "admin/consultations/live_verdicts.html",
        {"areas": areas, "patient": patient, "is_live": True},
    )


def _patient(request):
    key = request.POST.get("patient") or request.GET.get("patient") or ""
    known = Patient.objects.standing()
    patient = known.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    if patient is not None:
        for name, value in typed(Patient, Patient.LIFETIME_ANSWERS, request.POST).items():
            setattr(patient, name, value)
    return patient


def _areas(patient, data):
    answers = {"consulted_on": timezone.localdate()} | typed(Consultation, ASKED, data)
    consultation = Consultation(patient=patient, **answers)
    for number in range(len(Area)):
        prefix = f"assessments-{number}-"
        values = typed(AreaAssessment, AreaAssessment.ASSESSED_FIELDS, data, prefix)
        if not {"area", "severity"} <= values.keys():
            continue
        area = AreaAssessment(consultation=consultation, **values)
        give_verdict(area)
        area.effective_outcome = effective_outcome(area)
        yield area, [_in_words(lever) for lever in levers(area_facts(area))]


def _in_words(lever):
    model = Consultation if lever.name in ASKED else AreaAssessment
    return Change(
        question=capfirst(model._meta.get_field(lever.name).verbose_name),
        answer=lever.answer,
        outcome=lever.outcome.label,
    )
