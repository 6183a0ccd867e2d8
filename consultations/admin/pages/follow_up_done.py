"""Writing what came of a follow-up, or that nobody answered, from wherever it is shown."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from consultations.actions.follow_ups import complete_follow_up, record_no_answer

from .quick_actions import act


def follow_up_done(model_admin, request, object_id):
    """Complete a follow-up with the words posted; for those who may change it."""
    follow_up = _may_change(model_admin, request, object_id)

    def do(words):
        complete_follow_up(follow_up=follow_up, outcome=words, by=request.user)

    return act(model_admin, request, follow_up, do, _("The follow-up is done."))


def follow_up_no_answer(model_admin, request, object_id):
    """Write that nobody answered; for those who may change the follow-up, which stays open."""
    follow_up = _may_change(model_admin, request, object_id)

    def do(words):
        record_no_answer(follow_up=follow_up, words=words, by=request.user)

    told = _("Still open: try once more, or hand it to somebody by name.")
    return act(model_admin, request, follow_up, do, told)


def _may_change(model_admin, request, object_id):
    follow_up = model_admin.record_or_404(request, object_id)
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    return follow_up
