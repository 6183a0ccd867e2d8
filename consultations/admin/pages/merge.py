"""Merging two records of one person: choose the other, choose field by field, check, say why."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.moving import merge_patients, values_after, verdicts_of_merge
from consultations.admin.parts.access_log import opened
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.searches import redirect_posted_search
from consultations.models import StaleRecordError
from consultations.models.text import REASON_LENGTH, readable
from consultations.summaries.merging import KEEP, TELLS_APART, merge_of
from consultations.vocabulary import AccessKind

from .choose import candidates, sent_patient
from .merged import led_on
from .previews import linked

MAY_MERGE = "consultations.merge_patient"


class MergeForm(forms.Form):
    """A choice of side for each field that differs, and the reason."""

    reason = forms.CharField(
        label=gettext_lazy("How do you know this is the same person?"),
        max_length=REASON_LENGTH,
        validators=[readable],
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    def __init__(self, *args, merge, **kwargs):
        super().__init__(*args, **kwargs)
        self.merge = merge
        for choice in merge.choices:
            self.fields[choice.name] = forms.ChoiceField(
                label=choice.label,
                choices=[(offer.side, offer.words) for offer in choice.offers],
                initial=None if choice.is_clinical or choice.name in TELLS_APART else KEEP,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one.")},
            )

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            try:
                self.chosen = values_after(self.merge, self.values())
            except ValidationError as refusal:
                for name, told in refusal.message_dict.items():
                    self.add_error(name if name in self.fields else None, told)
        return cleaned

    def values(self):
        """The values of the chosen sides, by field."""
        return {
            choice.name: next(
                offer.value
                for offer in choice.offers
                if offer.side == self.cleaned_data[choice.name]
            )
            for choice in self.merge.choices
        }

    @property
    def questions(self):
        """Each choice and its field, whose radio buttons stand beside what each record says."""
        return [(choice, self[choice.name]) for choice in self.merge.choices]

    @property
    def answers(self):
        """What was chosen: the label, the words, and the side that is posted."""
        for choice in self.merge.choices:
            side = self.cleaned_data[choice.name]
            yield choice, next(offer for offer in choice.offers if offer.side == side)


def merge(model_admin, request, object_id):
    """Show what merging would do, then do it; only those who may."""
    keep = model_admin.record_or_404(request, object_id, MAY_MERGE)
    if keep.merged_into_id:
        return led_on(model_admin, request, keep, "merge")
    if answer := redirect_posted_search(request):
        return answer
    asked_for = sent_patient(request, "with")
    if asked_for is None:
        return _page(model_admin, request, keep, candidates(model_admin, request, keep, "with"))
    other = asked_for.kept_record
    if other == keep != asked_for:
        return _done(model_admin, request, keep, asked_for)
    preview = merge_of(keep, other)
    form = MergeForm(request.POST or None, merge=preview)
    checked = _is_checked(model_admin, request, form)
    if checked and "_merge" in request.POST:
        if _do(model_admin, request, form):
            return _done(model_admin, request, keep, other)
        preview, checked = merge_of(keep, other), False
    if other != keep:
        opened(request, AccessKind.RECORD, patient=other)
    context = {
        "form": form,
        "merge": preview,
        "obstacles": linked(preview.obstacles),
        "checked": checked,
        "verdicts": verdicts_of_merge(preview, form.chosen) if checked else (),
        "swap_url": admin_url("patient", "merge", other.pk, **{"with": keep.pk}),
    }
    return _page(model_admin, request, keep, context)


def _page(model_admin, request, keep, context):
    title = _("Merge two records of one person")
    context = model_admin.page_context(request, keep, title) | context
    return TemplateResponse(request, "admin/consultations/merge.html", context)


def _is_checked(model_admin, request, form):
    """Whether every choice was made about what is still so; else it is shown anew."""
    if request.method != "POST" or "_back" in request.POST or form.merge.obstacles:
        return False
    if request.POST.get("previewed", "") != form.merge.stamp:
        _say_stale(model_admin, request)
        return False
    return form.is_valid()


def _do(model_admin, request, form):
    """Merge them; False where that is refused, and a message says so."""
    try:
        merge_patients(
            keep=form.merge.keep,
            other=form.merge.other,
            reason=form.cleaned_data["reason"],
            values=form.values(),
            by=request.user,
            previewed=form.merge.stamp,
        )
    except (ValidationError, StaleRecordError):
        _say_stale(model_admin, request)
        return False
    return True


def _say_stale(model_admin, request):
    words = _("Nothing was merged: something changed since you opened this page. Check it.")
    model_admin.message_user(request, words, messages.WARNING)


def _done(model_admin, request, keep, other):
    words = _("%(number)s was merged into this record.") % {"number": other.record_number}
    model_admin.message_user(request, words, messages.SUCCESS)
    return HttpResponseRedirect(admin_url("patient", "chart", keep.pk))
