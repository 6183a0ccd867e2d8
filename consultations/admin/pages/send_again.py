"""Sending a message that did not arrive once more, from wherever it is shown."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _

from consultations.actions.messages import send_again
from consultations.admin.parts.appointments import MAY_CHANGE
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.forms import is_key
from consultations.models import Message
from consultations.summaries.messages import messages_of

from .quick_actions import way_back


def send_message_again(model_admin, request, object_id):
    """Send one of a patient's messages again; for those who book."""
    patient = model_admin.record_or_404(request, object_id)
    if not request.user.has_perm(MAY_CHANGE):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    key = request.POST.get("message", "")
    message = Message.objects.filter(patient=patient, pk=key).first() if is_key(key) else None
    if message is None:
        raise Http404
    try:
        send_again(message=message, by=request.user)
    except ValidationError as refusal:
        model_admin.message_user(request, " ".join(refusal.messages), messages.ERROR)
    else:
        told = _("%(message)s: to be sent in the next minutes.") % {"message": message}
        model_admin.message_user(request, told, messages.SUCCESS)
    return HttpResponseRedirect(way_back(request) or model_admin.after_save(request, patient))


def messages_context(patient, user, about=None):
    """What `messages.html` shows of a patient, or of one appointment of theirs."""
    return {
        "messages_listed": messages_of(about or patient),
        "may_send": user.has_perm(MAY_CHANGE),
        "send_again_url": admin_url("patient", "send_again", patient.pk),
    }
