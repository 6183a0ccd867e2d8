"""Recording a visit: every area that is treated on the day, on one page, saved as one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from consultations.actions.courses import keep_session
from consultations.actions.drafts import discard_draft
from consultations.actions.signing import sign
from consultations.admin.displays import admin_url
from consultations.admin.typed import typed
from consultations.admin.visit import area_form, visit_form
from consultations.models import Draft, LaserMode, Patient, TreatmentSession
from consultations.models.health import HealthScreen
from consultations.rules.readiness import check
from consultations.rules.readiness.settings import SETTINGS, looks_like_wrong_unit, plain
from consultations.summaries.facts import session_facts
from consultations.summaries.progress import progress_of
from consultations.summaries.visit import areas_of
from consultations.vocabulary import Level, PlanStatus, SessionStatus

CHECKED_LIVE = (*HealthScreen.FIELDS, "performed_on")


def visit(model_admin, request, object_id):
    """Show or save a visit; for those who read clinical fields and record sessions."""
    patient = model_admin.record_or_404(request, object_id, "consultations.view_clinical")
    if not request.user.has_perm("consultations.add_treatmentsession") or patient.in_error:
        raise PermissionDenied
    if request.method == "POST":
        return model_admin.once_more(request, lambda: _post(model_admin, request, patient))
    return _page(model_admin, request, patient, *_forms(model_admin, request, patient, None))


@transaction.atomic
def _post(model_admin, request, patient):
    Patient.objects.locked(patient.pk)
    areas, shared, cards = _forms(model_admin, request, patient, request.POST)
    if already := _already_saved(cards, shared):
        model_admin.message_user(request, already, messages.INFO)
    elif not _all_valid(shared, cards):
        return _page(model_admin, request, patient, areas, shared, cards)
    else:
        _save(model_admin, request, shared, cards)
    discard_draft(form=request.get_full_path(), by=request.user)
    return HttpResponseRedirect(admin_url("patient", "chart", patient.pk))


def _all_valid(shared, cards):
    """Every form is asked, so that all messages are shown at once."""
    shared.full_clean()
    included = [card for card in cards if card.is_included]
    if not included:
        shared.add_error(None, _("Choose at least one area that was treated."))
    valid = [card.is_valid() for card in included]
    return shared.is_valid() and all(valid)


def _already_saved(cards, shared):
    """The words for a visit that was posted before; "" where it was not."""
    shared.full_clean()
    token = shared.cleaned_data.get("token")
    tokens = [card.token_of(token) for card in cards if card.is_included and token]
    if not tokens or TreatmentSession.objects.filter(form_token__in=tokens).count() < len(tokens):
        return ""
    return _("This visit was already saved. Nothing was stored twice.")


def _save(model_admin, request, shared, cards):
    for card in cards:
        if not card.is_included:
            continue
        session = card.save(commit=False)
        session.form_token = card.token_of(shared.cleaned_data.get("token"))
        session = keep_session(session=session, by=request.user)
        if "_sign" in request.POST and request.user.has_perm("consultations.sign_treatmentsession"):
            sign(record=session, by=request.user)
        _tell(model_admin, request, session)


def _tell(model_admin, request, session):
    """How far the course has come, what to do next, and what was overridden or cautioned."""
    progress = progress_of([session.plan])[session.plan_id]
    words = _("%(area)s: %(words)s sessions done.") % {
        "area": session.plan.assessment.get_area_display(),
        "words": progress.words,
    }
    if session.plan.status == PlanStatus.ACTIVE:
        book = admin_url("treatmentsession", "add", plan=session.plan_id, status="booked")
        words = format_html('{} <a class="step" href="{}">{}</a>', words, book, _("Book next"))
    model_admin.message_user(request, words, messages.SUCCESS)
    for finding in session.findings:
        said = f"{finding['message']} {finding['hint']}"
        if finding["level"] == Level.BLOCK:
            said = _("Overridden: %(words)s") % {"words": said}
        model_admin.message_user(request, said, messages.WARNING)


def _page(model_admin, request, patient, areas, shared, cards):
    latest = max((area.last for area in areas if area.last), key=_day, default=None)
    draft = Draft.objects.of(request.user).filter(form=request.get_full_path())
    context = {
        **model_admin.page_context(request, patient, _("Record sessions")),
        "sees_clinical": True,
        "areas": list(zip(areas, cards, strict=True)),
        "form": shared,
        "health": [shared[name] for name in HealthScreen.FIELDS],
        "latest": latest,
        "errors": request.method == "POST",
        "media": shared.media,
        "draft": draft.first() if request.method != "POST" else None,
        "draft_title": f"{_('Record sessions')} · {patient.full_name}",
        "may_sign": request.user.has_perm("consultations.sign_treatmentsession"),
        "may_override": request.user.has_perm("consultations.override_treatmentsession"),
        "check_url": admin_url("patient", "visit_check", patient.pk),
        "chart_url": admin_url("patient", "chart", patient.pk),
    }
    return TemplateResponse(request, "admin/consultations/visit.html", context)


def _day(session):
    return session.performed_on


def _forms(model_admin, request, patient, data):
    areas = areas_of(patient)
    session_admin = model_admin.admin_site.get_model_admin(TreatmentSession)
    asked_for = request.GET.get("plan", "")
    latest = max((area.last for area in areas if area.last), key=_day, default=None)
    consulted = max((area.plan.assessment.consultation for area in areas), key=_on, default=None)
    shared = visit_form(
        session_admin,
        request,
        data,
        last=latest or consulted,
        last_on=latest.performed_on if latest else consulted and consulted.consulted_on,
    )
    any_due = any(area.is_due or str(area.plan.pk) == asked_for for area in areas)
    if data is not None:
        shared.full_clean()
    modes = list(
        LaserMode.objects.standing().filter(laser__in_service=True).select_related("laser")
    )
    cards = [
        area_form(
            session_admin,
            request,
            data,
            visit=shared,
            session=area.session,
            last=area.last,
            include=area.is_due or str(area.plan.pk) == asked_for or not any_due,
            modes=modes,
        )
        for area in areas
    ]
    return areas, shared, cards


def _on(consultation):
    return consultation.consulted_on


# What readiness says while one types


def visit_check(model_admin, request, object_id):
    """Judge a half-filled visit: for each area its findings, and what is wrong beside a field."""
    patient = model_admin.record_or_404(request, object_id, "consultations.view_clinical")
    if request.method != "POST" or not request.user.has_perm("consultations.add_treatmentsession"):
        raise PermissionDenied
    shared = typed(TreatmentSession, CHECKED_LIVE, request.POST)
    areas = [area for area in areas_of(patient) if f"plan-{area.plan.pk}-include" in request.POST]
    return JsonResponse({f"plan-{area.plan.pk}": _checked(area, shared, request) for area in areas})


def _checked(area, shared, request):
    names = (*TreatmentSession.CHECK_FIELDS, "laser_mode", *TreatmentSession.SETTINGS)
    values = typed(TreatmentSession, names, request.POST, f"plan-{area.plan.pk}-")
    session = TreatmentSession(plan=area.plan, status=SessionStatus.DONE, **{**shared, **values})
    session.pk = area.session.pk
    found = check(session_facts(session, last=area.last))
    # What is still to be asked is no reason to stop before all was asked.
    findings = [one for one in found if one.id != "screen.required"]
    said = {"findings": [one.as_json() for one in findings], "to_ask": len(found) - len(findings)}
    html = render_to_string("admin/consultations/live_findings.html", said)
    # The weightiest come first, and so have the last word beside a field.
    fields = {
        f"plan-{area.plan.pk}-{one.subject}": one.message
        for one in reversed(findings)
        if one.subject in SETTINGS
    }
    blocks = any(one.level == Level.BLOCK for one in findings)
    return {"html": html, "blocks": blocks, "fields": fields | _wrong_units(area, session)}


def _wrong_units(area, session):
    envelope = session.laser_mode.envelope() if session.laser_mode else {}
    return {
        f"plan-{area.plan.pk}-{name}": _(
            "Ten times outside this mode's range (%(low)s to %(high)s): wrong unit?"
        )
        % {"low": plain(low_high[0]), "high": plain(low_high[1])}
        for name, low_high in envelope.items()
        if (value := getattr(session, name)) is not None and looks_like_wrong_unit(value, low_high)
    }
