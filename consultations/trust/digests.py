"""Keyed digests of every audited row, and the chain of seals that holds them.

The audited tables are the history of every record, the access log, erasures, and attempts to
send messages. A digest covers the values as Python reads them, so it is the same on every
database. The seal names the columns, so a release may add some. Columns of audited tables are
never dropped or renamed.
"""

import hashlib
import json
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Max, Min, Sum, Value
from simple_history.models import HistoricalChanges

from consultations.models import AccessRecord, AuditSeal, Erasure, MessageAttempt
from consultations.summaries.counts import counts_of
from consultations.summaries.integrity import UNREADABLE

AT_ONCE = 2000
REMOVED = ""
KEYS_BEGIN = -(2**63)
# A row of a seal: its key and its digest.
SEALED_ROW = struct.Struct(">q16s")
# What helps people to find a row: label and column; the empty label is the time.
LOOKED_UP = {
    HistoricalChanges: {"record": "id", "by": "history_user__username", "": "history_date"},
    AccessRecord: {"patient": "patient", "by": "user__username", "": "at"},
    Erasure: {"patient": "patient", "by": "by__username", "": "at"},
    MessageAttempt: {"patient": "message__patient", "by": "by__username", "": "at"},
}
# Rows beside the histories that are sealed.
KEPT_BESIDE = (AccessRecord, Erasure, MessageAttempt)


@dataclass(frozen=True)
class Unsealed:
    name: str
    rows: int
    since: datetime


def audited():
    """Return the models whose rows are sealed, by the name of their table, in order."""
    models = [
        model
        for model in apps.get_app_config("consultations").get_models()
        if issubclass(model, (HistoricalChanges, *KEPT_BESIDE))
    ]
    return {model._meta.db_table: model for model in sorted(models, key=lambda m: m._meta.db_table)}


def columns_of(model):
    """Return the columns that a digest covers: all but the key, which is stored beside it."""
    return [field.attname for field in model._meta.concrete_fields if not field.primary_key]


# Digests


def _keyed(purpose, size, name=None):
    """Begin a digest with the key of this name; with the current key if none has it."""
    key = keys().get(name, settings.AUDIT_KEY) if name else settings.AUDIT_KEY
    return _keyed_with(key, purpose, size)


def _keyed_with(key, purpose, size):
    key = hashlib.blake2b(str(key).encode(), person=b"turgor audit").digest()
    return hashlib.blake2b(key=key, person=purpose, digest_size=size)


def _name_of(key):
    return _keyed_with(key, b"turgor key name", 8).hexdigest()


def key_name():
    """Return the name of the current key, which does not reveal the key."""
    return _name_of(settings.AUDIT_KEY)


def keys():
    """Return the keys that may have made a seal, by their names, the current one first."""
    return {_name_of(key): key for key in (settings.AUDIT_KEY, *settings.AUDIT_KEY_FALLBACKS)}


def newer_keys(name):
    """Return the names of the keys that came after the one of this name."""
    names = list(keys())
    return names[: names.index(name)] if name in names else []


def head_of(seal, *, after):
    """Return the head of the chain with this seal added; `after` is the previous head."""
    digest = _keyed(b"turgor head", 32, seal.key_name)
    digest.update(
        _plainly(
            [
                after,
                seal.number,
                seal.sealed_at,
                seal.table,
                seal.columns,
                seal.up_to,
                seal.rows,
                seal.key_name,
            ]
        )
    )
    digest.update(bytes(seal.digests))
    return digest.hexdigest()


def proof_of(erasure):
    """Return a digest of an erasure and the rows it changed; only the key's holder can make it."""
    digest = _keyed(b"turgor erasure", 32, erasure.key_name)
    digest.update(
        _plainly(
            [
                erasure.patient_id,
                erasure.at,
                erasure.by_id,
                erasure.reason,
                erasure.legal_reason,
                erasure.rows,
                erasure.key_name,
            ]
        )
    )
    return digest.hexdigest()


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no plain form")


