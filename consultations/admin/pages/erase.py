"""Erasing a person: first what goes and what stays, then the reason and the number once more."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.photo_uses import shown_uses
from consultations.models import PhotoUse
from consultations.models.text import REASON_LENGTH, readable
from consultations.summaries.person import outline_of, person_of, records_of
from consultations.trust.erasure import erase as erase_person
from consultations.trust.erasure import refuse_erased
from consultations.trust.retention import retention_of


class ErasureForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        validators=[readable],
        help_text=gettext_lazy(
            "This reason is kept permanently. Leave out names, numbers and contacts."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    legal_reason = forms.CharField(
        label=gettext_lazy("Legal reason to erase before the retention period ends"),
        required=False,
        max_length=REASON_LENGTH,
        validators=[readable],
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    confirm = forms.CharField(
        label=gettext_lazy("Type the record number to confirm"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args, patient, retention, **kwargs):
        super().__init__(*args, **kwargs, label_suffix="")
        self.patient = patient
        if retention.is_over:
            del self.fields["legal_reason"]
        else:
            self.fields["legal_reason"].required = True

    def clean_confirm(self):
        typed = self.cleaned_data["confirm"].strip().upper()
        if typed != self.patient.record_number:
            raise ValidationError(_("This is not the record number of this patient."))
        return typed

    def erase(self, by):
        """Erase the person; False, with the reasons in the form, where that is refused."""
        try:
            erase_person(
                patient=self.patient,
                by=by,
                reason=self.cleaned_data["reason"],
                legal_reason=self.cleaned_data.get("legal_reason", ""),
            )
        except ValidationError as refusal:
            for name, told in refusal.update_error_dict({}).items():
                self.add_error(name if name in self.fields else None, told)
            return False
        return True


def erase(model_admin, request, object_id):
    """Show what erasing means for this person, and do it once confirmed; for whoever may."""
    patient = model_admin.record_or_404(request, object_id, "consultations.erase_patient")
    chart = admin_url("patient", "chart", patient.pk)
    try:
        refuse_erased(patient)
    except ValidationError as refusal:
        model_admin.message_user(request, " ".join(refusal.messages), messages.INFO)
        return HttpResponseRedirect(chart)
    person = person_of(patient)
    retention = retention_of(person)
    form = ErasureForm(request.POST or None, patient=patient, retention=retention)
    if request.method == "POST" and form.is_valid() and form.erase(request.user):
        model_admin.message_user(request, _("Erased."), messages.SUCCESS)
        return HttpResponseRedirect(chart)
    context = {
        **model_admin.page_context(request, patient, _("Erase")),
        "record_url": chart,
        "form": form,
        "retention": retention,
        "merged": person[1:],
        "outline": outline_of(person),
        "still_up": _still_up(person, request.user),
    }
    return TemplateResponse(request, "admin/consultations/erase.html", context)


def _still_up(person, user):
    """Where photos of the person are still shown: once erased, nobody can tell any more."""
    keys = records_of(person, PhotoUse).values("pk")
    uses = PhotoUse.objects.up().filter(pk__in=keys).select_related("photo")
    return shown_uses(uses.order_by("since", "pk"), user)
