"""Adding to a signed record: a dated correction under it, while it stays as it was signed."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.drafts import discard_draft
from consultations.actions.signing import add_addendum, may_add_addendum
from consultations.models import Addendum
from consultations.models.text import NOTE_LENGTH
from consultations.permissions import sees_clinical

from .drafts import address_of, draft_of
from .signed import as_signed


class AddendumForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Addendum"),
        help_text=gettext_lazy("Signed with your name and the time. It cannot be edited later."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)


def addendum(model_admin, request, object_id):
    """Show what was signed and take an addendum to it; for those who may sign such a record."""
    signs_such = f"consultations.sign_{model_admin.opts.model_name}"
    record = model_admin.record_or_404(request, object_id, signs_such)
    if not (sees_clinical(request.user) and may_add_addendum(record, request.user)):
        raise PermissionDenied
    if request.method == "POST":
        return model_admin.once_more(request, lambda: _post(model_admin, request, record))
    if record.in_error or not record.is_signed:
        return _refuse(model_admin, request, record)
    form = AddendumForm(initial={"token": uuid4()}, label_suffix="")
    return _page(model_admin, request, record, form)


def _refuse(model_admin, request, record):
    if record.in_error:
        words = _("This was entered in error. Nothing can be added to it.")
    else:
        words = _("This is not signed yet. Edit it instead.")
    model_admin.message_user(request, words, messages.ERROR)
    return HttpResponseRedirect(model_admin.url_of(record))


def _post(model_admin, request, record):
    form = AddendumForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(model_admin, request, record, form)
    token = form.cleaned_data["token"]
    if token and Addendum.objects.filter(form_token=token).exists():
        words = _("This form was already saved. Nothing was stored twice.")
        model_admin.message_user(request, words, messages.INFO)
        return HttpResponseRedirect(model_admin.url_of(record))
    try:
        add_addendum(record=record, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        model_admin.message_user(request, " ".join(refusal.messages), messages.ERROR)
    else:
        discard_draft(form=address_of(request), by=request.user)
        words = _("Addendum signed. It is shown below the record.")
        model_admin.message_user(request, words, messages.SUCCESS)
    return HttpResponseRedirect(model_admin.url_of(record))


def _page(model_admin, request, record, form):
    title = _("Addendum")
    context = {
        **model_admin.page_context(request, record, title),
        **as_signed(record),
        "form": form,
        "errors": form.errors,
        "sees_clinical": True,
        "draft": draft_of(request),
        "draft_address": address_of(request),
        "draft_title": f"{title} · {record.patient}",
    }
    return TemplateResponse(request, "admin/consultations/addendum.html", context)
