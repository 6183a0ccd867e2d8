"""Whose a row is: a patient by our number, by another system's, or by name and birth date."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from consultations.models import Patient, SearchKey
from consultations.models.search import namesake_keys, stored
from consultations.models.text import day_in_words

from .duplicates import came_from_one_system, numbered, numbered_by

AT_ONCE = 900


class Finder:
    """Finds the patients of some rows of one batch at once."""

    def __init__(self, batch):
        self.batch = batch
        self.own, self.foreign, self.namesakes = {}, {}, {}
        self.sure = set()  # the numbers that lead to somebody without a name beside them

    def find(self, givens):
        """Read whoever these rows may be about."""
        whose = [given.whose() for given in givens]
        numbers = {one for who in whose for one in who.numbers}
        ours = {who.record_number for who in whose} - {""}
        own = Patient.objects.filter(record_number__in=ours).select_related("merged_into")
        self.own = {one.record_number: one for one in own}
        foreign = numbered(numbers, self.batch.format)
        self.sure = set(numbered_by(self.batch.format, numbers))
        if foreign.keys() - self.sure and self._is_one_system:
            self.sure |= foreign.keys()
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

    @cached_property
    def _is_one_system(self):
        return came_from_one_system()

    def keys(self):
        """The keys of all patients that were found."""
        found = [*self.own.values(), *self.foreign.values()]
        found += [one for some in self.namesakes.values() for one in some]
        return {one.kept_record.pk for one in found if one is not None}

    def patient(self, given):
        """Return the patient of a row; None where it names nobody, which it is then refused for."""
        who = given.whose()
        if who.numbers:
            return self._of_number(given, who)
        found = {one.pk: one for key in _keys(who) for one in self.namesakes.get(stored(key), ())}
        if len(found) == 1:
            return next(iter(found.values()))
        if not found:
            words = _("There is no patient of this name and date of birth.")
        else:
            words = _("Several patients have this name and date of birth. Give the number.")
        given.refuse(who.field, words)
        return None

    def _of_number(self, given, who):
        """Whom the number of a row leads to. Another clinic numbers its patients like us, or like
        the clinic before it: a name or birth date that is somebody else's is never passed over."""
        found = [self.own.get(who.record_number), *map(self.foreign.get, who.numbers)]
        people = {one.kept_record.pk: one.kept_record for one in found if one is not None}
        meant = [one for one in people.values() if who.may_be(one)]
        told = {"number": who.numbers[0], "who": "; ".join(map(_in_words, people.values()))}
        if not people:
            words = _("There is no patient %(number)s. Import the patients first.")
        elif not meant:
            words = _("%(number)s is %(who)s here. This row is about somebody else.")
        elif len(meant) > 1:
            words = _("%(number)s may be two people: %(who)s. Give name and date of birth too.")
        elif not (who.says_who or self.own.get(who.record_number) or self._is_sure(who)):
            words = _(
                "%(number)s may be a number of another system than that of %(who)s. Give name or "
                "date of birth too, or say which system each file is from."
            )
        elif meant[0].why_ended:
            words = str(meant[0].why_ended)
        else:
            return meant[0]
        given.refuse(who.field, words % told)
        return None

    def _is_sure(self, who):
        return any(self.foreign.get(one) and one in self.sure for one in who.numbers)


def _in_words(patient):
    return _("%(patient)s, born %(day)s") % {
        "patient": patient,
        "day": day_in_words(patient.date_of_birth),
    }


def _keys(who):
    if not who.date_of_birth:
        return set()
    names = (who.family_name, who.given_name)
    keys = namesake_keys(*names, who.date_of_birth)
    return keys | namesake_keys(*names[::-1], who.date_of_birth)
