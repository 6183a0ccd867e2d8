"""One person's records with their histories, as the documents of the export show them."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model

from consultations.models import IssuedDocument, Photo

from .names import title_of
from .values import values_of

EVERY_TIME = ("changed_at", "changed_by", "version")  # what every save changes
# Left out of the page to read, as is what has no words.
UNREAD = {*EVERY_TIME, "id"}
IN_ERROR = ("entered_in_error_at", "entered_in_error_by", "entered_in_error_reason")


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
        return [
            one
            for one in self.values
            if one.shown and one.has_words and one.name not in {*UNREAD, *IN_ERROR}
        ]

    @property
    def in_error(self):
        """Return when, by whom and why it was entered in error; nothing where it was not."""
        told = {one.name: one.shown for one in self.values}
        return [told[name] for name in IN_ERROR] if told.get(IN_ERROR[0]) else []

    def as_json(self):
        pairs = {"title": self.title, "values": _pairs(self.values)}
        if self.versions:
            pairs["history"] = [_pairs(version.values) for version in self.versions]
        return pairs


def _pairs(values):
    return {one.name: {"stored": one.stored, "shown": one.shown} for one in values}


def exported_records(rows, names):
    """Yield each record of (record, history rows) with its history."""
    for record, history in rows:
        photo = file_of(record) if isinstance(record, Photo) and record.image else ""
        document = file_of(record) if isinstance(record, IssuedDocument) and record.file else ""
        values = values_of(record, names)
        yield ExportedRecord(
            title=title_of(type(record), record.pk),
            values=values,
            versions=tuple(_versions(history, names, values)),
            photo=photo,
            document=document,
        )


def _versions(rows, names, values):
    before = {}
    for row in rows:
        values = values_of(row, names, like=values)
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
                and one.has_words
                and name not in {*UNREAD, "signed_as"}
                and before[name].stored != one.stored
            ),
        )
        before = now


def file_of(record):
    """Return the path of a photo or a document in the archive."""
    if isinstance(record, IssuedDocument):
        return f"documents/{record.number}.pdf"
    return f"photos/{record.taken_on:%Y-%m-%d}-{record.area}-{record.view}-{record.pk}.jpg"
