"""What a row gives, field by field, and the problems found in it, by the headings of its file."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.exchange.reading import people, values
from consultations.exchange.reading.columns import for_all_rows
from consultations.exchange.reading.fields import fields
from consultations.models import ClinicSettings, ImportRow, Patient
from consultations.models.days import EARLIEST_BIRTH, FURTHEST_YEARS
from consultations.models.text import folded

# By what other files than those of patients name one.
PERSON = (
    *("family_name", "given_name", "middle_name", "full_name"),
    *("date_of_birth", "birth_day", "birth_month", "birth_year"),
)


@dataclass(eq=False)
class Given:
    """One row: `cells` by the key of the field that their column was taken for.

    `problems` are pairs of a heading and words. A target puts what it makes of the row into
    attributes of its own, first of all `record`. `asked_of` is the patient whom it may be about,
    which somebody has to say.
    """

    row: ImportRow
    target: str
    headings: dict
    cells: dict
    readings: dict
    currency: str
    problems: list = field(default_factory=list)
    asked_of: Patient | None = None

    def __post_init__(self):
        self._read, self._whose = {}, None

    def value(self, key):
        """Return what a field says, as our records hold it; None where it says nothing or has no
        column. What cannot be read is a problem, told once."""
        if key not in self._read:
            self._read[key] = self._value(key)
        return self._read[key]

    def _value(self, key):
        cell = self.cells.get(key, "")
        if cell == "":
            return None
        known = fields(self.target)[key]
        try:
            value = values.parse(known, cell, self.readings.get(key), self.currency)
        except values.UnreadableValueError as error:
            self.refuse(key, str(error))
            return None
        if isinstance(value, date) and not _is_near(value):
            last = timezone.localdate().year + FURTHEST_YEARS
            self.refuse(key, _("The year must be between 1900 and %(last)s.") % {"last": last})
            return None
        if isinstance(value, datetime) and timezone.is_naive(value):
            value = timezone.make_aware(value)
        return None if value == "" else value

    def text(self, key):
        """Return what a field says as text, "" for nothing."""
        value = self.value(key)
        return "" if value is None else str(value)

    def fill(self, record, which, leaves_out=()):
        """Write what the row gives into a record: the fields that are stored in `which`. Keys to
        other records are left to the target."""
        for key, found in fields(self.target).items():
            if found.record != which or found.name in leaves_out or key not in self.cells:
                continue
            if record._meta.get_field(found.name).is_relation:
                continue
            value = self.value(key)
            if isinstance(value, Decimal) and isinstance(
                record._meta.get_field(found.name), models.IntegerField
            ):
                if value != int(value):
                    self.refuse(key, _("“%(text)s” is no whole number.") % {"text": value})
                    continue
                value = int(value)
            if _has_too_many_decimals(value, record._meta.get_field(found.name)):
                places = record._meta.get_field(found.name).decimal_places
                rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
                words = _("“%(text)s” has more decimals than are kept: write %(rounded)s.")
                self.refuse(key, words % {"text": f"{value:f}", "rounded": f"{rounded:f}"})
                continue
            if value is not None:
                setattr(record, found.name, value)

    def refuse(self, key, words):
        """Note a problem of a field; "" for the whole row."""
        problem = [self.heading(key), str(words)]
        if problem not in self.problems:
            self.problems.append(problem)

    def told(self):
        """Return the problems in the order of the file's columns."""
        places = {heading: place for place, heading in enumerate(self.headings.values())}
        return sorted(self.problems, key=lambda one: places.get(one[0], len(places)))

    def heading(self, key):
        """Return the heading of a field's column; its own name where it has none."""
        known = fields(self.target)
        return self.headings.get(key) or (str(known[key].label) if key in known else "")

    def check(self, record, which, leaves_out=()):
        """Refuse what the record's own checks refuse, as its form does."""
        told = {}
        for check in (
            lambda: record.clean_fields(exclude=set(leaves_out)),
            record.clean,
            record.validate_constraints,
        ):
            try:
                check()
            except ValidationError as error:
                # What is wrong by itself is not told once more as a broken promise.
                told = error.update_error_dict({}) | told
        keys = {one.name: key for key, one in fields(self.target).items() if one.record == which}
        labels = {key: one.label for key, one in fields(self.target).items()}
        refused = {heading for heading, _words in self.problems}
        for name, errors in told.items():
            if name in leaves_out:
                continue
            key = keys.get(name, "" if name == NON_FIELD_ERRORS else name)
            if self.heading(key) not in refused or not key:
                for error in errors:
                    self.refuse(key, _why(error, labels.get(key, name)))

    def refuse_before(self, birth):
        """Refuse days before the patient was born."""
        for key, value in list(self._read.items()):
            day = value.date() if isinstance(value, datetime) else value
            if isinstance(day, date) and key != "date_of_birth" and day < birth:
                self.refuse(key, _("This is before the patient was born."))

    def put_together(self, patient):
        """Write into a patient what the file keeps in parts."""
        found, errors = people.patient_values(self.cells, self.readings)
        for key, words in errors.items():
            self.refuse(key, words)
        for name, value in found.items():
            if name != "record_number" and value is not None:
                setattr(patient, name, value)
        if patient.date_of_birth is None and "date_of_birth" not in errors:
            of_parts = [one for one in ("birth_day", "birth_month") if self.cells.get(one)]
            has_no_year = of_parts and not self.cells.get("birth_year")
            words = _("The birthday has no year.") if has_no_year else _("Give the date of birth.")
            if not errors.keys() & {"birth_day", "birth_month", "birth_year"}:
                self.refuse("date_of_birth", words)
        if patient.date_of_birth and not _is_near(patient.date_of_birth):
            self.refuse("date_of_birth", _("The date of birth is in the future."))

    def whose(self):
        """Return who the row is about."""
        if self._whose is None:
            self._whose = self._read_whose()
        return self._whose

    def _read_whose(self):
        record_number, other_number = self.text("record_number"), self.text("other_number")
        who = {key: cell for key, cell in self.cells.items() if key in PERSON}
        found, errors = people.patient_values(who, self.readings)
        if not (record_number or other_number):
            for key, words in errors.items():
                self.refuse(key, words)
        names = ("record_number", "other_number", "full_name", "family_name")
        return Whose(
            record_number=record_number,
            other_number=other_number,
            family_name=found["family_name"],
            given_name=found["given_name"],
            date_of_birth=found["date_of_birth"],
            field=next((one for one in names if one in self.cells), "record_number"),
        )


