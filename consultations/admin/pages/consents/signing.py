"""What a signature posts: a name, a drawing or the name alone, and who it is of."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.consents import refuse_patient_consent
from consultations.admin.parts.days import DayField
from consultations.models import Consent
from consultations.models.signature import check_drawing
from consultations.models.text import REASON_LENGTH, readable

MOST_CHARACTERS = 200_000  # a drawing of the most points fits twice


class DrawingField(forms.CharField):
    """The points of a signature as the page's script posts them; [] without one."""

    widget = forms.HiddenInput

    def __init__(self, **options):
        super().__init__(required=False, max_length=MOST_CHARACTERS, **options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return []
        try:
            strokes = json.loads(text)
        except (ValueError, RecursionError):
            strokes = None
        if strokes == []:
            return strokes
        check_drawing(strokes)
        return strokes


class SigningForm(forms.Form):
    """Signed with a typed name and a drawing; who cannot draw signs by the name alone.

    `stamp` says what was read, `token` tells a form that was posted twice.
    """

    signed_name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        validators=Consent._meta.get_field("signed_name").validators,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    by_guardian = forms.BooleanField(
        label=gettext_lazy("I sign as the guardian of the patient"), required=False
    )
    points = DrawingField()
    name_alone = forms.BooleanField(
        label=gettext_lazy("My typed name is my signature; I do not draw one"), required=False
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, asks_guardian, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        if not asks_guardian:
            del self.fields["by_guardian"]

    def clean(self):
        cleaned = super().clean()
        signed = cleaned.get("points") or cleaned.get("name_alone")
        if not signed and "points" not in self.errors:
            self.add_error("points", _("Please sign in the box, or sign by your typed name."))
        return cleaned

    def forget_signature(self):
        """Ask for the signature anew, with all else as it was typed."""
        self.data = self.data.copy()
        for name in ("points", "name_alone"):
            self.data.pop(name, None)

    def signed(self):
        """The fields of the consent that the signature fills in."""
        return {
            "signed_name": self.cleaned_data["signed_name"],
            "by_guardian": self.cleaned_data.get("by_guardian", False),
            "points": [] if self.cleaned_data["name_alone"] else self.cleaned_data["points"],
        }


class RefusalForm(forms.Form):
    no_reason = forms.CharField(
        label=gettext_lazy("Why, in the patient's words"),
        max_length=REASON_LENGTH,
        required=False,
        validators=[readable],
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class PaperForm(forms.Form):
    """For courses that began before consent was recorded here: where the signed paper is."""

    signed_name = forms.CharField(
        label=gettext_lazy("Name as signed"),
        max_length=200,
        validators=Consent._meta.get_field("signed_name").validators,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    given_on = DayField(label=gettext_lazy("Signed on"))
    kept_at = forms.CharField(
        label=gettext_lazy("Kept at"),
        max_length=200,
        validators=[readable],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    by_guardian = forms.BooleanField(label=gettext_lazy("The guardian signed"), required=False)

    def __init__(self, *args, asks_guardian, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_guardian:
            del self.fields["by_guardian"]

    def signed(self):
        return self.cleaned_data


def add_refusal(form, refusal):
    """Show what an action refused beside the fields of a form, or above it."""
    for name, told in refusal.update_error_dict({}).items():
        for message in told:
            form.add_error(name if name in form.fields else None, ValidationError(message))


def is_refused(request, patient, kind, form):
    """Store that a patient does not agree; False, with the reasons in the form, where it cannot
    be."""
    try:
        with transaction.atomic():
            words = form.cleaned_data["no_reason"]
            refuse_patient_consent(kind=kind, patient=patient, reason=words, by=request.user)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return False
    return True


def thank(model_admin, request, record, back_url):
    """The device is in the patient's hands: nothing of the record is shown on this page."""
    context = model_admin.page_context(request, record, _("Thank you"))
    template = "admin/consultations/consents/thanks.html"
    return TemplateResponse(request, template, context | {"back_url": back_url})
