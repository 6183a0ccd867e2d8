"""Writing that a booked session was missed or cancelled, from wherever it is shown."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from consultations.actions.courses import call_off
from consultations.models.text import day_in_words, moment_in_words
from consultations.vocabulary import SessionStatus

from .quick_actions import act

DONE = {
    SessionStatus.MISSED: _("%(who)s: the booking of %(when)s is marked as missed."),
    SessionStatus.CANCELLED: _("%(who)s: the booking of %(when)s is cancelled."),
}


def call_session_off(model_admin, request, object_id, status):
    """Mark a booking as missed or cancelled with the reason posted; for those who may change it."""
    session = model_admin.record_or_404(request, object_id)
    if status not in DONE:
        raise Http404
    if not model_admin.has_change_permission(request):
        raise PermissionDenied

    def do(words):
        call_off(session=session, status=status, reason=words, by=request.user)

    booked_for = session.booked_for
    when = moment_in_words(booked_for) if booked_for else day_in_words(session.day)
    named = {"who": session.patient, "when": when}
    return act(model_admin, request, session, do, DONE[status] % named)