_encode = json.JSONEncoder(default=_plain, sort_keys=True, separators=(",", ":")).encode


def _plainly(values):
    return _encode(values).encode("ascii")


def digests(model, columns, *, after, up_to, made_with=None):
    """Yield (key, digest) of each row, in order of keys.

    Rows with keys above `after` (None: from the first) up to `up_to`. The digest is None if a
    value cannot be read. `made_with` is the name of an audit key.
    """
    return _digested(model, columns, _rows(model, columns, after, up_to), made_with)


def digests_of(model, columns, rows, made_with=None):
    """As `digests`, for the rows with these keys."""
    for start in range(0, len(rows), AT_ONCE):
        some = model._base_manager.filter(pk__in=rows[start : start + AT_ONCE])
        yield from _digested(model, columns, _read(some, columns), made_with)


def _digested(model, columns, rows, made_with):
    start = _keyed(b"turgor row", 16, made_with)
    start.update(_plainly([model._meta.db_table, columns]))
    for key, values in rows:
        if values is None:
            yield key, None
            continue
        digest = start.copy()
        try:
            digest.update(_plainly(values))
        except UNREADABLE:
            yield key, None
            continue
        yield key, digest.digest()


def _rows(model, columns, after, up_to):
    """Read AT_ONCE rows at a time, so that memory does not grow with the table."""
    found = model._base_manager.order_by("pk").filter(pk__lte=up_to)
    while True:
        some = found if after is None else found.filter(pk__gt=after)
        rows = _read(some[:AT_ONCE], columns)
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1][0]


def _read(rows, columns):
    try:
        return [(key, values) for key, *values in rows.values_list("pk", *columns)]
    except UNREADABLE:
        return [(key, _read_one(rows, key, columns)) for key in rows.values_list("pk", flat=True)]


def _read_one(rows, key, columns):
    try:
        return list(rows.model._base_manager.filter(pk=key).values_list(*columns).get())
    except UNREADABLE:
        return None


# What is sealed


def latest_seals():
    """Return the key up to which each table is sealed, by table."""
    numbers = AuditSeal.objects.order_by().values("table").annotate(number=Max("pk"))
    latest = AuditSeal.objects.filter(pk__in=[one["number"] for one in numbers])
    return dict(latest.values_list("table", "up_to"))


def sealed_rows():
    return AuditSeal.objects.aggregate(rows=Sum("rows"))["rows"] or 0


def unsealed():
    """Return an Unsealed for each table with rows after its latest seal, in one query for all."""
    sealed = latest_seals()
    counts = [
        model._base_manager.filter(pk__gt=sealed.get(table, KEYS_BEGIN))
        .order_by()
        .annotate(table=Value(table))
        .values("table")
        .annotate(rows=Count("pk"), since=Min(when(model)))
        .values_list("table", "rows", "since")
        for table, model in audited().items()
    ]
    found = counts[0].union(*counts[1:], all=True)
    return [
        Unsealed(name_of_table(audited()[table]), rows, since)
        for table, rows, since in found
        if rows
    ]


def unsealed_rows(most):
    """How many rows no seal covers yet, counted of each table as far as `most` and one more."""
    sealed = latest_seals()
    rows = {
        table: model._base_manager.filter(pk__gt=sealed.get(table, KEYS_BEGIN)).order_by("pk")
        for table, model in audited().items()
    }
    return sum(counts_of(rows, most=most).values())


def when(model):
    """Return the column with the time at which a row was written."""
    return looked_up(model)[""]


def looked_up(model):
    """Return the columns that help people to find a row of this table: LOOKED_UP."""
    return LOOKED_UP[HistoricalChanges if issubclass(model, HistoricalChanges) else model]


def name_of_table(model):
    """Return the name of a table for use in a sentence."""
    if issubclass(model, HistoricalChanges):
        return f"history of {model.instance_type._meta.verbose_name_plural}"
    return str(model._meta.verbose_name_plural)
