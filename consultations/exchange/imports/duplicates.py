"""Who of those in a file is a patient already, or stands in it twice.

Two are perhaps the same person by name and birth date, by phone, by e-mail, or by the number that
the other system knows them by. That is only ever asked: families share phones.
"""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import ImportedRecord, Patient, SearchKey
from consultations.models.phone import SHORTEST_WHOLE, kept_as
from consultations.models.search import namesake_keys, stored
from consultations.vocabulary import ImportState

NUMBER, NAME, EMAIL, PHONE = "number", "name", "email", "phone"
WHY = {
    NUMBER: gettext_lazy("same number"),
    NAME: gettext_lazy("same name and date of birth"),
    EMAIL: gettext_lazy("same e-mail"),
    PHONE: gettext_lazy("same phone"),
}
AT_ONCE = 2000
MOST = 5  # candidates of one row


def why_in_words(reasons):
    return ", ".join(str(WHY[one]) for one in reasons)


def keys_of(patient, number=""):
    """By what an unsaved patient may be known: pairs of a reason and a text."""
    names = (patient.family_name, patient.given_name)
    found = {(NUMBER, one) for one in (number, patient.record_number) if one}
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
        """Return the candidates of each row, best first: `rows` are triples of the row's number,
        an unsaved patient and its number in the other system."""
        keys = [keys_of(patient, number) for _row, patient, number in rows]
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
        asked = {stored(text) for reason, text in keys if reason != NUMBER}
        patients = set()
        for some in _in_pieces(asked):
            kept = SearchKey.objects.filter(key__in=some)
            patients.update(kept.values_list("patient", flat=True))
        for some in _in_pieces(patients):
            # A key may be a part of a longer number: what is the same is looked at once more.
            for one in Patient.objects.standing().filter(pk__in=some):
                for key in keys_of(one) & keys:
                    if key[0] != NUMBER:
                        yield one.pk, key

    def _by_number(self, keys):
        numbers = {text for reason, text in keys if reason == NUMBER}
        for some in _in_pieces(numbers):
            own = Patient.objects.standing().filter(record_number__in=some)
            for patient, number in own.values_list("pk", "record_number"):
                yield patient, (NUMBER, number)
        for number, patient in numbered(numbers, self.batch.format).items():
            yield patient, (NUMBER, number)


def numbered(numbers, system):
    """Return the keys of the patients whom another system knows by these numbers."""
    found = {}
    for some in _in_pieces(numbers):
        kept = ImportedRecord.objects.filter(
            number__in=some, model="patient", batch__format=system, batch__state=ImportState.SAVED
        )
        found.update(kept.order_by("pk").values_list("number", "key"))
    standing = set()
    for some in _in_pieces(set(found.values())):
        patients = Patient.objects.filter(pk__in=some).select_related("merged_into")
        going_on = {one.pk: one.kept_record for one in patients}
        standing.update(
            (key, kept.pk)
            for key, kept in going_on.items()
            if not (kept.in_error or kept.erased_at)
        )
    goes_on = dict(standing)
    return {number: goes_on[key] for number, key in found.items() if key in goes_on}


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
    return str(patients.get(candidate["patient"], ""))
