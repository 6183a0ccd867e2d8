"""The form of a patient, which tells of namesakes before there are two records of one person."""

from datetime import timedelta

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations.actions.booking import check, lock_resources
from consultations.actions.patients import refuse_birth_after_visit
from consultations.admin.pages.namesakes import IDENTITY, named, namesakes_of
from consultations.admin.parts.appointments import MAY_BOOK
from consultations.admin.parts.days import DayAndTimeField
from consultations.admin.parts.forms import RecordForm
from consultations.models import Appointment
from consultations.summaries.bookable import practitioners
from consultations.summaries.free_slots import Wanted, slot_starting
from consultations.summaries.lengths import minutes_for
from consultations.summaries.timeline import name_of
from consultations.vocabulary import AppointmentKind

CONSULTATION = AppointmentKind.CONSULTATION


# Where what stands in the way of a first visit is told.
TOLD_AT = {"practitioner": "first_visit_with"}


class PatientForm(RecordForm):
    untold = ()  # namesakes that nobody was told of before saving
    appointment = None  # the first visit, unsaved

    first_visit = DayAndTimeField(required=False, label=_("When"))
    first_visit_with = forms.ModelChoiceField(
        get_user_model().objects.none(), required=False, label=_("With"), empty_label=_("Anybody")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk or not self.user.has_perm(MAY_BOOK):
            del self.fields["first_visit"], self.fields["first_visit_with"]
        else:
            self.fields["first_visit_with"].queryset = practitioners(CONSULTATION)
            self.fields["first_visit_with"].label_from_instance = name_of

    def complete(self):
        """Who names an allergy has answered the question; who may be written to says who asked."""
        if self.instance.allergies and self.instance.any_allergies is None:
            self.instance.any_allergies = True
        self.instance.date_answers(self.user, self.changed_data)

    def check_with_others(self):
        if "date_of_birth" in self.changed_data:
            self.try_to(refuse_birth_after_visit, self.instance)
        if not self.errors and not {*IDENTITY}.isdisjoint(self.changed_data):
            self._tell_of_namesakes()
        if self.cleaned_data.get("first_visit"):
            self._check_first_visit(self.cleaned_data["first_visit"])

    def _check_first_visit(self, starts_at):
        self.appointment = Appointment(
            kind=CONSULTATION,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes_for(CONSULTATION)),
            practitioner=self.cleaned_data.get("first_visit_with"),
        )
        self._find_who_is_free()
        lock_resources(self.appointment)
        try:
            check(self.appointment, plans=(), by=self.user)
        except ValidationError as refusal:
            for name, words in refusal.message_dict.items():
                # Over others it is booked on its own page.
                if name != "overbooked_reason":
                    self.add_error(TOLD_AT.get(name, "first_visit"), words)

    def _find_who_is_free(self):
        """A room that is free, and with anybody the first clinician who is."""
        visit = self.appointment
        wanted = Wanted(kind=CONSULTATION, patient=None, practitioner=visit.practitioner)
        if slot := slot_starting(wanted, visit.starts_at):
            visit.practitioner, visit.room = slot.practitioner, slot.room

    def _tell_of_namesakes(self):
        """Two records of one person split their history: better seen before there are two."""
        found = namesakes_of(self.instance)
        if {str(one.pk) for one in found} <= {*self.data.getlist("namesakes")}:
            return
        self.untold = found
        words = _("%(numbers)s: same name and date of birth. Save again if it is another person.")
        numbers = ", ".join(map(named, found))
        self.add_error("family_name", words % {"numbers": numbers})
