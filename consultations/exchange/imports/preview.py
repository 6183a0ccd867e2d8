"""What the first rows say as it was read, to be looked at before anything is saved."""

from django.utils.text import capfirst

from consultations.exchange.reading import people
from consultations.exchange.reading.fields import fields
from consultations.models.text import value_in_words
from consultations.vocabulary import RowDecision

from .given import PERSON, givens_of

ROWS = 3


def preview(batch):
    """Return the first rows that would be saved: their number, and pairs of a field and what it
    says in words, so that a day cannot be taken for a month."""
    rows = batch.rows.filter(problems=[]).exclude(decision=RowDecision.SKIP).order_by("number")
    return [
        (given.row.number, [(capfirst(label), words) for label, words in _lines(given)])
        for given in givens_of(batch, rows[:ROWS])
    ]


def _lines(given):
    of_patients, known = given.target == "patients", fields(given.target)
    who = {key: cell for key, cell in given.cells.items() if of_patients or key in PERSON}
    found, _errors = people.patient_values(who, given.readings)
    for name, field in fields("patients").items():
        if found.get(name) not in (None, ""):
            yield str(field.label), _in_words(field, found[name])
    for key in given.cells:
        is_told = key in who and (key in found or not known[key].record)
        if (not is_told or key == "other_number") and given.value(key) is not None:
            yield str(known[key].label), _in_words(known[key], given.value(key))


def _in_words(field, value):
    if field.choices:
        return str(dict(field.choices).get(value, value))
    return value_in_words(value)
