"""Interchange: export everything about one person as an archive of open formats, with photos.

One pass over the records writes them as JSON, as CSV and as a page to read. At most a few hundred
rows are in memory at a time.
"""

import csv
import hashlib
import io
import json
import re
import shutil
import tempfile
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.models import (
    ClinicSettings,
    Consent,
    ConsentWording,
    Patient,
    Photo,
    SearchKey,
    kinds,
)
from consultations.models.text import day_in_words, yes_or_no
from consultations.rules.candidacy.screen import QUESTIONS
from consultations.rules.facts import CHOICES, DATES, FACTS
from consultations.summaries.person import (
    history_of,
    person_of,
    records_of,
)
from consultations.summaries.signed_copy import finding_as_shown, finding_in_words, lines_of
from consultations.summaries.timeline import name_of
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind, LaserType

from .cells import cell

AT_ONCE = 200
EVERY_TIME = ("changed_at", "changed_by", "version")  # what every save changes
# Left out of the page to read: fields of the program's own, and what is shown elsewhere.
OF_FILES = ("image", "thumbnail", "width", "height", "digest", "thumbnail_digest")
UNREAD = {*EVERY_TIME, *OF_FILES, "id", "form_token", "sort_name"}
RECORD_NUMBER = re.compile(r"\b[A-Z]-\d{6}\b")
# Asked as the date of birth, shown as the age on the day of the verdict.
LABELS_OF_FACTS = {name: name.replace("_", " ") for name in FACTS} | QUESTIONS | {"age": "age"}
HERE = "<!-- records -->"  # splits the page in two, around the records


@dataclass(frozen=True)
class Value:
    """One field of one record: `stored` as the database has it, `shown` as people read it."""

    name: str
    label: str
    stored: object
    shown: str


@dataclass(frozen=True)
class Version:
    """One row of a record's history; `changes` are (label, before, after)."""

    values: tuple
    at: datetime
    by: str
    reason: str
    kind: str
    changes: tuple


@dataclass(frozen=True)
class Told:
    """One record with its history."""

    title: str
    values: tuple
    versions: tuple = ()
    photo: str = ""

    @property
    def said(self):
        """Return the fields that have something for people to read."""
        return [one for one in self.values if one.shown and one.name not in UNREAD]

    def as_json(self):
        told = {"title": self.title, "values": _pairs(self.values)}
        if self.versions:
            told["history"] = [_pairs(version.values) for version in self.versions]
        return told


def _pairs(values):
    return {one.name: {"stored": one.stored, "shown": one.shown} for one in values}


@dataclass
class Names:
    """The names of other records, by model and key; cached.

    `numbers` are the person's own record numbers. Those of other people are left out.
    """

    numbers: frozenset
    known: dict = field(default_factory=dict)

    def without_others(self, reason):
        """Replace other people's record numbers in a reason that the program wrote."""
        return RECORD_NUMBER.sub(
            lambda found: found[0] if found[0] in self.numbers else _("another record"), reason
        )

    def of(self, model, key):
        if (model, key) not in self.known:
            self.known[model, key] = self._name(model, key)
        return self.known[model, key]

    def _name(self, model, key):
        if model is get_user_model():
            return name_of(model._base_manager.filter(pk=key).first())
        if model in kinds():
            return title_of(model, key)
        return str(model._base_manager.filter(pk=key).first() or key)


@transaction.atomic
def export_person(*, patient, by, file, address=None, way=""):
    """Write everything about the person of `patient` to `file` as a ZIP; log that `by` did.

    Returns the number of records in it. `way` is added to the log if it was not by the page.
    Drafts are left out: they are no records, and only their writer reads them.
    """
    Patient.objects.locked_together(patient.pk)
    person = person_of(patient)
    names = Names(frozenset(one.record_number for one in person))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, Documents(person, by) as told:
        for model in kinds():
            told.keep(model, _told_of(model, records_of(person, model), names))
        signed = records_of(person, Consent).values("wording")
        wordings = ConsentWording.objects.filter(pk__in=signed).order_by("pk")
        told.keep(ConsentWording, _told_of(ConsentWording, wordings, names))
        told.copy_to(archive)
        add_photos(archive, records_of(person, Photo))
    told_of = _("Everything about the person: %(count)s records.") % {"count": told.count}
    record_access(
        by=by,
        kind=AccessKind.EXPORT,
        address=address,
        patient=patient,
        record=patient,
        detail=f"{told_of} {way}".strip(),
    )
    return told.count


def title_of(model, key):
    return f"{capfirst(model._meta.verbose_name)} {key}"


# Reading


def _told_of(model, records, names):
    """Yield the records with their histories, reading AT_ONCE at a time."""
    last = 0
    while some := list(records.filter(pk__gt=last)[:AT_ONCE]):
        last = some[-1].pk
        histories = _histories(model, [one.pk for one in some], names)
        for record in some:
            yield _told(record, names, histories.get(record.pk, ()))


def _told(record, names, versions=()):
    photo = file_of(record) if isinstance(record, Photo) and record.image else ""
    title = title_of(type(record), record.pk)
    return Told(title, values_of(record, names), versions, photo)


