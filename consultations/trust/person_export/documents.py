"""The documents of a person's export: JSON, CSV and a page to read."""

import csv
import io
import json
import shutil
import tempfile
from contextlib import ExitStack

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from consultations.models import ClinicSettings, Patient, SearchKey
from consultations.summaries.timeline import name_of
from consultations.trust.cells import cell

HERE = "<!-- records -->"  # splits the page in two, around the records


class Documents:
    """The text files of an archive while they are written, each in a temporary file.

    A ZIP can only be written one file after the other. Tables without rows are left out unless
    `every_table` is wanted.
    """

    def __init__(self, person, by, *, every_table=True):
        self.person, self.every_table, self.count = person, every_table, 0
        self.files, self.open_files = {}, ExitStack()
        self.about = {
            "format": "turgor-person/1",
            "record_numbers": [one.record_number for one in person],
            "clinic": ClinicSettings.objects.current().name,
            "made_at": timezone.localtime().isoformat(timespec="seconds"),
            "made_by": name_of(by),
        }

    def __enter__(self):
        self._write("README.txt", self._part("README.txt"))
        self._write("person.json", f'{{"about": {as_json(self.about)},\n"kinds": [')
        page, self.end_of_page = self._part("page.html", records=HERE).split(HERE)
        self._write("person.html", page)
        return self

    def __exit__(self, *raised):
        self.open_files.close()

    def _write(self, name, text):
        if name not in self.files:
            file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
            self.files[name] = self.open_files.enter_context(file)
        self.files[name].write(text)

    def _row(self, name, cells):
        line = io.StringIO()
        csv.writer(line).writerow(table_cell(value) for value in cells)
        self._write(name, line.getvalue())

    def _part(self, name, **context):
        context |= {"about": self.about, "person": self.person}
        return render_to_string(f"documents/person/{name}", context)

    def keep(self, model, records):
        """Write all records of one model in each of the formats."""
        name, label = model._meta.model_name, str(capfirst(model._meta.verbose_name_plural))
        labels = labels_of(model)
        kind = {"kind": name, "label": label, "fields": labels}
        if hasattr(model, "history"):
            kind["fields_of_history"] = labels_of(model.history.model)
        first = model is Patient
        self._write("person.json", f'{"" if first else ","}\n{as_json(kind)[:-1]}, "records": [')
        if self.every_table:
            self._begin_tables(name, kind)
        number = 0
        for number, record in enumerate(records, start=1):
            if number == 1 and not self.every_table:
                self._begin_tables(name, kind)
            self._keep_one(name, record, is_first=number == 1)
            if model is SearchKey:
                continue  # of no use to people
            if number == 1:
                self._write("person.html", format_html("<h2>{}</h2>\n", label))
            self._write("person.html", self._part("record.html", record=record))
        self.count += number
        self._write("person.json", "\n]}")

    def _begin_tables(self, name, kind):
        self._row(f"records/{name}.csv", kind["fields"])
        if "fields_of_history" in kind:
            self._row(f"history/{name}.csv", kind["fields_of_history"])

    def _keep_one(self, name, record, *, is_first):
        self._write("person.json", f"{'' if is_first else ','}\n{as_json(record.as_json())}")
        self._row(f"records/{name}.csv", [one.stored for one in record.values])
        for version in record.versions:
            self._row(f"history/{name}.csv", [one.stored for one in version.values])

    def copy_to(self, archive):
        self._write("person.json", "\n]}\n")
        self._write("person.html", self.end_of_page)
        for name, file in self.files.items():
            file.flush()
            file.buffer.seek(0)
            with archive.open(name, "w") as entry:
                shutil.copyfileobj(file.buffer, entry)


def labels_of(model):
    return {one.name: str(capfirst(one.verbose_name)) for one in model._meta.concrete_fields}


def as_json(value):
    return json.dumps(value, ensure_ascii=False, default=str)


def table_cell(value):
    return cell(as_json(value) if isinstance(value, dict | list) else value)
