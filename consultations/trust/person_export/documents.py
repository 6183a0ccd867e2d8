"""The documents of a person's export: JSON, CSV and a page to read."""

import csv
import io
import json
from datetime import datetime
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language

from consultations.models import ClinicSettings, Patient, SearchKey
from consultations.models.text import moment_and_zone
from consultations.summaries.timeline import name_of
from consultations.trust.cells import cell

from .values import columns_of

HERE = "<!-- records -->"  # splits the page in two, around the records


def made_by(by):
    """Return what an export tells of itself: where it was made, when and by whom."""
    return {
        "clinic": ClinicSettings.objects.current().name,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "made_by": name_of(by),
    }


class Documents:
    """The text files of an archive while they are written, in memory: a ZIP can only be written
    one file after the other.

    `made` is as `made_by` returns it. Tables without rows are left out unless `every_table` is
    wanted.
    """

    def __init__(self, person, made, *, every_table=True):
        self.person, self.every_table, self.count = person, every_table, 0
        self.files, self.contents = {}, []
        numbers = [one.record_number for one in person]
        self.about = {"format": "turgor-person/1", "record_numbers": numbers, **made}
        self._write("README.txt", self._part("README.txt"))
        self._write("person.json", f'{{"about": {as_json(self.about)},\n"kinds": [')
        self.page = self._part("page.html", records=HERE).split(HERE)

    def _write(self, name, text):
        self.files.setdefault(name, []).append(text)

    def _row(self, name, cells):
        line = io.StringIO()
        csv.writer(line).writerow(table_cell(value) for value in cells)
        self._write(name, line.getvalue())

    def _part(self, name, **context):
        context |= {
            "about": self.about,
            "person": self.person,
            "made_at": moment_and_zone(datetime.fromisoformat(self.about["made_at"])),
            "time_zone": settings.TIME_ZONE,
        }
        return render_to_string(f"documents/person/{name}", context)

    def keep(self, model, records):
        """Write all records of one model in each of the formats."""
        name, kind = model._meta.model_name, kind_of(model)
        first = model is Patient
        self._write("person.json", f'{"" if first else ","}\n{head_of(model)}, "records": [')
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
                self._write(
                    "person.html", format_html('<h2 id="{}">{}</h2>\n', name, kind["label"])
                )
            self._write("person.html", render_record(record))
        self.count += number
        if number and model is not SearchKey:
            self.contents.append((name, kind["label"], number))
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
        head, foot = self.page
        contents = self._part("contents.html", contents=self.contents)
        records = self.files.get("person.html", [])
        self.files["person.html"] = [head, contents, *records, foot]
        for name, texts in self.files.items():
            with archive.open(name, "w") as entry:
                for text in texts:
                    entry.write(text.encode())


def render_record(record):
    return render_to_string("documents/person/record.html", {"record": record})


def kind_of(model):
    """Return what an export tells of a model: its name, its label and those of its columns."""
    return _kind_in(model, get_language())


def head_of(model):
    """Return the same as JSON, without the bracket that ends it."""
    return _head_in(model, get_language())


@cache
def _kind_in(model, language):
    label = str(capfirst(model._meta.verbose_name_plural))
    kind = {"kind": model._meta.model_name, "label": label, "fields": _labels_of(model)}
    if hasattr(model, "history"):
        kind["fields_of_history"] = _labels_of(model.history.model)
    return kind


@cache
def _head_in(model, language):
    return as_json(_kind_in(model, language))[:-1]


def _labels_of(model):
    return {one.name: one.label for one in columns_of(model)}


def as_json(value):
    return json.dumps(value, ensure_ascii=False, default=str)


def table_cell(value):
    return cell(as_json(value) if isinstance(value, dict | list) else value)
