"""Recording with one press that a photo is no longer shown outside the record."""

from django.utils.translation import gettext as _

from consultations.actions.photo_uses import take_down

from .quick_actions import act


def taken_down(model_admin, request, object_id):
    use = model_admin.record_or_404(request, object_id, "consultations.take_down_photouse")

    def do(words):
        take_down(use=use, by=request.user)

    return act(model_admin, request, use, do, _("Taken down today."))
