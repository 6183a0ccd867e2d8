"""What a row gives, field by field, and the problems found in it, by the headings of its file."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.exchange.reading import people, values
from consultations.exchange.reading.fields import fields
from consultations.models import ImportRow
from consultations.models.days import EARLIEST_BIRTH, FURTHEST_YEARS

from .cells import as_read

BLANK = ("", None)


@dataclass
class Given:
    """One row: `cells` by the key of the field that their column was taken for.

    `problems` are pairs of a heading and words. A target puts what it makes of the row into
    attributes of its own, first of all `record`.
    """

    row: ImportRow
    target: str
    headings: dict
    cells: dict
    orders: dict
    problems: list = field(default_factory=list)

    def __post_init__(self):
        self._read = {}

    def value(self, key):
        """Return what a field says, as our records hold it; None where it says nothing or has no
        column. What cannot be read is a problem, told once."""
        if key not in self._read:
            self._read[key] = self._value(key)
        return self._read[key]

    def _value(self, key):
        cell = self.cells.get(key, "")
        if cell in BLANK:
            return None
        found = fields(self.target)[key]
        try:
            value = values.read(cell, found, self.orders.get(key))
        except values.UnreadableValueError as error:
            self.refuse(key, str(error))
            return None
        if isinstance(value, date) and not _is_near(value):
            last = timezone.localdate().year + FURTHEST_YEARS
            self.refuse(key, _("The year must be between 1900 and %(last)s.") % {"last": last})
            return None
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
            if (value := self.value(key)) is not None:
                setattr(record, found.name, value)

    def refuse(self, key, words):
        """Note a problem of a field; "" for the whole row."""
        problem = [self.heading(key), str(words)]
        if problem not in self.problems:
            self.problems.append(problem)

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
                for name, errors in error.update_error_dict({}).items():
                    told.setdefault(name, []).extend(errors)
        keys = {one.name: key for key, one in fields(self.target).items() if one.record == which}
        refused = {heading for heading, _words in self.problems}
        for name, errors in told.items():
            if name in leaves_out:
                continue
            key = keys.get(name, "" if name == NON_FIELD_ERRORS else name)
            if self.heading(key) not in refused or not key:
                for error in errors:
                    self.refuse(key, " ".join(error.messages))

    def refuse_before(self, birth):
        """Refuse days before the patient was born."""
        for key, value in list(self._read.items()):
            day = value.date() if isinstance(value, datetime) else value
            if isinstance(day, date) and key != "date_of_birth" and day < birth:
                self.refuse(key, _("This is before the patient was born."))

    def whose(self):
        """Return who the row is about."""
        numbers = [self.text(key) for key in ("record_number", "other_number")]
        person = people.person(self)
        names = ("record_number", "other_number", "full_name", "family_name")
        return Whose(
            numbers=[one for one in numbers if one],
            family_name=person.family_name,
            given_name=person.given_name,
            date_of_birth=person.date_of_birth,
            field=next((one for one in names if one in self.cells), "record_number"),
        )


@dataclass(frozen=True)
class Whose:
    """By what a row names its patient; `field` is where that is told."""

    numbers: list
    family_name: str
    given_name: str
    date_of_birth: date | None
    field: str


def _is_near(day):
    return EARLIEST_BIRTH.year <= day.year <= timezone.localdate().year + FURTHEST_YEARS
