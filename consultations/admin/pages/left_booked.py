"""Asking, in the same save, what becomes of appointments that a course has no use for any more."""

from django.contrib import messages
from django.contrib.messages import get_messages
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from consultations.actions.left_booked import cancel_left, left_booked
from consultations.admin.parts.access_log import opened
from consultations.admin.parts.appointments import MAY_CHANGE
from consultations.admin.parts.displays import admin_url
from consultations.models import TreatmentPlan
from consultations.models.text import moment_in_words
from consultations.models.transactions import saved_here
from consultations.summaries.appointments import with_courses
from consultations.vocabulary import AccessKind

CHOICE, KEEP, CANCEL = "left_booked", "keep", "cancel"
SHOWN = "left_booked_shown"


def asked_what_is_left(model_admin, request, save):
    """Answer a post by `save()`, in one transaction. Where that left appointments booked for a
    course that has no use for them, and nobody said what becomes of them, nothing is saved: the
    answer is a page that asks, and posts all of it again with the choice."""
    left = []
    with transaction.atomic():
        answer = save()
        changed = saved_here(TreatmentPlan)
        if changed and request.user.has_perm(MAY_CHANGE):
            left = left_booked(changed)
        choice = request.POST.get(CHOICE)
        if left and not (choice in (KEEP, CANCEL) and _all_were_shown(request, left)):
            transaction.set_rollback(True)
        else:
            for one in left:
                _settle(model_admin, request, one, choice)
            return answer
    drop_queued_messages(request)
    return _page(model_admin, request, left)


def drop_queued_messages(request):
    """Drop the messages that were queued by an attempt to save that failed."""
    get_messages(request)._queued_messages.clear()


def _all_were_shown(request, left):
    """Whether nothing was booked since the page asked."""
    shown = request.POST.getlist(SHOWN)
    return all(str(appointment.pk) in shown for one in left for appointment in one.appointments)


def _settle(model_admin, request, left, choice):
    """Cancel or keep, and say so."""
    if choice == KEEP:
        _tell(model_admin, request, left, _("{area}, still booked: {when}"), left.appointments)
        return
    changed = cancel_left(left, by=request.user)
    cancelled = [one for one in changed if not one.is_holding]
    goes_on = [one for one in changed if one.is_holding]
    _tell(model_admin, request, left, _("{area}, cancelled: {when}"), cancelled)
    _tell(model_admin, request, left, _("{area}, taken off what goes on: {when}"), goes_on)


def _tell(model_admin, request, left, words, appointments):
    if not appointments:
        return
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        (
            (admin_url("appointment", "change", one.pk), moment_in_words(one.starts_at))
            for one in appointments
        ),
    )
    said = format_html(words, area=left.plan.assessment.get_area_display(), when=links)
    model_admin.message_user(request, said, messages.INFO)


def _page(model_admin, request, left):
    for one in left:
        for appointment in with_courses(one.appointments):
            # For them it goes on, whichever is pressed.
            appointment.course_list = [
                course for course in appointment.course_list if course.plan_id != one.plan.pk
            ]
    patient = left[0].plan.patient
    opened(request, AccessKind.RECORD, patient=patient)
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in (CHOICE, SHOWN, "csrfmiddlewaretoken")
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("What becomes of the appointments?"),
        "opts": model_admin.opts,
        "patient": patient,
        "left": left,
        "posted": posted,
        "choice": CHOICE,
        "shown": SHOWN,
    }
    return TemplateResponse(request, "admin/consultations/left_booked.html", context)
