"""What happens to a posted form: locked, read once, saved, perhaps signed."""

from contextlib import suppress

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from consultations.actions.signing import may_sign, sign
from consultations.admin.pages.left_booked import asked_what_is_left, drop_queued_messages
from consultations.admin.parts.asked_for import by_key, refuse_buttons
from consultations.admin.parts.asking import not_agreed, words_unasked
from consultations.admin.parts.forms import is_key
from consultations.models import (
    Patient,
    SignedRecordError,
    StaleRecordError,
    TreatmentPlan,
    patient_of,
)
from consultations.models.record import SignedRecord
from consultations.models.transactions import is_deadlock
from consultations.summaries.signed_copy import seen_in

TOO_LATE = (IntegrityError, SignedRecordError, StaleRecordError, ValidationError)


class Saving:
    """A post is answered with its patient locked; whoever was slower by a moment is told."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        refuse_buttons(request, *(() if self.is_signed_here else ("_sign",)))
        return self.once_more(
            request, lambda: self._post(request, object_id, form_url, extra_context)
        )

    def once_more(self, request, post, back=None):
        """Answer a post, in one transaction; where somebody was quicker by a moment, run it again:
        it then sees and explains what the other did, on the page `back`."""
        try:
            return asked_what_is_left(self, request, post)
        except (*TOO_LATE, OperationalError) as refusal:
            if isinstance(refusal, OperationalError) and not is_deadlock(refusal):
                raise
            drop_queued_messages(request)
        try:
            return asked_what_is_left(self, request, post)
        except TOO_LATE as refusal:
            words = getattr(refusal, "messages", None) or [
                _("This could not be saved. Check the page and try again.")
            ]
            self.message_user(request, " ".join(words), messages.ERROR)
            return HttpResponseRedirect(back or request.get_full_path())

    def _post(self, request, object_id, form_url, extra_context):
        """Hold the patient before anything is read, so that all that is checked still stands
        when it is written."""
        self._lock_patient_posted_about(request, object_id)
        request.signs_what_was_seen = self._signs_what_was_seen(request, object_id)
        request.was_signed, request.number_unasked = False, 0
        # Django's own `changeform_view` would only open a savepoint around this.
        return self._answer_early(request, object_id) or self._changeform_view(
            request, object_id, form_url, extra_context
        )

    def _lock_patient_posted_about(self, request, object_id):
        """Let the request know the patient, locked, and the record as it then stands."""
        request.posted_about, request.locked_patient = (None, None), None
        request.locked_parent = None
        find = self._parent_posted_about
        if object_id is not None:
            find, object_id = self.get_object, unquote(object_id)
        elif "patient" in self.model.hangs_on and is_key(key := request.POST.get("patient", "")):
            with suppress(Patient.DoesNotExist):
                request.locked_patient = Patient.objects.locked(key)
            return
        record = find(request, object_id)
        if record is None or (patient := patient_of(record)) is None:
            return
        locked = request.locked_patient = Patient.objects.locked(patient.pk)
        record = find(request, object_id)
        if record is None or patient_of(record) != locked:
            raise StaleRecordError(_("This moved to another patient’s record. Reload the page."))
        if object_id is None:
            request.locked_parent = record
        else:
            request.posted_about = ((self.model, object_id), record)
        _let_know(record, locked)

    def _signs_what_was_seen(self, request, object_id):
        """Whether nothing was added to, taken from or changed in what is signed, since the page
        was opened."""
        if "_sign" not in request.POST or object_id is None:
            return True
        record = self.get_object(request, unquote(object_id))
        return record is None or request.POST.get("seen") == seen_in(record)

    def _parent_posted_about(self, request, _object_id):
        """What a new record is to hang on, as it was posted; None without one."""
        for key in self.model.keys_to_patient():
            records = self.model._meta.get_field(key).related_model.objects.with_patient()
            if record := by_key(request.POST.get(key, ""), records):
                return record
        return None

    def _answer_early(self, request, object_id):
        """Where a form was posted before, or its record has been signed meanwhile."""
        if object_id is not None:
            record = self.get_object(request, unquote(object_id))
            if record is None or not self.has_view_permission(request, record):
                return None
            return self._refuse_closed(request, record)
        token = request.POST.get("token", "")
        try:
            saved = self.model._default_manager.filter(form_token=token) if token else None
            record = saved.first() if saved is not None and saved.exists() else None
        except ValidationError:
            return None
        if record is None or not self.has_view_permission(request, record):
            return None
        self.message_user(
            request, _("This form was already saved. Nothing was stored twice."), messages.INFO
        )
        return HttpResponseRedirect(self.url_of(record))

    def _refuse_closed(self, request, record):
        if record.in_error:
            reason = _("This was marked as entered in error and can no longer be changed.")
        elif getattr(record, "came_in_closed", False):
            reason = _("This was imported and can no longer be changed. Add an addendum.")
        elif getattr(record, "is_signed", False):
            reason = _("This was signed by %(name)s and can no longer be changed.") % {
                "name": record.signed_by.get_full_name() or record.signed_by.get_username()
            }
        else:
            return None
        self.message_user(request, reason, messages.ERROR)
        return HttpResponseRedirect(self.url_of(record))

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        obj.save(by=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "_sign" not in request.POST:
            return
        if not self.can_sign(request, form.instance):
            words = _("Saved, not signed: you do not have permission to sign this.")
        elif not request.signs_what_was_seen:
            words = _("Saved, not signed: this changed after you opened it. Check it, then sign.")
        elif number := not_agreed(request, form.instance):
            request.number_unasked, words = number, words_unasked(number)
        else:
            sign(record=form.instance, by=request.user)
            request.was_signed = True
            return
        self.message_user(request, words, messages.WARNING)

    def can_sign(self, request, record):
        return self.is_signed_here and may_sign(record, request.user)


def _let_know(record, patient):
    """What a record hangs on, read with its patient locked, leads to the patient as locked."""
    for one in record.up():
        if isinstance(one, TreatmentPlan):
            one.is_as_it_stands = True
        if isinstance(one, SignedRecord) and not (one.is_signed or one.in_error):
            one.is_open = True
        if getattr(one, "patient_id", None) == patient.pk:
            one.patient = patient
