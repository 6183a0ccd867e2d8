"""Marking one record as entered in error, with a reason. It stays visible, struck through."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.signing import mark_in_error
from consultations.admin.pages.left_booked import asked_what_is_left
from consultations.admin.parts.displays import words_paused
from consultations.models import StaleRecordError
from consultations.models.text import REASON_LENGTH, readable

MOVED_ON = gettext_lazy("Somebody has just changed this. Check it, then try again.")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why was this entered in error?"),
        max_length=REASON_LENGTH,
        validators=[readable],
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    read_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, initial={"read_version": record.version}, **kwargs)
        self.record = record

    def clean(self):
        if self.cleaned_data.get("read_version") != self.record.version:
            self.data = self.data | {"read_version": self.record.version}
            raise ValidationError(MOVED_ON)
        return self.cleaned_data


def entered_in_error(model_admin, request, object_id):
    """Ask for the reason, then mark the record; only those who may."""
    record = model_admin.record_or_404(request, object_id, model_admin.marks_in_error)
    if not model_admin.may_mark_in_error(request, record):
        raise PermissionDenied
    if request.method == "POST":
        return asked_what_is_left(model_admin, request, lambda: _post(model_admin, request, record))
    return _page(model_admin, request, record, ReasonForm(record=record))


def _post(model_admin, request, record):
    form = ReasonForm(request.POST.dict(), record=record)
    if form.is_valid():
        try:
            with transaction.atomic():
                mark_in_error(record=record, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        except StaleRecordError:
            form.add_error(None, MOVED_ON)
        else:
            model_admin.message_user(
                request, _("Marked as entered in error. It no longer counts."), messages.SUCCESS
            )
            for plan in record.paused:
                model_admin.message_user(request, words_paused(plan), messages.WARNING)
            return HttpResponseRedirect(model_admin.url_of(record))
    return _page(model_admin, request, record, form)


def _page(model_admin, request, record, form):
    context = model_admin.page_context(request, record, _("Entered in error")) | {"form": form}
    return TemplateResponse(request, "admin/consultations/entered_in_error.html", context)
