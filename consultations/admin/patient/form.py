"""The form of a patient, which tells of namesakes before there are two records of one person."""

from django.utils.translation import gettext_lazy as _

from consultations.actions.patients import refuse_birth_after_visit
from consultations.admin.pages.namesakes import IDENTITY, named, namesakes_of
from consultations.admin.parts.forms import RecordForm


class PatientForm(RecordForm):
    untold = ()  # namesakes that nobody was told of before saving

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

    def _tell_of_namesakes(self):
        """Two records of one person split their history: better seen before there are two."""
        found = namesakes_of(self.instance)
        if {str(one.pk) for one in found} <= {*self.data.getlist("namesakes")}:
            return
        self.untold = found
        words = _("%(numbers)s: same name and date of birth. Save again if it is another person.")
        numbers = ", ".join(map(named, found))
        self.add_error("family_name", words % {"numbers": numbers})
