"""Rows of patients: one record each, unless the row is somebody known already."""

import re

from django.utils.translation import gettext as _

from consultations.exchange.imports.duplicates import Known
from consultations.exchange.imports.records import OWN, Target
from consultations.models import Patient, RecordCounter
from consultations.models.imports import NUMBER_LENGTH
from consultations.vocabulary import RowDecision

# As the counter writes them, and not so high that it could not go on after one.
OWN_NUMBER = re.compile(r"P-([0-9]{6}|[1-9][0-9]{6,8})")


class Patients(Target):
    model = Patient

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.known = Known(batch)
        self.of_rows = {}  # by the number of its row, the key of each patient of this file
        self.taken = set()

    def prepare(self, givens):
        """Own numbers that somebody has already are found among the duplicates."""
        numbers = [given.text("record_number") for given in givens]
        own = [one for one in numbers if OWN_NUMBER.fullmatch(one)]
        kept = Patient._base_manager.filter(record_number__in=own)
        self.taken |= set(kept.values_list("record_number", flat=True))

    def build(self, given, *, checks=True):
        """Put the patient of a row together, and its number in the other system."""
        patient = Patient(created_by=self.by, changed_by=self.by)
        given.put_together(patient)
        if patient.allergies and self._leaves_open(given, "any_allergies"):
            patient.any_allergies = None
        patient.date_answers(self.by)
        given.may_be_ours = given.text("record_number")
        given.number = given.text("other_number") or given.may_be_ours
        if len(given.number) > NUMBER_LENGTH:
            key = "other_number" if given.text("other_number") else "record_number"
            given.refuse(key, _("This number is too long."))
        given.record = patient
        if checks:
            given.check(patient, "patient", leaves_out=("record_number", "sort_name"))

    def _leaves_open(self, given, key):
        """Whether our own file has a column for a question and the row no answer: none is added
        here, so that what went out comes in as it was."""
        return self.batch.format == OWN and key in given.cells and given.value(key) is None

    def compared(self, givens):
        """Return the candidates of each row."""
        return self.known.candidates(
            [(given.row.number, given.record, given.number, given.may_be_ours) for given in givens]
        )

    def keep(self, givens, keeper):
        """First who is new; then rows of this file may be those."""
        same = [one for one in givens if one.row.decision == RowDecision.SAME]
        self._keep_new([one for one in givens if one not in same], keeper)
        # Whoever they were to be was skipped, or is no patient any more.
        self._keep_new([one for one in same if not self._is_known(one, keeper)], keeper)

    def _keep_new(self, givens, keeper):
        self._number(givens)
        keeper.keep_patients([one.record for one in givens], [self._foreign(one) for one in givens])
        self.of_rows |= {one.row.number: one.record.pk for one in givens}

    def _is_known(self, given, keeper):
        """Note whom a row is; nothing of that record is changed."""
        candidate = given.row.candidates[0]
        key = candidate.get("patient") or self.of_rows.get(candidate.get("row"))
        if key is None:
            return False
        self.of_rows[given.row.number] = key
        keeper.note("patient", [(key, self._foreign(given))], is_new=False)
        return True

    def _foreign(self, given):
        """The number in the other system; none where it became ours."""
        is_ours = given.record.record_number == given.may_be_ours
        return "" if is_ours and given.number == given.may_be_ours else given.number

    def _number(self, givens):
        """Our own numbers that are free stay; all others get the next."""
        without = []
        for given in givens:
            number = given.may_be_ours
            if OWN_NUMBER.fullmatch(number) and number not in self.taken:
                given.record.record_number = number
                self.taken.add(number)
            else:
                without.append(given)
        numbers = RecordCounter.take_many(len(without), but=self.taken)
        for given, number in zip(without, numbers, strict=True):
            given.record.record_number = number
