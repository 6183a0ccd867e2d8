"""One person's records with their histories, as the documents of the export show them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib.auth import get_user_model

from consultations.models import IssuedDocument, Photo
from consultations.summaries.person import history_of

from .names import title_of
from .values import values_of

AT_ONCE = 200
EVERY_TIME = ("changed_at", "changed_by", "version")  # what every save changes
# Left out of the page to read: fields of the program's own, and what is shown elsewhere.
OF_FILES = ("image", "thumbnail", "width", "height", "digest", "thumbnail_digest", "file", "size")
UNREAD = {*EVERY_TIME, *OF_FILES, "id", "form_token", "sort_name"}


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
class ExportedRecord:
    """One record with its history."""

    title: str
    values: tuple
    versions: tuple = ()
    photo: str = ""
    document: str = ""

    @property
    def readable_values(self):
        """Return the fields that have something for people to read."""
        return [one for one in self.values if one.shown and one.name not in UNREAD]

    def as_json(self):
        pairs = {"title": self.title, "values": _pairs(self.values)}
        if self.versions:
            pairs["history"] = [_pairs(version.values) for version in self.versions]
        return pairs


def _pairs(values):
    return {one.name: {"stored": one.stored, "shown": one.shown} for one in values}


def exported_records(model, records, names):
    """Yield the records with their histories, reading AT_ONCE at a time."""
    last = 0
    while some := list(records.filter(pk__gt=last)[:AT_ONCE]):
        last = some[-1].pk
        histories = _histories(model, [one.pk for one in some], names)
        for record in some:
            yield _exported(record, names, histories.get(record.pk, ()))


def _exported(record, names, versions=()):
    photo = file_of(record) if isinstance(record, Photo) and record.image else ""
    document = file_of(record) if isinstance(record, IssuedDocument) and record.file else ""
    title = title_of(type(record), record.pk)
    return ExportedRecord(title, values_of(record, names), versions, photo, document)


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
        fields = {one.name: one for one in values}
        now = {name: one for name, one in fields.items() if not name.startswith("history_")}
        yield Version(
            values=values,
            at=row.history_date,
            by=names.of(get_user_model(), row.history_user_id) if row.history_user_id else "",
            reason=fields["history_change_reason"].stored or "",
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


def file_of(record):
    """Return the path of a photo or a document in the archive."""
    if isinstance(record, IssuedDocument):
        return f"documents/{record.number}.pdf"
    return f"photos/photo-{record.pk}.jpg"
