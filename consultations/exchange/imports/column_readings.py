"""How each column is read: decided by all of its cells, or asked, never guessed cell by cell."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultations.exchange.reading import values
from consultations.exchange.reading.fields import fields
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic

from .staging import held_unchanged

DATES, NUMBERS = ("date", "datetime"), ("number", "amount")
ORDERS = {"date": ("day", "month", "kept", "swapped"), "number": ("point", "comma")}
AMBIGUOUS = "ambiguous"
# Lengths of time are read as such, whatever their style.
NO_NUMBERS = ("minutes",)


@dataclass(frozen=True)
class Question:
    """What is to be asked of a column. `kind` is "date" or "number"; `examples` has for each answer
    what up to three of its cells would mean, in words."""

    key: str
    heading: str
    kind: str
    doubt: str
    examples: dict


class UnclearColumnsError(Exception):
    """Columns that may be read in two ways: `questions` has one for each."""

    def __init__(self, questions):
        super().__init__(_("Some columns can be read in two ways."))
        self.questions = questions


def decide_readings(batch):
    """Find how each column is read, and keep it with the batch.

    Raises UnclearColumnsError where that has to be asked and was not.
    """
    if batch.readings:
        return
    kinds = kinds_of(batch)
    cells = _cells_of(batch, [*kinds, "sex"])
    readings, questions = {}, []
    if "sex" in cells:
        readings["sex"] = values.sexes_of(cells["sex"])
    for key, kind in kinds.items():
        field, asked = fields(batch.target)[key], batch.orders.get(key)
        how = values.decide(field, cells[key])
        readings[key] = how.found
        if kind == "number" and batch.format == "own" and _has_points_alone(how):
            readings[key] = "point"
        # What a column shows by itself is never asked, nor overruled.
        if readings[key] == AMBIGUOUS and asked in _choices(how, kind):
            readings[key] = how.chosen(asked) if kind == "date" else asked
        elif readings[key] == AMBIGUOUS:
            questions.append(_question(key, batch, field, kind, how))
    if questions:
        raise UnclearColumnsError(questions)
    _keep(batch, readings)


@atomic()
def _keep(batch, readings):
    found = held_unchanged(batch)
    found.readings = batch.readings = readings
    found.save(update_fields=["readings"])


def _has_points_alone(style):
    """Our own files write a point before decimals, three of them too."""
    return style.found == AMBIGUOUS and all("," not in text for text in style.examples)


def kinds_of(batch):
    """Return "date" or "number" for each field whose column may have to be asked about."""
    found = {}
    for key in batch.places():
        kind = fields(batch.target)[key].kind
        if kind in DATES:
            found[key] = "date"
        elif kind in NUMBERS and key not in NO_NUMBERS:
            found[key] = "number"
    return found


def _cells_of(batch, keys):
    """Return the distinct cells of the columns of these fields, as far as there are such."""
    places = {key: place for key, place in batch.places().items() if key in keys}
    found = {key: {} for key in places}
    rows = batch.rows.order_by("number").values_list("cells", flat=True)
    for cells in rows.iterator(chunk_size=2000):
        for key, place in places.items():
            cell = values.from_json(cells[place])
            found[key][repr(cell)] = cell
    return {key: list(some.values()) for key, some in found.items()}


def _question(key, batch, field, kind, how):
    heading = batch.headings[batch.places()[key]]
    if kind == "date" and how.real:
        examples = {choice: _dates_meant(how, field, choice) for choice in how.choices}
    else:
        examples = {
            order: [_meant(text, field, kind, order) for text in how.examples]
            for order in _choices(how, kind)
        }
    return Question(key, heading, kind, getattr(how, "doubt", ""), examples)


def _choices(how, kind):
    return how.choices if kind == "date" else ORDERS[kind]


def _dates_meant(how, field, choice):
    """What dates of the spreadsheet mean as they are, or with day and month changed, and a text
    beside them: “4 Mar 1980: 3 Apr 1980”."""
    order = how.chosen(choice)
    pairs = [(day_in_words(one), day_in_words(values.parse_date(one, order))) for one in how.real]
    meant = [_("%(text)s: %(meant)s") % {"text": one, "meant": other} for one, other in pairs]
    return [*meant, *(_meant(text, field, "date", how.texts) for text in how.examples[:1])]


def _meant(text, field, kind, order):
    """What a cell means if it is read in this order: “03/04/1980: 3 Apr 1980”."""
    try:
        if kind == "number":
            meant = values.parse_number(text, order)
        elif field.kind == "datetime":
            meant = day_in_words(values.parse_datetime(text, order, past=field.is_past))
        else:
            meant = day_in_words(values.parse_date(text, order, past=field.is_past))
    except values.UnreadableValueError:
        meant = _("no date") if kind == "date" else _("no number")
    return _("%(text)s: %(meant)s") % {"text": text, "meant": meant}
