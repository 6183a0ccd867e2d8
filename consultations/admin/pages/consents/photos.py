"""Consent to photos, and apart from it to their use in advertising: read and signed on a page that
the patient holds."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.consents import CHANGED, give_patient_consent
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.forms import is_key
from consultations.models import ConsentWording
from consultations.models.first_wordings import first_wording
from consultations.rules.protocol import ADULT_AGE
from consultations.vocabulary import ConsentKind

from .signing import RefusalForm, SigningForm, add_refusal, is_refused, thank


def photo_consent(model_admin, request, object_id):
    return _consent_to(ConsentKind.PHOTO, _("Consent to photos"), model_admin, request, object_id)


def publicity_consent(model_admin, request, object_id):
    title = _("Consent to photos in advertising")
    return _consent_to(ConsentKind.PUBLICITY, title, model_admin, request, object_id)


def _consent_to(kind, title, model_admin, request, object_id):
    """Show the words, and store the signed consent; `stamp` names the wording that was shown."""
    patient = model_admin.record_or_404(request, object_id, "consultations.add_consent")
    page = "photos" if kind == ConsentKind.PHOTO else "consents"
    back = admin_url("patient", page, patient.pk)
    if patient.why_ended:
        model_admin.message_user(request, patient.why_ended, messages.ERROR)
        return HttpResponseRedirect(back)
    wording = ConsentWording.objects.current(kind)
    is_minor = patient.age_on(timezone.localdate()) < ADULT_AGE
    stamp = str(wording.pk) if wording else ""
    typed = request.POST if request.method == "POST" else None
    refuses = typed is not None and "_refuse" in typed
    beside = request.POST.dict()  # also beside the button that was pressed: it is not lost
    initial = beside | {"stamp": stamp, "token": uuid4()}
    form = SigningForm(None if refuses else typed, asks_guardian=is_minor, initial=initial)
    refusal = RefusalForm(typed if refuses else None, initial=beside)
    if refuses and refusal.is_valid() and is_refused(request, patient, kind, refusal):
        model_admin.message_user(request, _("Recorded: not agreed."), messages.SUCCESS)
        return HttpResponseRedirect(back)
    if typed is not None and not refuses and form.is_valid():
        if _is_kept(request, patient, kind, form):
            return HttpResponseRedirect(f"{request.path}?signed=1")
    elif "signed" in request.GET:
        return thank(model_admin, request, patient, back)
    context = {
        **model_admin.page_context(request, patient, title),
        "text": wording.text if wording else first_wording(kind),
        "stamp": stamp,
        "form": form,
        "refusal": refusal,
        "back_url": back,
    }
    return TemplateResponse(request, "admin/consultations/consents/photos.html", context)


def _is_kept(request, patient, kind, form):
    key = form.cleaned_data["stamp"]
    shown = ConsentWording.objects.filter(pk=key).first() if is_key(key) else None
    try:
        with transaction.atomic():
            give_patient_consent(
                kind=kind,
                patient=patient,
                wording=shown,
                given_on=timezone.localdate(),
                by=request.user,
                **form.signed(),
            )
    except ValidationError as refusal:
        add_refusal(form, refusal)
        if refusal.messages == [CHANGED]:
            form.forget_signature()  # it was drawn below other words
        return False
    return True
