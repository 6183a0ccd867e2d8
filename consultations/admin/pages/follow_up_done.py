"""Writing what came of a follow-up, from wherever it is shown."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from consultations.actions.follow_ups import complete_follow_up

from .acts import act


def follow_up_done(model_admin, request, object_id):
    """Complete a follow-up with the words posted; for those who may change it."""
    follow_up = model_admin.record_or_404(request, object_id)
    if not model_admin.has_change_permission(request):
        raise PermissionDenied

    def do(words):
        complete_follow_up(follow_up=follow_up, outcome=words, by=request.user)

    return act(model_admin, request, follow_up, do, _("The follow-up is done."))