def _histories(model, keys, names):
    if not hasattr(model, "history"):
        return {}
    rows = history_of(model, keys).iterator(chunk_size=AT_ONCE)
    key = model._meta.pk.attname
    return {
        pk: tuple(_versions(of_one, names))
        for pk, of_one in groupby(rows, lambda row: getattr(row, key))
    }


def _versions(rows, names):
    before = {}
    for row in rows:
        values = values_of(row, names)
        told = {one.name: one for one in values}
        now = {name: one for name, one in told.items() if not name.startswith("history_")}
        yield Version(
            values=values,
            at=row.history_date,
            by=names.of(get_user_model(), row.history_user_id) if row.history_user_id else "",
            reason=told["history_change_reason"].stored or "",
            kind=row.get_history_type_display(),
            changes=tuple(
                (one.label, before[name].shown or "–", one.shown or "–")
                for name, one in now.items()
                # A signed page is shown with its record, in full.
                if before
                and name not in {*UNREAD, "signed_as"}
                and before[name].stored != one.stored
            ),
        )
        before = now


def values_of(record, names):
    return tuple(
        Value(
            name=one.name,
            label=str(capfirst(one.verbose_name)),
            stored=stored(value),
            shown=shown(one, value, names),
        )
        for one, value in _fields_of(record, names)
    )


def _fields_of(record, names):
    for one in record._meta.concrete_fields:
        value = one.value_from_object(record)
        is_reason = one.name == "history_change_reason" and value
        yield one, names.without_others(value) if is_reason else value


def stored(value):
    """Return a value as JSON holds it: dates as ISO text, decimals and names of files as text."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal() | UUID() | models.fields.files.FieldFile():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).decode(errors="replace")
    return value


def shown(one, value, names):
    """Return a value as people read it; "" for none."""
    if value in (None, "", [], {}):
        return ""
    if one.is_relation:
        return names.of(one.related_model, value)
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "j F Y H:i")
    if isinstance(value, date):
        return formats.date_format(value, "j F Y")
    if isinstance(value, dict | list):
        return "\n".join(lines_of_json(value))
    return str(stored(value))


def lines_of_json(value):
    """Yield lines of a value stored as JSON: a signed page, findings, facts, or laser types."""
    if isinstance(value, list):
        lasers = dict(LaserType.choices)
        for one in value:
            if isinstance(one, dict):
                yield finding_in_words(finding_as_shown(one))
            else:
                yield str(lasers.get(one, one))
    elif "sections" in value:
        yield from lines_of(value)
    else:
        for name, one in value.items():
            if one is not None:
                yield f"{LABELS_OF_FACTS.get(name, name)}: {fact_in_words(name, one)}"


def fact_in_words(name, value):
    if isinstance(value, bool):
        return yes_or_no(value)
    if name in CHOICES:
        return dict(CHOICES[name].choices).get(value, value)
    if isinstance(value, str) and (name == "on" or name in DATES):
        return day_in_words(date.fromisoformat(value))
    return value


# Writing


class Documents:
    """The text files of an archive while they are written, each in a temporary file.

    A ZIP can only be written one file after the other.
    """

    def __init__(self, person, by):
        self.person, self.count = person, 0
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
        """Write all records of one model, in each of the formats."""
        name, label = model._meta.model_name, str(capfirst(model._meta.verbose_name_plural))
        labels = labels_of(model)
        kind = {"kind": name, "label": label, "fields": labels}
        if hasattr(model, "history"):
            kind["fields_of_history"] = labels_of(model.history.model)
            self._row(f"history/{name}.csv", kind["fields_of_history"])
        first = model is Patient
        self._write("person.json", f'{"" if first else ","}\n{as_json(kind)[:-1]}, "records": [')
        self._row(f"records/{name}.csv", labels)
        number = 0
        for number, told in enumerate(records, start=1):
            self._keep_one(name, told, is_first=number == 1)
            if model is SearchKey:
                continue  # of no use to people
            if number == 1:
                self._write("person.html", format_html("<h2>{}</h2>\n", label))
            self._write("person.html", self._part("record.html", told=told))
        self.count += number
        self._write("person.json", "\n]}")

    def _keep_one(self, name, told, *, is_first):
        self._write("person.json", f"{'' if is_first else ','}\n{as_json(told.as_json())}")
        self._row(f"records/{name}.csv", [one.stored for one in told.values])
        for version in told.versions:
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


def add_photos(archive, photos):
    """Add the photos as stored, and the digest of each file, as `sha256sum -c` reads it."""
    digests = []
    for photo in photos.exclude(image="").iterator(chunk_size=AT_ONCE):
        name = file_of(photo)
        try:
            with photo.image.open("rb") as image:
                content = image.read()
        except OSError:
            digests.append(f"# {name}: " + _("the file is missing"))
            continue
        archive.writestr(zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6]), content)
        digests.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
    archive.writestr("photos/SHA256SUMS", "".join(f"{line}\n" for line in digests))


def file_of(photo):
    """Return the path of a photo in the archive."""
    return f"photos/photo-{photo.pk}.jpg"
