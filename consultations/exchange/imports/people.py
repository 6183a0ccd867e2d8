"""Whose a row is: a patient by our number, by another system's, or by name and birth date.

Somebody known by name alone is only ever asked about.
"""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from consultations.models import Patient, SearchKey
from consultations.models.search import namesake_keys, stored
from consultations.models.text import folded
from consultations.vocabulary import RowDecision

from .duplicates import born_in_words, came_from_one_system, numbered, numbered_by

AT_ONCE = 900


class Finder:
    """Finds the patients of some rows of one batch at once."""

    def __init__(self, batch):
        self.batch = batch
        self.own, self.foreign, self.namesakes, self.named = {}, {}, {}, {}
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
        unknown = [who for who in whose if self._is_of_no_number(who, foreign)]
        keys = {key for who in unknown for key in _keys(who)}
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
        self._find_by_name_alone(who for who in unknown if not who.date_of_birth)

    def _is_of_no_number(self, who, foreign):
        """Whether a row has no number that leads to somebody, nor one that has to be ours."""
        return not (who.record_number or any(one in foreign for one in who.numbers))

    def _find_by_name_alone(self, whose):
        names = sorted({name for who in whose for name in _names(who)})
        self.named = {}
        for start in range(0, len(names), AT_ONCE):
            some = Patient.objects.standing().unmerged()
            for one in some.filter(sort_name__in=names[start : start + AT_ONCE]).order_by("pk"):
                self.named.setdefault(one.sort_name, []).append(one)

    @cached_property
    def _is_one_system(self):
        return came_from_one_system()

    def keys(self):
        """The keys of all patients that were found."""
        found = [*self.own.values(), *self.foreign.values()]
        for people in (self.namesakes, self.named):
            found += [one for some in people.values() for one in some]
        return {one.kept_record.pk for one in found if one is not None}

    def patient(self, given):
        """Return the patient of a row; None where it names nobody, which it is then refused for."""
        who = given.whose()
        if not self._is_of_no_number(who, self.foreign):
            return self._of_number(given, who)
        found = {one.pk: one for key in _keys(who) for one in self.namesakes.get(stored(key), ())}
        words = _("Several patients have this name and date of birth. Give the number.")
        none = _("There is no patient of this name and date of birth.")
        if not who.date_of_birth:
            found = {one.pk: one for key in _names(who) for one in self.named.get(key, ())}
            words = _("Several patients have this name. Give the number or the date of birth.")
            none = _("There is no patient of this name.") if _names(who) else _("Say who it is.")
        if not found and who.numbers:
            return self._of_number(given, who)
        if is_asked := bool(who.numbers or not who.date_of_birth):
            found = self._said(given, found)
        if len(found) == 1:
            [patient] = found.values()
            given.asked_of = patient if is_asked else None
            return patient
        given.refuse(who.field, words if found else none)
        return None

    def _said(self, given, found):
        """Whom somebody said that a row is about, where that can be."""
        meant = given.row.candidates[0]["patient"] if given.row.candidates else None
        is_said = given.row.decision == RowDecision.SAME and meant in found
        return {meant: found[meant]} if is_said else found

    def _of_number(self, given, who):
        """Whom the number of a row leads to. Another clinic numbers its patients like us, or like
        the clinic before it: a name or birth date that is somebody else's is never passed over."""
        found = [self.own.get(who.record_number), *map(self.foreign.get, who.numbers)]
        people = {one.kept_record.pk: one.kept_record for one in found if one is not None}
        meant = [one for one in people.values() if who.may_be(one)]
        told = {"number": who.numbers[0], "who": "; ".join(map(born_in_words, people.values()))}
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


def _names(who):
    """What may be the name by which lists order whoever is meant: a row may write the family name
    first or last, and of several words nobody knows which are of it."""
    words = folded(f"{who.given_name} {who.family_name}").split()
    return {" ".join(words[place:] + words[:place]) for place in range(len(words))}


def _keys(who):
    if not who.date_of_birth:
        return set()
    names = (who.family_name, who.given_name)
    keys = namesake_keys(*names, who.date_of_birth)
    return keys | namesake_keys(*names[::-1], who.date_of_birth)
