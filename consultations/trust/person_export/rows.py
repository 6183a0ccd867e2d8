"""The rows about some people with their histories, read together: a few queries for each kind."""

from collections import defaultdict
from itertools import groupby
from operator import attrgetter

from consultations.models import Consent, ConsentWording, Patient, TestPatch, kinds
from consultations.summaries.person import history_of

AT_ONCE = 200


class Rows:
    """Everything about some people, each of them a list as `person_of` returns it.

    Records are found from the patients down, by the keys of what they hang on, and never through
    joins: SQLite reads a whole table for what hangs on one thing or another.
    """

    def __init__(self, people):
        self._found = {Patient: {one.pk: one for person in people for one in person}}
        # Whom a record is about: the keys of those who go on, by the key of the record.
        self._whose = {Patient: {one.pk: {person[0].pk} for person in people for one in person}}
        for model in kinds():
            if model is not Patient:
                self._read(model)
        self._histories = {model: _histories(model, found) for model, found in self._found.items()}
        self._sort_by_person()
        self._wordings = self._read_wordings()

    def of(self, person, model):
        """Return (record, history rows) of one kind about a person, in the order of their keys."""
        found, histories = self._found[model], self._histories[model]
        keys = self._keys[model].get(person[0].pk, ())
        return [(found[key], histories.get(key, ())) for key in keys]

    def wordings_of(self, person):
        """Return the wordings that a person read, in the same way."""
        read = _wordings_in(one for model in READ for one, _rows in self.of(person, model))
        return [self._wordings[key] for key in sorted(read)]

    def _read(self, model):
        found, whose = {}, defaultdict(set)
        for name in model.keys_to_patient():
            key = model._meta.get_field(name)
            above = self._whose[key.related_model]
            for row in _by_keys(model._base_manager, name, above):
                found[row.pk] = row
                whose[row.pk] |= above[getattr(row, key.attname)]
        self._found[model], self._whose[model] = found, whose

    def _sort_by_person(self):
        self._keys = {model: defaultdict(list) for model in self._whose}
        for model, whose in self._whose.items():
            for key in sorted(whose):
                for person in whose[key]:
                    self._keys[model][person].append(key)

    def _read_wordings(self):
        keys = _wordings_in(one for model in READ for one in self._found[model].values())
        found = ConsentWording._base_manager.in_bulk(keys)
        histories = _histories(ConsentWording, found)
        return {key: (one, histories.get(key, ())) for key, one in found.items()}


READ = (Consent, TestPatch)  # what says which wording was read


def _wordings_in(records):
    return {one.wording_id for one in records} - {None}


def stream(model, records):
    """Yield (record, history rows) of any number of records, reading AT_ONCE at a time."""
    last = 0
    while some := list(records.filter(pk__gt=last)[:AT_ONCE]):
        last = some[-1].pk
        histories = _histories(model, [one.pk for one in some])
        yield from ((record, histories.get(record.pk, ())) for record in some)


def _histories(model, keys):
    """Return the history rows of these records by key, oldest first."""
    if not hasattr(model, "history"):
        return {}
    found, key = {}, attrgetter(model._meta.pk.attname)
    for some in _some_of(keys):
        found |= {pk: list(rows) for pk, rows in groupby(history_of(model, some), key)}
    return found


def _by_keys(manager, name, keys):
    for some in _some_of(keys):
        yield from manager.filter(**{f"{name}__in": some})


def _some_of(keys):
    """Yield the keys AT_ONCE at a time: no database takes any number of them in one query."""
    keys = list(keys)
    yield from (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))
