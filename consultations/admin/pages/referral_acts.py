"""What a press records of a referral: the surgeon's answer, another surgeon, how it ended."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.referral_steps import (
    answer_referral,
    close_referral,
    go_on,
    refer_to_another,
)
from consultations.admin.parts.days import DayField
from consultations.vocabulary import SurgeonAnswer

from .quick_actions import act

DAY = DayField(error_messages={"required": gettext_lazy("Give the date.")})


def referral_accepted(model_admin, request, object_id):
    return _answered(model_admin, request, object_id, SurgeonAnswer.ACCEPTED, _("Accepted today."))


def referral_declined(model_admin, request, object_id):
    told = _("Declined today. The referral can go to another surgeon.")
    return _answered(model_admin, request, object_id, SurgeonAnswer.DECLINED, told)


def _answered(model_admin, request, object_id, answer, told):
    referral = _may_change(model_admin, request, object_id)

    def do(words):
        answer_referral(referral=referral, answer=answer, by=request.user)

    return act(model_admin, request, referral, do, told)


def referral_to_another(model_admin, request, object_id):
    """Put a referral back among those to send."""
    referral = _may_change(model_admin, request, object_id)

    def do(words):
        refer_to_another(referral=referral, by=request.user)

    return act(model_admin, request, referral, do, _("To send again, to another surgeon."))


def referral_goes_on(model_admin, request, object_id):
    """Record the day of the operation, or that on which the patient had recovered."""
    referral = _may_change(model_admin, request, object_id)

    def do(words):
        go_on(referral=referral, day=DAY.clean(request.POST.get("day", "")), by=request.user)

    return act(model_admin, request, referral, do, _("The day is recorded."))


def referral_close(model_admin, request, object_id):
    """Close a referral with the words posted."""
    referral = _may_change(model_admin, request, object_id)

    def do(words):
        close_referral(referral=referral, words=words, by=request.user)

    return act(model_admin, request, referral, do, _("The referral is closed."))


def _may_change(model_admin, request, object_id):
    referral = model_admin.record_or_404(request, object_id)
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    return referral
