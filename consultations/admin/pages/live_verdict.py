"""The verdict on what is typed so far, by the same rules, with nothing written."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from consultations.actions.assessments import effective_outcome, give_verdict
from consultations.admin.parts.access_log import shown
from consultations.admin.parts.forms import is_key
from consultations.admin.parts.half_filled import typed, typed_and_refused
from consultations.models import AreaAssessment, Consultation, Patient
from consultations.models.health import HealthScreen
from consultations.rules.candidacy.what_would_change import levers
from consultations.summaries.facts import area_facts
from consultations.summaries.past import past_of

ASKED = (
    "consulted_on",
    *HealthScreen.FIELDS,
    *Consultation.LIFESTYLE,
    *Consultation.EXPECTATIONS,
)
DECIDED = ("decision", "decision_reason")
GRADE_AGREES = "assessment_grade_agrees_with_severity"
MOST_AREAS = 20  # more cards than a form has


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
    if patient is not None:
        shown(request, patient)
    areas = list(_areas(patient, request.POST, request.user)) if patient else []
    return TemplateResponse(
        request,
        "admin/consultations/live_verdicts.html",
        {"areas": areas, "patient": patient, "is_live": True},
    )


def _patient(request):
    key = request.POST.get("patient") or request.GET.get("patient") or ""
    patient = Patient.objects.filter(pk=key).first() if is_key(key) else None
    patient = patient.kept_record if patient is not None else None
    if patient is None or patient.in_error:
        return None
    for name, value in typed(Patient, Patient.LIFETIME_ANSWERS, request.POST).items():
        setattr(patient, name, value)
    return patient


def _areas(patient, data, by):
    answers = {"consulted_on": timezone.localdate()} | typed(Consultation, ASKED, data)
    consultation = Consultation(patient=patient, **_answered_earlier(patient, data), **answers)
    past = past_of(patient)
    for number in range(MOST_AREAS):
        prefix = f"assessments-{number}-"
        values, left_out = typed_and_refused(
            AreaAssessment, AreaAssessment.ASSESSED_FIELDS, data, prefix
        )
        if not {"area", "severity"} <= values.keys():
            continue
        key = data.get(f"{prefix}id", "")
        area = _area(key, consultation, past)
        left_out += _drop_contradictions(values, area, past)
        values |= typed(AreaAssessment, DECIDED, data, prefix)
        area.decided_by = by
        for name, value in values.items():
            setattr(area, name, value)
        give_verdict(area, deciding=True, past=past)
        area.effective_outcome = effective_outcome(area)
        yield area, changes_of(area_facts(area, past=past)), left_out


def _area(key, consultation, past):
    """An area to be filled in; of a stored one with the test patch its form does not ask about."""
    area = AreaAssessment(pk=int(key) if is_key(key) else None, consultation=consultation)
    for stored in (one for one in past.assessments if one.pk == area.pk):
        area.test_patch_on, area.test_patch_result = stored.test_patch_on, stored.test_patch_result
    return area


def _answered_earlier(patient, data):
    """What a stored consultation was told by questions that its form does not ask any more."""
    key = data.get("assessments-0-id", "")
    stored = Consultation.objects.filter(patient=patient, assessments=key) if is_key(key) else None
    names = HealthScreen.EARLIER_FIELDS
    return (stored and stored.values(*names).first()) or {}


def _drop_contradictions(values, area, past):
    """Take out what the form will refuse beside what else is typed or known; the labels of it."""
    day = area.consultation.consulted_on
    wrong = ["surgery_on"] if values.get("surgery_on", day) > day else []
    typed_so_far = AreaAssessment(consultation=area.consultation, **values)
    wrong += past.contradictions(typed_so_far, day)
    if "grade" in values:
        agrees = next(one for one in AreaAssessment._meta.constraints if one.name == GRADE_AGREES)
        try:
            agrees.validate(AreaAssessment, typed_so_far)
        except ValidationError:
            wrong.append("grade")
    return [
        capfirst(AreaAssessment._meta.get_field(name).verbose_name)
        for name in wrong
        if values.pop(name, None) is not None
    ]


def changes_of(facts):
    """The answers that would each change the verdict on these facts, in words."""
    return [_in_words(lever) for lever in levers(facts)]


def _in_words(lever):
    model = Consultation if lever.name in ASKED else AreaAssessment
    return Change(
        question=capfirst(model._meta.get_field(lever.name).verbose_name),
        answer=lever.answer,
        outcome=lever.outcome.label,
    )
