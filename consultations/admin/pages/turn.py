"""Turning a photo that lies on its side: one press from its page."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from consultations.actions.photos import turn_photo
from consultations.admin.parts.forms import is_key

from .quick_actions import act


def turn(model_admin, request, object_id):
    photo = model_admin.record_or_404(request, object_id, "consultations.change_photo")
    if not model_admin.has_change_permission(request, photo):
        raise PermissionDenied
    degrees = request.POST.get("degrees", "")
    degrees = int(degrees) if is_key(degrees) else None

    def do(words):
        turn_photo(photo=photo, degrees=degrees, by=request.user)

    done = _("Turned. The photo as it was is kept, marked as entered in error.")
    return act(model_admin, request, photo, do, done)
