"""What each column of a clinic's export means, in words: told by the models, so it stays true.

`columns.csv` has a line for each column of each table, `columns.html` is the same to read. Both
are made from the columns' names, help texts, choices and types, and from `words`.
"""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models.money import MoneyField
from consultations.models.record import Record
from consultations.trust.person_export.values import column_has_words

from .tables import exported_models, fields_of, label_of, row
from .words import COLUMNS, GROUPS, TABLES

NAME = "columns.csv"
MOST_SHOWN = 12  # values of one column, on the page
HISTORY = "history"
RECORD = tuple(field.name for field in Record._meta.fields)
# How a cell is written, by the first of these that its field is.
KINDS = (
    (models.AutoField, gettext_lazy("whole number")),
    (MoneyField, gettext_lazy("amount in the clinic's currency, such as 120.00")),
    (models.DecimalField, gettext_lazy("number, with a point before decimals")),
    (models.IntegerField, gettext_lazy("whole number")),
    (models.BooleanField, gettext_lazy("True or False")),
    (models.DateTimeField, gettext_lazy("moment in UTC, such as 2026-01-31T14:05:00+00:00")),
    (models.DateField, gettext_lazy("day, such as 2026-01-31")),
    (models.TimeField, gettext_lazy("time of day, such as 14:05:00")),
    (models.JSONField, gettext_lazy("JSON")),
    (models.UUIDField, gettext_lazy("UUID")),
)
NOT_ASKED = gettext_lazy("Blank where nobody answered, which is not “no”.")


@dataclass(frozen=True)
class Column:
    """What is said of one column. `values` are pairs of what is stored and what it means;
    `leads_to` is the table whose ids it holds."""

    name: str
    label: str
    about: str
    kind: str
    leads_to: str
    can_be_blank: bool
    values: tuple

    @property
    def shown_values(self):
        return self.values if len(self.values) <= MOST_SHOWN else ()


@dataclass(frozen=True)
class TableOfColumns:
    """A table with its own columns; those of every record are told once."""

    name: str
    label: str
    group: str
    about: str
    is_record: bool
    columns: tuple
    own: tuple


def tables_of_columns():
    """Return every table in the order in which they are read."""
    found = {model._meta.model_name: _table(model) for model in exported_models()}
    known = [found.pop(name) for name in TABLES if name in found]
    return [*known, *found.values()]


def groups_of(tables):
    """Return (group, its tables) of what has a `group`."""
    return [(group, [one for one in tables if one.group == group]) for group in GROUPS]


def columns_of_every_record():
    """Return what is the same in every table of records."""
    one = next(model for model in exported_models() if issubclass(model, Record))
    return tuple(_column(one, one._meta.get_field(name)) for name in ("id", *RECORD))


def columns_of_every_history():
    """Return what each history has beside the columns of its table."""
    history = next(model.history.model for model in exported_models() if hasattr(model, HISTORY))
    return tuple(
        _column(history, field)
        for field in history._meta.concrete_fields
        if field.name.startswith("history_")
    )


def write_columns(place):
    """Write columns.csv to a Folder: a line for each column of each file in clinic/records, and for
    those that each history has beside them."""
    heads = ("table", "column", "name", "meaning", "written_as", "leads_to", "blank", "values")
    with place.open(NAME) as file:
        file.write(row(heads))
        for table in tables_of_columns():
            for one in table.columns:
                file.write(row(_cells(table.name, one)))
        for one in columns_of_every_history():
            file.write(row(_cells(_("(each history)"), one)))


def _cells(table, one):
    values = "\n".join(f"{value} = {words}" for value, words in one.values)
    blank = _("may be blank") if one.can_be_blank else ""
    return (table, one.name, one.label, one.about, one.kind, one.leads_to, blank, values)


def _table(model):
    name = model._meta.model_name
    told = TABLES.get(name)
    is_record = issubclass(model, Record)
    columns = tuple(_column(model, _field(model, key)) for key in fields_of(model))
    shared = {"id", *RECORD} if is_record else {"id"}
    return TableOfColumns(
        name=name,
        label=label_of(model),
        group=told.group if told else GROUPS[-1],
        about=str(told.about) if told else "",
        is_record=is_record,
        columns=columns,
        own=tuple(one for one in columns if one.name not in shared),
    )


def _field(model, name):
    """What staff may do stands in their history only."""
    known = {field.name: field for field in model._meta.concrete_fields}
    return known.get(name) or User.history.model._meta.get_field(name)


def _column(model, field):
    values = tuple((str(key), str(words)) for key, words in field.flatchoices)
    return Column(
        name=field.name,
        label=str(capfirst(field.verbose_name)) if column_has_words(field) else "",
        about=about(model, field),
        kind=_kind(field),
        leads_to=field.related_model._meta.model_name if field.is_relation else "",
        can_be_blank=(field.null or field.blank) and not field.primary_key,
        values=values,
    )


def about(model, field):
    """Return what is said of a column: our own words, or else the help text of its form."""
    key = f"{model._meta.model_name}.{field.name}"
    told = COLUMNS.get(key) or COLUMNS.get(field.name) or field.help_text
    asked = isinstance(field, models.BooleanField) and field.null
    return " ".join(filter(None, (str(told), str(NOT_ASKED) if asked else "")))


def _kind(field):
    if field.is_relation:
        label = label_of(field.related_model)
        return _("id of a record in “%(table)s”") % {"table": label}
    field = getattr(field, "output_field", field)
    return str(next((words for of, words in KINDS if isinstance(field, of)), _("text")))
