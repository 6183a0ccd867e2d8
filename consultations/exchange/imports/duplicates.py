"""Who of those in a file is a patient already, or stands in it twice.

Two are perhaps the same person by name and birth date, by phone, by e-mail, or by the number that
the other system knows them by. That is only ever asked: families share phones.
"""

from collections import defaultdict

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import ImportBatch, ImportedRecord, Patient, SearchKey
from consultations.models.phone import SHORTEST_WHOLE, kept_as
from consultations.models.search import namesake_keys, stored
from consultations.models.text import day_in_words
from consultations.vocabulary import ImportState

OWN, NUMBER, NAME, EMAIL, PHONE = "own number", "number", "name", "email", "phone"
ASKED = "asked"
WHY = {
    OWN: gettext_lazy("same record number"),
    NUMBER: gettext_lazy("same number"),
    NAME: gettext_lazy("same name and date of birth"),
    EMAIL: gettext_lazy("same e-mail"),
    PHONE: gettext_lazy("same phone"),
    # Of a row that is about a patient who has to be here.
    ASKED: gettext_lazy("same name, and no number that is known here"),
}
UNKNOWN = ("", "own")  # formats that tell no system
AT_ONCE = 2000
MOST = 5  # candidates of one row


def why_in_words(reasons):
    """Why two may be one person, in words."""
    return ", ".join(str(WHY[one]) for one in reasons)


def keys_of(patient, number="", record_number=""):
    """By what an unsaved patient may be known: pairs of a reason and a text. `number` is that of
    the other system, which is never one of ours, `record_number` what may be."""
    names = (patient.family_name, patient.given_name)
    found = {(reason, one) for reason, one in ((NUMBER, number), (OWN, record_number)) if one}
    if patient.date_of_birth:
        # Also as if somebody had typed one name for the other.
        keys = namesake_keys(*names, patient.date_of_birth)
        keys |= namesake_keys(*names[::-1], patient.date_of_birth)
        found |= {(NAME, key) for key in keys}
    if patient.email:
        found.add((EMAIL, patient.email.casefold()))
    return found | {(PHONE, one) for one in kept_as(patient.phone) if len(one) >= SHORTEST_WHOLE}


class Known:
    """Finds candidates for the rows of one batch, in the order of the rows."""

    def __init__(self, batch):
        self.batch = batch
        self.first_rows = {}  # by the hash of a key, the row that had it first

    def candidates(self, rows):
        """Return the candidates of each row, best first: `rows` are of the row's number, an
        unsaved patient, its number in the other system, and what may be its number here."""
        keys = [keys_of(*patient_and_numbers) for _row, *patient_and_numbers in rows]
        patients = self._patients_by(set().union(*keys)) if keys else {}
        return [self._of(row, own, patients) for (row, *_rest), own in zip(rows, keys, strict=True)]

    def _of(self, row, keys, patients):
        found = defaultdict(set)
        for key in keys:
            for patient in patients.get(key, ()):
                found["patient", patient].add(key[0])
            first = self.first_rows.setdefault(hash(key), row)
            if first != row:
                found["row", first].add(key[0])
        ranked = sorted(found.items(), key=lambda one: (_rank(one[1]), one[0]))
        return [
            {what: key, "why": sorted(reasons, key=list(WHY).index)}
            for (what, key), reasons in ranked[:MOST]
        ]

    def _patients_by(self, keys):
        """Return the keys of standing patients by the keys that they share with a row."""
        found = defaultdict(set)
        for patient, key in [*self._by_words(keys), *self._by_number(keys)]:
            found[key].add(patient)
        return found

    def _by_words(self, keys):
        asked = {stored(text) for reason, text in keys if reason not in (OWN, NUMBER)}
        patients = set()
        for some in _in_pieces(asked):
            kept = SearchKey.objects.filter(key__in=some)
            patients.update(kept.values_list("patient", flat=True))
        for some in _in_pieces(patients):
            # A key may be a part of a longer number: what is the same is looked at once more.
            for one in Patient.objects.standing().filter(pk__in=some):
                for key in keys_of(one) & keys:
                    if key[0] in (NAME, EMAIL, PHONE):
                        yield one.pk, key

    def _by_number(self, keys):
        for some in _in_pieces({text for reason, text in keys if reason == OWN}):
            own = Patient.objects.standing().filter(record_number__in=some)
            for patient, number in own.values_list("pk", "record_number"):
                yield patient, (OWN, number)
        numbers = {text for reason, text in keys if reason == NUMBER}
        for number, patient in numbered(numbers, self.batch.format).items():
            yield patient, (NUMBER, number)


def numbered(numbers, system):
    """Return the keys of the patients whom another system knows by these numbers.

    Those of the same system come first. Files of which nobody knows the system may be of any. A
    number that leads to several patients leads to none.
    """
    found = _going_on(_known_by_numbers().filter(batch__format=system), numbers)
    others = _known_by_numbers().exclude(batch__format=system)
    if system not in UNKNOWN:
        others = others.filter(batch__format__in=UNKNOWN)
    return _going_on(others, numbers - found.keys()) | found


def numbered_by(system, numbers):
    """As `numbered`, of this system alone: nobody, where it is not known which it is."""
    known = _known_by_numbers().filter(batch__format=system)
    return _going_on(known, numbers) if system else {}


def came_from_one_system():
    """Whether all numbers that ever came in are of one system: files of which nobody knows the
    system may each be of another."""
    with_numbers = ImportedRecord.objects.filter(batch=OuterRef("pk")).exclude(number="")
    saved = ImportBatch.objects.filter(Exists(with_numbers), state=ImportState.SAVED)
    systems = saved.values_list("format", "digest").distinct()
    return len({known or digest for known, digest in systems}) == 1


def _known_by_numbers():
    return ImportedRecord.objects.filter(model="patient", batch__state=ImportState.SAVED)


def _going_on(kept, numbers):
    keys = defaultdict(set)
    for some in _in_pieces(numbers):
        for number, key in kept.filter(number__in=some).values_list("number", "key"):
            keys[number].add(key)
    goes_on = {}
    for some in _in_pieces(set().union(*keys.values())):
        for one in Patient.objects.filter(pk__in=some).select_related("merged_into"):
            if not (one.kept_record.in_error or one.kept_record.erased_at):
                goes_on[one.pk] = one.kept_record.pk
    people = {
        number: {goes_on[one] for one in some & goes_on.keys()} for number, some in keys.items()
    }
    return {number: next(iter(some)) for number, some in people.items() if len(some) == 1}


def _in_pieces(values):
    values = sorted(values)
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def _rank(reasons):
    return min(list(WHY).index(one) for one in reasons)


def candidate_in_words(candidate, patients):
    """Return who a candidate is: a patient (`patients` by key), or an earlier row."""
    if "row" in candidate:
        return _("row %(number)s of this file") % {"number": candidate["row"]}
    patient = patients.get(candidate["patient"], "")
    return born_in_words(patient) if patient and ASKED in candidate["why"] else str(patient)


def born_in_words(patient):
    """Return a patient with the day of birth."""
    return _("%(patient)s, born %(day)s") % {
        "patient": patient,
        "day": day_in_words(patient.date_of_birth),
    }
