"""Consent to the treatment of a plan: read on the screen by the patient, signed or refused."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.consents import CHANGED, answer_treatment
from consultations.admin.pages.left_booked import asked_what_is_left
from consultations.admin.parts.displays import admin_url, may_take_consent
from consultations.admin.parts.forms import is_key
from consultations.models import ClinicSettings, Consent
from consultations.rules.protocol import ADULT_AGE
from consultations.summaries.consent_reading import reading_of
from consultations.summaries.consents import began_before

from .signing import PaperForm, RefusalForm, SigningForm, add_refusal, thank


def takes_consent(plan):
    return plan.stands and plan.is_open


def treatment_consent(model_admin, request, object_id):
    """Show what is read before consent to a plan; store the answer."""
    plan = model_admin.record_or_404(request, object_id, "consultations.add_consent")
    if not may_take_consent(request.user, plan):
        raise PermissionDenied
    if _just_signed(request, plan):
        return thank(model_admin, request, plan, admin_url("patient", "consents", plan.patient.pk))
    if not takes_consent(plan) or plan.patient.why_ended:
        words = _("This plan has ended. Consent is given to one that goes on.")
        model_admin.message_user(request, words, messages.ERROR)
        return HttpResponseRedirect(model_admin.url_of(plan))
    forms = _forms(request, plan)
    if request.method == "POST":
        if token_used(request, plan):
            return HttpResponseRedirect(request.path)
        answer = asked_what_is_left(
            model_admin, request, lambda: _answered(model_admin, request, plan, forms)
        )
        if answer is not None:
            return answer
    return _page(model_admin, request, plan, forms)


def _answered(model_admin, request, plan, forms):
    """Where to go on after the button that was pressed, or None with the reasons in its form."""
    for name, keep in (("_agree", _agree), ("_refuse", _refuse), ("_paper", _on_paper)):
        if name in request.POST and name in forms:
            return keep(model_admin, request, plan, forms[name])
    return None


def _forms(request, plan):
    def data(name):
        return request.POST if request.method == "POST" and name in request.POST else None

    is_minor = plan.patient.age_on(timezone.localdate()) < ADULT_AGE
    typed = request.POST.dict()  # also beside the button that was pressed: it is not lost
    initial = typed | {"token": uuid4()}
    forms = {
        "_agree": SigningForm(data("_agree"), asks_guardian=is_minor, initial=initial),
        "_refuse": RefusalForm(data("_refuse"), initial=typed),
    }
    if began_before(plan, ClinicSettings.objects.current()):
        forms["_paper"] = PaperForm(data("_paper"), asks_guardian=_was_minor(plan), prefix="paper")
    return forms


def token_used(request, plan):
    """Whether this very form was stored already: it was posted twice."""
    token = request.POST.get("token", "")
    return bool(token) and any(
        str(one.form_token) == token for one in Consent.objects.filter(plan=plan)
    )


def token_of(request):
    text = request.POST.get("token", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadRequest("no form of ours") from None


def _was_minor(plan):
    """Whether a guardian may have signed on paper, when the course began."""
    return plan.patient.age_on(plan.started_on) < ADULT_AGE


def _agree(model_admin, request, plan, form):
    if not form.is_valid():
        return None
    consent = _kept(request, plan, form, **form.signed(), form_token=form.cleaned_data["token"])
    if consent is None:
        return None
    return HttpResponseRedirect(f"{request.path}?signed={consent.pk}")


def _refuse(model_admin, request, plan, form):
    if not form.is_valid():
        return None
    words = form.cleaned_data["no_reason"]
    name = plan.patient.full_name
    said = {"refused": True, "no_reason": words, "form_token": token_of(request)}
    consent = _kept(request, plan, form, signed_name=name, **said)
    if consent is None:
        return None
    told = _("Recorded: the patient refused. No session can be recorded on this plan.")
    model_admin.message_user(request, told, messages.WARNING)
    return HttpResponseRedirect(admin_url("patient", "consents", plan.patient.pk))


def _on_paper(model_admin, request, plan, form):
    if not form.is_valid():
        return None
    if _kept(request, plan, form, **form.signed(), form_token=token_of(request)) is None:
        return None
    model_admin.message_user(request, _("The consent on paper is recorded."), messages.SUCCESS)
    return HttpResponseRedirect(admin_url("patient", "consents", plan.patient.pk))


def _kept(request, plan, form, **signed):
    """Store the answer; None, with the reasons in the form, where that cannot be."""
    signed.setdefault("given_on", timezone.localdate())
    stamp = request.POST.get("stamp", "")
    try:
        with transaction.atomic():
            return answer_treatment(plan=plan, stamp=stamp, by=request.user, **signed)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        if refusal.messages == [CHANGED] and isinstance(form, SigningForm):
            form.forget_signature()  # it was drawn below other words
    return None


def _just_signed(request, plan):
    key = request.GET.get("signed", "")
    return is_key(key) and Consent.objects.filter(pk=key, plan=plan).exists()


def _page(model_admin, request, plan, forms):
    reading = reading_of(plan)
    title = _("Consent to treatment")
    context = {
        **model_admin.page_context(request, plan, title),
        "plan": plan,
        "reading": reading,
        "form": forms["_agree"],
        "refusal": forms["_refuse"],
        "paper": forms.get("_paper"),
        "token": uuid4(),
        "back_url": admin_url("patient", "chart", plan.patient.pk),
    }
    return TemplateResponse(request, "admin/consultations/consents/sign.html", context)
