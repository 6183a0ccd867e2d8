"""Recording a visit: every area that is treated on the day, on one page, saved as one."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from consultations.actions.courses import keep_session
from consultations.actions.drafts import discard_draft
from consultations.actions.signing import may_sign, sign
from consultations.admin.pages.drafts import address_of, draft_of
from consultations.admin.pages.merged import led_on
from consultations.admin.parts.asking import sign_unasked_url, words_unasked
from consultations.admin.parts.displays import admin_url, consent_chip, consent_step
from consultations.admin.parts.forms import is_key
from consultations.admin.parts.half_filled import typed
from consultations.admin.parts.patches import patch_steps
from consultations.admin.session.telling import tell_findings, tell_progress
from consultations.admin.visit.form import AreaForm, VisitForm, area_form, visit_form
from consultations.models import Patient, TreatmentSession
from consultations.models.days import EARLIEST_BIRTH
from consultations.models.health import HealthScreen
from consultations.permissions import writes_clinical
from consultations.summaries.asking import number_unasked
from consultations.summaries.devices import modes_in_service
from consultations.summaries.visit import Visit, visit_of


@dataclass(frozen=True)
class Forms:
    """The forms of one visit: what is asked once, and a card for each area."""

    visit: Visit
    shared: VisitForm
    cards: list[AreaForm]

    @property
    def included(self):
        """The areas that are treated and not stored yet."""
        return [card for card in self.cards if card.is_included and not card.is_stored]

    def are_valid(self):
        """Every form is asked, so that all messages are shown at once."""
        if not self.included:
            self.shared.add_error(None, _("Choose at least one area that was treated."))
        valid = [card.is_valid() for card in self.included]
        return self.shared.is_valid() and all(valid)


def visit(model_admin, request, object_id):
    """Show or save a visit; for those who read clinical fields and record sessions."""
    if not may_record(request.user):
        raise PermissionDenied
    patient = model_admin.record_or_404(request, object_id, "consultations.view_clinical")
    if patient.merged_into_id:
        return led_on(model_admin, request, patient, "visit")
    if patient.in_error:
        raise PermissionDenied
    if patient.erased_at:
        words = _("This person's data were erased. Nothing can be added.")
        model_admin.message_user(request, words, messages.ERROR)
        return HttpResponseRedirect(admin_url("patient", "chart", patient.pk))
    if request.method == "POST":
        return model_admin.once_more(request, lambda: _post(model_admin, request, patient))
    return _page(model_admin, request, patient, _forms(model_admin, request, patient))


def may_record(user):
    return writes_clinical(user) and user.has_perm("consultations.add_treatmentsession")


def _post(model_admin, request, patient):
    locked = Patient.objects.locked(patient.pk)
    forms = _forms(model_admin, request, locked)
    for area in forms.visit.areas:
        area.plan.is_as_it_stands = True
    stored = [card for card in forms.cards if card.is_included and card.is_stored]
    if stored and not forms.included:
        words = _("This visit was already saved. Nothing was stored twice.")
        model_admin.message_user(request, words, messages.INFO)
    elif not forms.are_valid():
        return _page(model_admin, request, patient, forms)
    else:
        for card in forms.included:
            _save(model_admin, request, card)
        discard_draft(form=address_of(request), by=request.user)
    return HttpResponseRedirect(admin_url("patient", "chart", patient.pk))


def _save(model_admin, request, card):
    session = card.save(commit=False)
    session.form_token = card.own_token
    session = keep_session(session=session, by=request.user, checked=True)
    tell_progress(model_admin, request, session)
    tell_findings(model_admin, request, session)
    if "_sign" in request.POST and may_sign(session, request.user):
        _sign(model_admin, request, session)


def _sign(model_admin, request, session):
    """Sign a session; where questions were not asked, its own page asks once more."""
    if not (number := number_unasked(session)):
        sign(record=session, by=request.user)
        return
    words = format_html(
        '{}: {} <a class="step" href="{}">{}</a>',
        session.plan.assessment.get_area_display(),
        words_unasked(number),
        sign_unasked_url(session),
        _("Open session"),
    )
    model_admin.message_user(request, words, messages.WARNING)


def _forms(model_admin, request, patient):
    data = request.POST if request.method == "POST" else None
    asked_for, day = plan_asked_for(request), day_of(request)
    found = visit_of(patient, day, asked_for=asked_for)
    session_admin = model_admin.admin_site.get_model_admin(TreatmentSession)
    shared = visit_form(
        session_admin, request, data, patient=patient, day=day, answers=found.answers
    )
    any_due = any(area.is_due for area in found.areas)
    modes = modes_in_service(day)
    cards = [
        area_form(
            session_admin,
            request,
            data,
            shared=shared,
            area=area,
            modes=modes,
            visit=found,
            include=area.plan.pk == asked_for or (area.is_due or not (any_due or asked_for)),
        )
        for area in found.areas
    ]
    if data is not None:
        _mark_stored(cards)
    return Forms(found, shared, cards)


def plan_asked_for(request):
    """The key of the plan whose page led here, or None."""
    key = request.GET.get("plan", "")
    return int(key) if is_key(key) else None


def day_of(request):
    """The day of the visit: as it was typed, as the address has it, or today."""
    data = request.POST if request.method == "POST" else {"performed_on": request.GET.get("on", "")}
    day = typed(TreatmentSession, ["performed_on"], data).get("performed_on")
    today = timezone.localdate()
    return day if day and EARLIEST_BIRTH <= day <= today else today


def _mark_stored(cards):
    """An area whose card was posted before, and stored, is not stored again."""
    tokens = {card.own_token: card for card in cards if card.own_token}
    stored = TreatmentSession.objects.filter(form_token__in=tokens)
    for token in stored.values_list("form_token", flat=True):
        tokens[token].is_stored = True


def _consent(area, request):
    """Where consent leaves an area that waits for it, and the step to take; None of others."""
    if area.standing.is_given:
        return None
    step = consent_step(area.plan, area.standing, request.user)
    waits = step is not None and step.is_primary
    return consent_chip(area.standing, request.user), step if waits else None


def _page(model_admin, request, patient, forms):
    title = _("Record sessions")
    context = {
        **model_admin.page_context(request, patient, title),
        "sees_clinical": True,
        "alerts_now": forms.visit.alerts,
        "areas": [
            (area, card, patch_steps(area.plan.assessment, request.user), _consent(area, request))
            for area, card in zip(forms.visit.areas, forms.cards, strict=True)
        ],
        "form": forms.shared,
        "health": [forms.shared[name] for name in HealthScreen.FIELDS],
        "asked_on": forms.visit.asked_on,
        "errors": request.method == "POST",
        "draft": draft_of(request),
        "draft_address": address_of(request),
        "draft_title": f"{title} · {patient}",
        "may_sign": request.user.has_perm("consultations.sign_treatmentsession"),
        "may_override": request.user.has_perm("consultations.override_treatmentsession"),
        "check_url": f"{admin_url('patient', 'visit_check', patient.pk)}?{request.GET.urlencode()}",
        "chart_url": admin_url("patient", "chart", patient.pk),
    }
    return TemplateResponse(request, "admin/consultations/visit.html", context)
