"""What is said once a form was saved, and where staff go next."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.actions.drafts import discard_draft
from consultations.admin.pages.drafts import address_of
from consultations.admin.parts.asking import sign_unasked_url
from consultations.models import patient_of
from consultations.permissions import sees_clinical


class Saved:
    """Messages after saving, and the next page."""

    def after_save(self, request, obj):
        """Where staff go next: the patient's chart for those who may read it."""
        patient = patient_of(obj)
        if patient is not None and sees_clinical(request.user):
            return reverse("admin:consultations_patient_chart", args=[patient.pk])
        return reverse(f"admin:consultations_{self.model._meta.model_name}_changelist")

    def save_leaves_page(self, request):
        """Whether Save leads elsewhere, so that there is a reason to save and stay."""
        return True

    def response_add(self, request, obj, post_url_continue=None):
        return self._response_signed(request, obj) or self._response_saved(request, obj, added=True)

    def response_change(self, request, obj):
        return self._response_signed(request, obj) or self._response_saved(request, obj)

    def _response_saved(self, request, obj, *, added=False):
        words = self.added_words(request, obj) if added else self.saved_words(obj)
        self.message_user(request, words, messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(self.url_of(obj))
        return self.response_post_save_change(request, obj)

    def added_words(self, request, obj):
        return self.saved_words(obj)

    def saved_words(self, obj):
        patient, what = patient_of(obj), self.title_of(obj)
        if patient in (None, obj):
            return _("Saved: %(what)s.") % {"what": what}
        return _("Saved for %(who)s: %(what)s.") % {"who": patient.full_name, "what": what}

    def _response_signed(self, request, obj):
        """Of what was signed that is said, instead of that it was saved."""
        discard_draft(form=address_of(request), by=request.user)
        if not request.was_signed:
            return None
        self.message_user(request, _("Signed. It is now read-only."), messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def response_post_save_change(self, request, obj):
        if request.number_unasked:
            return HttpResponseRedirect(sign_unasked_url(obj))
        if not request.signs_what_was_seen:
            return HttpResponseRedirect(self.url_of(obj))
        return HttpResponseRedirect(self.after_save(request, obj))

    response_post_save_add = response_post_save_change
