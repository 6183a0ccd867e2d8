"""Recording that a consent was withdrawn: by everybody whom a patient may tell."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.consents import NO_LONGER_STANDS, withdraw
from consultations.admin.pages.left_booked import asked_what_is_left
from consultations.admin.parts.days import DayField
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.forms import is_key
from consultations.models import Consent, Patient, PhotoUse, patient_of
from consultations.models.text import REASON_LENGTH, readable

from .signing import add_refusal
from .states import name_of_consent


class WithdrawalForm(forms.Form):
    withdrawn_on = DayField(label=gettext_lazy("Withdrawn on"))
    no_reason = forms.CharField(
        label=gettext_lazy("Why, in the patient's words"),
        max_length=REASON_LENGTH,
        required=False,
        validators=[readable],
        help_text=gettext_lazy("No reason has to be given; write that, if so."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


def withdrawal(model_admin, request, object_id):
    """Ask for the day and the reason, then withdraw a consent."""
    if not request.user.has_perm("consultations.withdraw_consent"):
        raise PermissionDenied
    consent = _consent_told(object_id, request.user)
    patient = patient_of(consent)
    back = admin_url("patient", "consents", patient.pk)
    if not consent.is_given:
        model_admin.message_user(request, NO_LONGER_STANDS, messages.ERROR)
        return HttpResponseRedirect(back)
    of_patients = model_admin.admin_site.get_model_admin(Patient)
    today = {"withdrawn_on": timezone.localdate()}
    form = WithdrawalForm(request.POST or None, initial=today, label_suffix="")
    if request.method == "POST" and form.is_valid():
        answer = asked_what_is_left(
            model_admin, request, lambda: _withdraw(model_admin, request, consent, form)
        )
        if answer is not None:
            return answer
    context = {
        **of_patients.page_context(request, patient, _("Withdraw consent")),
        "form": form,
        "what": name_of_consent(consent),
        "back_url": back,
    }
    return TemplateResponse(request, "admin/consultations/consents/withdraw.html", context)


def _withdraw(model_admin, request, consent, form):
    """Where to go on, or None with the reasons in the form."""
    if not _is_kept(request, consent, form):
        return None
    words = _("The consent is withdrawn, effective at once.")
    model_admin.message_user(request, words, messages.SUCCESS)
    patient = patient_of(consent)
    up = PhotoUse.objects.to_take_down().filter(photo__patient=patient)
    if request.user.has_perm("consultations.view_photouse") and up.exists():
        told = _("A photo is still up: take it down.")
        model_admin.message_user(request, told, messages.WARNING)
    return HttpResponseRedirect(admin_url("patient", "consents", patient.pk))


def _consent_told(key, user):
    """A consent that this person is told of: of photos reception is not."""
    consents = Consent.objects.with_patient().select_related("wording")
    if not user.has_perm("consultations.view_photo"):
        consents = consents.filter(plan__isnull=False)
    found = consents.filter(pk=key).first() if is_key(key) else None
    if found is None:
        raise Http404
    return found


def _is_kept(request, consent, form):
    on, reason = form.cleaned_data["withdrawn_on"], form.cleaned_data["no_reason"]
    try:
        with transaction.atomic():
            withdraw(consent=consent, on=on, reason=reason, by=request.user)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return False
    return True
