"""The tables of the whole clinic: every model, but for those that are named here as left out."""

import csv
import io
from contextlib import ExitStack
from dataclasses import dataclass, replace

from django.apps import apps
from django.contrib.auth.models import User
from simple_history.models import HistoricalChanges

from consultations.models import ClinicSettings, IssuedDocument
from consultations.trust.person_export.documents import as_json, kind_of, table_cell
from consultations.trust.person_export.names import Names
from consultations.trust.person_export.records import exported_records
from consultations.trust.person_export.rows import stream
from consultations.trust.person_export.values import Value

from .words import LEFT_OUT, TABLES

FOLDER = "clinic"
LEFT_OUT_FIELDS = {User: {"password"}}


class AllNames(Names):
    """Names that may tell every record number: the whole clinic is told."""

    def __init__(self):
        super().__init__(frozenset())

    def without_others(self, reason):
        return reason


@dataclass(frozen=True)
class Table:
    """What the page says of one table."""

    name: str
    label: str
    records: int
    has_history: bool


def exported_models():
    """Return every model that has a table, in the order of their names."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if not issubclass(model, HistoricalChanges) and model._meta.label not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.model_name)


def label_of(model):
    """Return what the table of a model is called."""
    told = TABLES.get(model._meta.model_name)
    return str(told.label) if told and told.label else kind_of(model)["label"]


def write_table(model, folder, *, step=lambda: None):
    """Write all rows of a model, and their histories, as CSV and JSON; return its Table.

    A few hundred rows are in memory at a time; `step` is called after each.
    """
    name, label = model._meta.model_name, label_of(model)
    kind = {**kind_of(model), "label": label, "fields": fields_of(model)}
    has_history = hasattr(model, "history")
    count = 0
    with ExitStack() as files:
        as_rows = files.enter_context(folder.open(f"records/{name}.csv"))
        as_rows.write(row(kind["fields"]))
        versions = has_history and files.enter_context(folder.open(f"history/{name}.csv"))
        if has_history:
            versions.write(row(kind["fields_of_history"]))
        whole = files.enter_context(folder.open(f"json/{name}.json"))
        whole.write(f'{as_json(kind)[:-1]}, "records": ['.encode())
        rows = stream(model, model._base_manager.order_by("pk"))
        for count, record in enumerate(exported_records(rows, AllNames()), start=1):
            told = of_model(model, record)
            whole.write(f"{'' if count == 1 else ','}\n{as_json(told.as_json())}".encode())
            as_rows.write(row(one.stored for one in told.values))
            for version in told.versions:
                versions.write(row(one.stored for one in version.values))
            step()
        whole.write(b"\n]}\n")
    for called, file in files_of(model):
        with file.open("rb") as opened:
            folder.writestr(f"files/{called}", opened.read())
    return Table(name, label, count, has_history)


def files_of(model):
    """Yield the files of a model that are there, each with its name here: what the clinic is set up
    with, and documents about no patient. Photos and other documents are with their patient."""
    found = ()
    if model is ClinicSettings:
        found = (("logo.png", one.logo) for one in model.objects.all())
    elif model is IssuedDocument:
        registers = model._base_manager.filter(patient__isnull=True).order_by("pk")
        found = ((f"{one.number}.pdf", one.file) for one in registers)
    for called, file in found:
        if file and file.storage.exists(file.name):
            yield called, file


def fields_of(model):
    """Return the labels of a table's columns by their names."""
    left_out = LEFT_OUT_FIELDS.get(model, ())
    labels = kind_of(model)["fields"].items()
    labels = {name: label for name, label in labels if name not in left_out}
    return labels | ({name: name.capitalize() for name in rights()} if model is User else {})


def of_model(model, record):
    """Return a record without what is left out of it; staff with what they may do."""
    left_out = LEFT_OUT_FIELDS.get(model, ())
    values = tuple(one for one in record.values if one.name not in left_out)
    if model is User:
        key = next(one.stored for one in values if one.name == "id")
        told = {name: of(key) for name, of in rights().items()}
        values += tuple(Value(name, name.capitalize(), text, text) for name, text in told.items())
    return replace(record, values=values)


def rights():
    return User.history.model.RIGHTS


def row(cells):
    """Return one line of a CSV file, as bytes."""
    line = io.StringIO()
    csv.writer(line).writerow(table_cell(value) for value in cells)
    return line.getvalue().encode()
