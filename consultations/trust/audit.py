"""The audit: openings, writes and erasures as one list, latest first.

A page is merged from the newest rows of each table, read from an index in order of time. So it
costs the same however large the tables are.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, Count, F, Max, Min, Q, Value
from django.db.models.functions import Coalesce, TruncDate
from simple_history.models import HistoricalChanges

from consultations.models import AccessRecord, Erasure, kinds
from consultations.vocabulary import AccessKind

from .digests import audited

CREATED, CHANGED, ERASED, OPENED = "created", "changed", "erased", "opened"
TYPES = {"+": CREATED, "~": CHANGED, "-": ERASED}
NO_OPENINGS = [
    AccessKind.EXPORT,
    AccessKind.SIGN_IN,
    AccessKind.SIGN_IN_REFUSED,
    AccessKind.SIGN_OUT,
]

# Groups on a page of who has looked.
MOST_LOOKED = 300


@dataclass(frozen=True)
class Asked:
    """The filters of the list; `until` is exclusive."""

    patient: int | None = None
    user: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    kind: str = ""


@dataclass(frozen=True)
class Entry:
    at: datetime
    place: int  # of its table among the sources
    key: int
    kind: str
    user: int | None
    patient: int | None
    model: str
    object_id: int | None
    address: str | None = None
    reason: str = ""
    detail: str = ""

    @property
    def order(self):
        return (self.at, -self.place, self.key)


@dataclass(frozen=True)
class After:
    """The last entry of the previous page."""

    at: datetime
    place: int
    key: int


def entries(asked, *, after=None, limit):
    """Return the latest `limit` entries that match `asked`, older than `after`."""
    found = []
    for place, source in enumerate(_sources()):
        rows = source.rows(asked)
        if rows is not None:
            rows = _between(rows, source.when, asked)
            rows = _from(rows, source.when, place, after)
            latest = rows.order_by(f"-{source.when}", "-pk").values("pk")[:limit]
            # Whose they are is asked of those alone: what is of one moment is sorted before.
            rows = rows.model._base_manager.filter(pk__in=latest).values_list(*source.columns)
            found += [source.entry(place, *row) for row in rows.order_by()]
    return sorted(found, key=lambda entry: entry.order, reverse=True)[:limit]


def _sources():
    """Return one source for each table, always in the same order."""
    writes = [model for model in audited().values() if issubclass(model, HistoricalChanges)]
    return [Openings, Erasures, *(Writes(model) for model in writes)]


def _between(rows, when, asked):
    if asked.since:
        rows = rows.filter(**{f"{when}__gte": asked.since})
    if asked.until:
        rows = rows.filter(**{f"{when}__lt": asked.until})
    return rows


def _from(rows, when, place, after):
    """Rows after `after`. At the same moment tables come in their order, latest rows first."""
    if after is None:
        return rows
    if place < after.place:
        return rows.filter(**{f"{when}__lt": after.at})
    rows = rows.filter(**{f"{when}__lte": after.at})
    if place == after.place:
        rows = rows.filter(Q(**{f"{when}__lt": after.at}) | Q(pk__lt=after.key))
    return rows


class Openings:
    when = "at"
    columns = ("pk", "at", "kind", "user", "patient", "model", "object_id", "address", "detail")

    @staticmethod
    def rows(asked):
        rows = AccessRecord.objects.all()
        if asked.kind == OPENED:
            # Exclude the others, so that the index by time is used: most rows are openings.
            rows = rows.exclude(kind__in=NO_OPENINGS)
        elif asked.kind:
            rows = rows.filter(kind=asked.kind)
        if asked.patient is not None:
            rows = rows.filter(patient=asked.patient)
        return rows.filter(user=asked.user) if asked.user else rows

    @staticmethod
    def entry(place, key, at, kind, user, patient, model, object_id, address, detail):
        return Entry(at, place, key, kind, user, patient, model, object_id, address, detail=detail)


class Erasures:
    when = "at"
    columns = ("pk", "at", "by", "patient", "reason")

    @staticmethod
    def rows(asked):
        if asked.kind not in {"", ERASED}:
            return None
        rows = Erasure.objects.all()
        if asked.patient is not None:
            rows = rows.filter(patient=asked.patient)
        return rows.filter(by=asked.user) if asked.user else rows

    @staticmethod
    def entry(place, key, at, user, patient, reason):
        return Entry(at, place, key, ERASED, user, patient, "patient", patient, reason=reason)


class Writes:
    """The history of one kind of record."""

    when = "history_date"

    def __init__(self, history):
        self.history, self.record = history, history.instance_type
        self.name = self.record._meta.model_name
        self.ways = self.record.paths_to_patient() if self.record in kinds() else ()
        nobody = Value(None, output_field=BigIntegerField())
        whose = Coalesce(*self.ways, nobody) if self.ways else nobody
        self.columns = (
            "pk",
            "history_date",
            "history_type",
            "history_user",
            whose,
            "id",
            "history_change_reason",
        )

    def rows(self, asked):
        rows = self.history._base_manager.all()
        if asked.kind:
            types = [one for one, kind in TYPES.items() if kind == asked.kind]
            if not types:
                return None
            rows = rows.filter(history_type=types[0])
        if asked.patient is not None:
            if not self.ways:
                return None
            # By their few keys, so that no database scans the index of time for them.
            rows = rows.filter(id__in=self._keys_of(asked.patient))
        return rows.filter(history_user=asked.user) if asked.user else rows

    def _keys_of(self, patient):
        """Return the keys of a patient's records, including those moved to others since."""
        if self.name == "patient":
            return [patient]
        theirs = self.record._base_manager.filter(self.record.about([patient]))
        keys = set(theirs.values_list("pk", flat=True))
        if self.ways[0] == "patient":
            earlier = self.history._base_manager.order_by().filter(patient=patient)
            keys |= set(earlier.values_list("id", flat=True))
        return keys

    def entry(self, place, key, at, kind, user, patient, object_id, reason):
        kind = TYPES.get(kind, CHANGED)
        return Entry(at, place, key, kind, user, patient, self.name, object_id, reason=reason or "")


# Who has looked


@dataclass(frozen=True)
class Looked:
    """One person's openings of one kind on one day."""

    day: date
    user: int | None
    kind: str
    count: int
    first: datetime
    last: datetime


def looked_at(patient, *, before=None):
    """Return who opened what of a patient and of records merged into theirs.

    A list of Looked, by day and user, latest day first; and the `before` of the next page, None
    on the last page.
    """
    rows = AccessRecord.objects.filter(patient__in=[patient, *patient.merged_records()])
    if before:
        rows = rows.filter(at__lt=before)
    found = [
        Looked(*row)
        for row in rows.order_by()
        .values(day=TruncDate("at"), who=F("user"), what=F("kind"))
        .annotate(count=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("-day", "who", "first")
        .values_list("day", "who", "what", "count", "first", "last")[: MOST_LOOKED + 1]
    ]
    if len(found) <= MOST_LOOKED:
        return found, None
    # Leave a day that is incomplete to the next page.
    whole = [one for one in found if one.day > found[-1].day]
    return (whole, whole[-1].day) if whole else (found, found[-1].day)