@dataclass(frozen=True)
class Whose:
    """By what a row names its patient; `field` is where that is told."""

    record_number: str
    other_number: str
    family_name: str
    given_name: str
    date_of_birth: date | None
    field: str

    @property
    def numbers(self):
        return [one for one in (self.record_number, self.other_number) if one]

    @property
    def says_who(self):
        """Whether it gives more than a number."""
        return bool(self.date_of_birth or self.family_name)

    def may_be(self, patient):
        """Whether name and birth date, as far as they are given, are this patient's. Beside the
        same birth date one name has to be the same: people marry. Without it all of the shorter
        name has to be in the longer, be it by its first letters."""
        mine = folded(f"{self.family_name} {self.given_name}").split()
        theirs = folded(f"{patient.family_name} {patient.given_name}").split()
        shorter, longer = sorted((mine, theirs), key=len)
        same = [any(_begin_alike(one, other) for other in longer) for one in shorter]
        if not self.date_of_birth:
            return all(same)
        return self.date_of_birth == patient.date_of_birth and (any(same) or not same)


def _begin_alike(one, other):
    return one.startswith(other) or other.startswith(one)


def said_for_all(batch):
    """Return what was said of all rows, by the field: of those that have no column."""
    keys = {one.key for one in for_all_rows(batch.target, batch.places())}
    return {key: said for key, said in batch.orders.items() if key in keys}


def givens_of(batch, rows):
    """Return a Given for each of these rows of a batch."""
    places, currency = batch.places(), ClinicSettings.objects.current().currency
    for_all = said_for_all(batch)
    headings = {key: batch.headings[place] for key, place in places.items()}
    return [
        Given(
            row=row,
            target=batch.target,
            headings=headings,
            cells=for_all
            | {key: values.from_json(row.cells[place]) for key, place in places.items()},
            readings=batch.readings,
            currency=currency,
        )
        for row in rows
    ]


def _has_too_many_decimals(value, field):
    if not isinstance(value, Decimal) or not isinstance(field, models.DecimalField):
        return False
    return -value.normalize().as_tuple().exponent > field.decimal_places


def _why(error, label):
    """What is wrong with a value of a field, as whoever reads the file would say it."""
    told = error.params or {}
    match error.code:
        case "null" | "blank":
            return _("Give the %(field)s.") % {"field": label}
        case "max_length":
            words = _("This has %(found)s characters, and at most %(most)s are kept.")
            return words % {"found": told["show_value"], "most": told["limit_value"]}
        case "max_value":
            return _("This must be at most %(limit)s.") % {"limit": told["limit_value"]}
        case "min_value":
            return _("This must be at least %(limit)s.") % {"limit": told["limit_value"]}
        case "max_digits" | "max_whole_digits" | "max_decimal_places":
            return _("This number has too many digits.")
    return " ".join(error.messages)


def _is_near(day):
    return EARLIEST_BIRTH.year <= day.year <= timezone.localdate().year + FURTHEST_YEARS
