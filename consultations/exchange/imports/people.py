"""Whose a row is: a patient by our number, by another system's, or by name and birth date."""

from django.utils.translation import gettext as _

from consultations.models import Patient, SearchKey
from consultations.models.search import namesake_keys, stored

from .duplicates import numbered

AT_ONCE = 900


class Finder:
    """Finds the patients of some rows of one batch at once."""

    def __init__(self, batch):
        self.batch = batch
        self.own, self.foreign, self.namesakes = {}, {}, {}

    def find(self, givens):
        """Read whoever these rows may be about."""
        whose = [given.whose() for given in givens]
        numbers = {one for who in whose for one in who.numbers}
        own = Patient.objects.filter(record_number__in=numbers).select_related("merged_into")
        self.own = {one.record_number: one for one in own}
        foreign = numbered(numbers - self.own.keys(), self.batch.format)
        keys = {key for who in whose if not who.numbers for key in _keys(who)}
        namesakes = {}
        rows = SearchKey.objects.filter(key__in=map(stored, keys)).values_list("key", "patient")
        for key, patient in rows:
            namesakes.setdefault(bytes(key), set()).add(patient)
        wanted = {*foreign.values(), *(one for some in namesakes.values() for one in some)}
        patients = Patient.objects.standing().in_bulk(wanted)
        self.foreign = {number: patients.get(key) for number, key in foreign.items()}
        self.namesakes = {
            key: [patients[one] for one in sorted(some) if one in patients]
            for key, some in namesakes.items()
        }

    def keys(self):
        """The keys of all patients that were found."""
        found = [*self.own.values(), *self.foreign.values()]
        found += [one for some in self.namesakes.values() for one in some]
        return {one.kept_record.pk for one in found if one is not None}

    def patient(self, given):
        """Return the patient of a row; None where it names nobody, which it is then refused for."""
        who = given.whose()
        for number in who.numbers:
            patient = self.own.get(number) or self.foreign.get(number)
            if patient is not None:
                return self._standing(given, patient, who)
        if who.numbers:
            words = _("There is no patient %(number)s. Import the patients first.")
            given.refuse(who.field, words % {"number": who.numbers[0]})
            return None
        found = {one.pk: one for key in _keys(who) for one in self.namesakes.get(stored(key), ())}
        if len(found) == 1:
            return next(iter(found.values()))
        if not found:
            words = _("There is no patient of this name and date of birth.")
        else:
            words = _("Several patients have this name and date of birth. Give the number.")
        given.refuse(who.field, words)
        return None

    def _standing(self, given, patient, who):
        kept = patient.kept_record
        if kept.why_ended:
            given.refuse(who.field, str(kept.why_ended))
            return None
        return kept


def _keys(who):
    if not who.date_of_birth:
        return set()
    names = (who.family_name, who.given_name)
    keys = namesake_keys(*names, who.date_of_birth)
    return keys | namesake_keys(*names[::-1], who.date_of_birth)
