"""Moving an unsigned consultation to the patient it is about: choose, preview, say why."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.moving import move_consultation, verdicts_of_move
from consultations.admin.parts.access_log import opened
from consultations.admin.parts.searches import redirect_posted_search
from consultations.models import StaleRecordError
from consultations.models.text import REASON_LENGTH, day_in_words, readable
from consultations.summaries.moving import move_of
from consultations.vocabulary import AccessKind

from .choose import candidates, sent_patient
from .previews import linked

MAY_MOVE = "consultations.move_consultation"


class MoveForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why does it belong to the other patient?"),
        max_length=REASON_LENGTH,
        validators=[readable],
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


def move(model_admin, request, object_id):
    """Show what moving would do, then do it; only those who may."""
    consultation = model_admin.record_or_404(request, object_id, MAY_MOVE)
    if answer := redirect_posted_search(request):
        return answer
    to = sent_patient(request, "to")
    if to is None:
        context = candidates(model_admin, request, consultation.patient, "to")
        return _page(model_admin, request, consultation, context)
    # Merged meanwhile, it is the record that went on.
    to, form = to.kept_record, MoveForm(request.POST or None)
    if request.method == "POST":
        if consultation.patient_id != to.pk:
            _do(model_admin, request, consultation, to, form)
            consultation.refresh_from_db()
        if consultation.patient_id == to.pk:
            words = _("The consultation is in the record of %(patient)s.") % {"patient": to}
            model_admin.message_user(request, words, messages.SUCCESS)
            return HttpResponseRedirect(model_admin.url_of(consultation))
    if to != consultation.patient:
        opened(request, AccessKind.RECORD, patient=to)
    preview = move_of(consultation, to)
    context = {
        "form": form,
        "to": to,
        "move": preview,
        "obstacles": linked(preview.obstacles),
        "verdicts": verdicts_of_move(preview),
    }
    return _page(model_admin, request, consultation, context)


def _page(model_admin, request, consultation, context):
    title = _("Move the consultation of %(day)s") % {"day": day_in_words(consultation.consulted_on)}
    context = model_admin.page_context(request, consultation, title) | context
    return TemplateResponse(request, "admin/consultations/move.html", context)


def _do(model_admin, request, consultation, to, form):
    """Move it; where that is refused, the form or a message says why."""
    if not form.is_valid():
        # Where something stands in the way, the page has no form that could say it.
        model_admin.message_user(request, _("Nothing was moved."), messages.ERROR)
        return
    try:
        move_consultation(
            consultation=consultation,
            to=to,
            reason=form.cleaned_data["reason"],
            by=request.user,
            previewed=request.POST.get("previewed", ""),
        )
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict"):
            form.add_error(None, refusal)
        # Each thing that stands in the way is told by the preview that follows.
        model_admin.message_user(request, _("Nothing was moved."), messages.ERROR)
    except StaleRecordError:
        words = _("Nothing was moved: something changed since you opened this page. Check it.")
        model_admin.message_user(request, words, messages.WARNING)
