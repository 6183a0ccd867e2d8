"""Countering an entry of a ledger in full, with a reason."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.money import counter, may_correct
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.documents import receipt_link
from consultations.models import ClinicSettings
from consultations.models.money import in_words
from consultations.models.text import REASON_LENGTH, readable


class CorrectForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What was wrong?"),
        help_text=gettext_lazy("No health details here."),
        max_length=REASON_LENGTH,
        validators=[readable],
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


def correct_payment(model_admin, request, object_id):
    """Ask for the reason, then counter the entry; only those who may."""
    payment = model_admin.record_or_404(request, object_id)
    if not may_correct(payment, request.user):
        raise PermissionDenied
    form = CorrectForm(request.POST if request.method == "POST" else None)
    ledger_url = admin_url("treatmentplan", "money", payment.plan_id)
    if request.method == "POST" and form.is_valid():
        try:
            entry = counter(payment=payment, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            words = _("%(number)s is countered.") % {"number": payment.receipt_number}
            told = format_html("{} {}", words, receipt_link(entry, request.user))
            model_admin.message_user(request, told, messages.SUCCESS)
            return HttpResponseRedirect(ledger_url)
    amount = in_words(payment.amount, ClinicSettings.objects.current().currency)
    context = model_admin.page_context(request, payment, _("Correct an entry"))
    context |= {"form": form, "amount": amount, "ledger_url": ledger_url}
    return TemplateResponse(request, "admin/consultations/correct_payment.html", context)
