"""What is said once a session was saved."""

from django.contrib import messages
from django.utils.html import format_html
from django.utils.translation import gettext as _

from consultations.admin.parts.displays import booking_url
from consultations.admin.parts.documents import document_steps
from consultations.summaries.progress import progress_of
from consultations.vocabulary import Level, PlanStatus


def tell_progress(model_admin, request, session):
    """How far the course has come, and the way to book its next session and to what is handed over
    after one."""
    progress = progress_of([session.plan])[session.plan_id]
    words = _("%(area)s: %(words)s sessions done.") % {
        "area": session.plan.assessment.get_area_display(),
        "words": progress.words,
    }
    goes_on = session.plan.status == PlanStatus.ACTIVE
    if goes_on and not progress.booked_for:
        book = booking_url(session.plan)
        words = format_html('{} <a class="step" href="{}">{}</a>', words, book, _("Book next"))
    if not session.performed_elsewhere:
        for step in document_steps(session, request.user):
            words = format_html('{} <a class="step" href="{}">{}</a>', words, step.url, step.label)
    model_admin.message_user(request, words, messages.SUCCESS)


def tell_findings(model_admin, request, session):
    """What was overridden or cautioned."""
    for finding in session.findings:
        words = f"{finding['message']} {finding['hint']}"
        if finding["level"] == Level.BLOCK:
            words = _("Overridden: %(words)s") % {"words": words}
        model_admin.message_user(request, words, messages.WARNING)
