"""Asking, in the same save, what becomes of appointments that a course has no use for any more."""

from django.contrib import messages
from django.contrib.messages import get_messages
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from consultations.actions.left_booked import cancel_left, left_booked
from consultations.admin.parts.access_log import opened
from consultations.admin.parts.displays import admin_url
from consultations.models import TreatmentPlan
from consultations.models.text import moment_in_words
from consultations.models.transactions import saved_here
from consultations.vocabulary import AccessKind

CHOICE, KEEP, CANCEL = "left_booked", "keep", "cancel"
MAY_CANCEL = "consultations.change_appointment"


def asked_what_is_left(model_admin, request, save):
    """Answer a post by `save()`, in one transaction. Where that left appointments booked for a
    course that has no use for them, and nobody said what becomes of them, nothing is saved: the
    answer is a page that asks, and posts all of it again with the choice."""
    left = []
    with transaction.atomic():
        answer = save()
        changed = saved_here(TreatmentPlan)
        if changed and request.user.has_perm(MAY_CANCEL):
            left = left_booked(changed)
        choice = request.POST.get(CHOICE)
        if left and choice not in (KEEP, CANCEL):
            transaction.set_rollback(True)
        else:
            for one in left:
                _settle(model_admin, request, one, choice)
            return answer
    # What was said of a save that did not come to be is not said.
    get_messages(request)._queued_messages.clear()
    return _page(model_admin, request, left)


def _settle(model_admin, request, left, choice):
    """Cancel or keep, and say so."""
    if choice == CANCEL:
        cancel_left(left, by=request.user)
    words = (
        _("{area}, cancelled: {when}") if choice == CANCEL else _("{area}, still booked: {when}")
    )
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        (
            (admin_url("appointment", "change", one.pk), moment_in_words(one.starts_at))
            for one in left.appointments
        ),
    )
    said = format_html(words, area=left.plan.assessment.get_area_display(), when=links)
    model_admin.message_user(request, said, messages.INFO)


def _page(model_admin, request, left):
    patient = left[0].plan.patient
    opened(request, AccessKind.RECORD, patient=patient)
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in (CHOICE, "csrfmiddlewaretoken")
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Keep the appointments?"),
        "opts": model_admin.opts,
        "patient": patient,
        "left": left,
        "posted": posted,
        "choice": CHOICE,
    }
    return TemplateResponse(request, "admin/consultations/left_booked.html", context)
