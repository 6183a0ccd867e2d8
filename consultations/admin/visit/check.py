"""What readiness says of a visit while it is typed: for each area, and beside its fields."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string

from consultations.actions.courses import never_overridden
from consultations.admin.parts.access_log import shown
from consultations.admin.parts.forms import is_key
from consultations.admin.parts.half_filled import typed
from consultations.admin.session.checks import wrong_units
from consultations.models import TreatmentSession
from consultations.models.health import HealthScreen
from consultations.rules.readiness import check
from consultations.rules.readiness.settings import SETTINGS
from consultations.summaries.devices import modes_in_service
from consultations.summaries.facts import session_facts
from consultations.summaries.visit import visit_of
from consultations.vocabulary import Level

from .page import day_of, may_record, plan_asked_for


def visit_check(model_admin, request, object_id):
    """Judge a half-filled visit, with nothing written; for those who may record it."""
    if not may_record(request.user):
        raise PermissionDenied
    patient = model_admin.record_or_404(request, object_id, "consultations.view_clinical")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    shown(request, patient)
    day = day_of(request)
    modes = {str(mode.pk): mode for mode in modes_in_service(day)}
    visit = visit_of(patient, day, asked_for=plan_asked_for(request))
    included = [one for one in visit.areas if f"plan-{one.plan.pk}-include" in request.POST]
    return JsonResponse(
        {f"plan-{one.plan.pk}": _checked(one, request, modes, visit) for one in included}
    )


def _checked(area, request, modes, visit):
    session = _typed_session(area, request, modes)
    found = check(
        session_facts(
            session,
            last=area.last,
            told=visit.told,
            events=area.events,
            past=visit.past,
            authorised=visit.authorised,
            consents=area.consents,
            clinic=visit.clinic,
        )
    )
    # What is still to be asked is no reason to stop before all was asked.
    findings = [one for one in found if not _is_to_ask(one)]
    blocking = [one for one in findings if one.level == Level.BLOCK]
    said = {
        "findings": [one.as_json() for one in findings],
        "to_ask": [one.message for one in found if _is_to_ask(one)],
        "needs_laser": session.laser_mode is None,
    }
    return {
        "html": render_to_string("admin/consultations/live_findings.html", said),
        "can_override": bool(blocking) and not never_overridden(blocking),
        "fields": _beside_fields(area, session, findings),
    }


def _is_to_ask(finding):
    is_blank = finding.id == "eyewear" and finding.level == Level.CAUTION
    return is_blank or finding.id == "screen.required"


def _typed_session(area, request, modes):
    prefix = f"plan-{area.plan.pk}-"
    of_the_area = (*TreatmentSession.CHECK_FIELDS, *SETTINGS, "eyewear_worn", "antiviral_given")
    session = TreatmentSession(
        plan=area.plan,
        performed_on=day_of(request),
        operator_id=_operator(request),
        laser_mode=modes.get(request.POST.get(f"{prefix}laser_mode", "")),
        **typed(TreatmentSession, HealthScreen.FIELDS, request.POST),
        **typed(TreatmentSession, of_the_area, request.POST, prefix),
    )
    return session


def _operator(request):
    key = request.POST.get("operator", "")
    return int(key) if is_key(key) else None


def _beside_fields(area, session, findings):
    """What is said beside a field; the weightiest comes first, and so has the last word."""
    said = {one.subject: one.message for one in reversed(findings) if one.subject in SETTINGS}
    values = {name: getattr(session, name) for name in SETTINGS}
    said |= wrong_units(session.laser_mode, session.performed_on, values)
    return {f"plan-{area.plan.pk}-{name}": words for name, words in said.items()}
