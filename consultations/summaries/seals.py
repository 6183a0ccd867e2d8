"""What the seals prove: keyed digests of every audited row, and how they are checked again.

Audited are the history of every record, who opened what, and erasures. A digest is taken over the
values as Python sees them, so that it is the same on every database; the columns are named by the
seal, so that a release may add some. Columns of audited tables are never dropped or renamed.
"""

import hashlib
import hmac
import json
import struct
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import partial
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Max, Min, Sum, Value
from simple_history.models import HistoricalChanges

from consultations.models import AccessRecord, AuditSeal, Erasure

AT_ONCE = 2000
SHOWN_AT_MOST = 100
REMOVED = ""
KEYS_BEGIN = -(2**63)
# A row of a seal: its key and its digest.
SEALED_ROW = struct.Struct(">q16s")
# What a value in a column raises that no program of ours has written.
UNREADABLE = (ValueError, TypeError, AttributeError, ArithmeticError)
# How a row is looked for by a person: what it says of itself, by column.
LOOKED_UP = {
    HistoricalChanges: {"record": "id", "by": "history_user__username", "": "history_date"},
    AccessRecord: {"patient": "patient", "by": "user__username", "": "at"},
    Erasure: {"patient": "patient", "by": "by__username", "": "at"},
}


def audited():
    """The models whose rows are sealed, by the name of their table."""
    models = [
        model
        for model in apps.get_app_config("consultations").get_models()
        if issubclass(model, (HistoricalChanges, AccessRecord, Erasure))
    ]
    return {model._meta.db_table: model for model in sorted(models, key=lambda m: m._meta.db_table)}


def columns_of(model):
    """The columns that a digest is taken over: all but the key, which stands beside it."""
    return [field.attname for field in model._meta.concrete_fields if not field.primary_key]


# Digests


def _keyed(purpose, size):
    key = hashlib.blake2b(str(settings.AUDIT_KEY).encode(), person=b"turgor audit").digest()
    return hashlib.blake2b(key=key, person=purpose, digest_size=size)


def key_name():
    """Which key is in use, without telling the key."""
    return _keyed(b"turgor key name", 8).hexdigest()


def head_of(seal, *, after):
    """The head of the chain with this seal on it; `after` is the head before it."""
    digest = _keyed(b"turgor head", 32)
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
    """What only the holder of the key can say of an erasure and the rows it changed."""
    digest = _keyed(b"turgor erasure", 32)
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


def digests(model, columns, *, after, up_to):
    """The key and digest of each row above the key `after` (None: from the first) up to `up_to`,
    by key. The digest is None where a value cannot be read."""
    return _digested(model, columns, _rows(model, columns, after, up_to))


def digests_of(model, columns, keys):
    """As `digests`, of the rows with these keys."""
    for start in range(0, len(keys), AT_ONCE):
        some = model._base_manager.filter(pk__in=keys[start : start + AT_ONCE])
        yield from _digested(model, columns, _read(some, columns))


def _digested(model, columns, rows):
    start = _keyed(b"turgor row", 16)
    start.update(_plainly([model._meta.db_table, columns]))
    for key, values in rows:
        if values is None:
            yield key, None
            continue
        digest = start.copy()
        digest.update(_plainly(values))
        yield key, digest.digest()


def _rows(model, columns, after, up_to):
    """Read a few at a time, so that memory does not grow with the table."""
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
    """Of each table the number of its latest seal and the key up to which it is sealed."""
    numbers = AuditSeal.objects.order_by().values("table").annotate(number=Max("number"))
    latest = AuditSeal.objects.filter(number__in=[one["number"] for one in numbers])
    return dict(latest.values_list("table", "up_to"))


def sealed_rows():
    return AuditSeal.objects.aggregate(rows=Sum("rows"))["rows"] or 0


def unsealed():
    """What each table gained since its latest seal, in one query for all tables."""
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


def when(model):
    """The column that says when a row was written."""
    return _looked_up(model)[""]


def _looked_up(model):
    return LOOKED_UP[HistoricalChanges if issubclass(model, HistoricalChanges) else model]


# Checking


class Kind(Enum):
    """What can be wrong with a row or a seal, as the end of a sentence."""

    ALTERED = "was altered"
    ALTERED_AFTER_ERASURE = "was altered after it was erased"
    MISSING = "is missing"
    INSERTED = "was inserted later"
    MOVED = "was put in the place of another"
    OTHER_KEY = "cannot be checked: made with another key"
    NOT_CHECKED = "cannot be checked: its table or its columns are gone"
    FORGED = "was altered, or was not written by this program"
    NOT_IN_CHAIN = "is not in the chain: seals were removed or replaced"


@dataclass(frozen=True)
class Problem:
    kind: Kind
    words: str
    seal: int | None = None
    table: str = ""
    key: int | None = None


@dataclass(frozen=True)
class Unsealed:
    name: str
    rows: int
    since: datetime


@dataclass
class Verification:
    """What was found: the first problems in full, and how many there are."""

    seals: int = 0
    rows: int = 0
    head: str = ""
    sealed_at: datetime | None = None
    given: int | None = None  # the number of the seal whose head was given
    problems: list[Problem] = field(default_factory=list)
    count: int = 0
    erased: Counter = field(default_factory=Counter)  # rows changed, by erasure
    unsealed: list[Unsealed] = field(default_factory=list)

    def add(self, kind, subject, **where):
        """`subject` is put into words only where the problem is among the first."""
        self.count += 1
        if self.count <= SHOWN_AT_MOST:
            words = subject() if callable(subject) else subject
            self.problems.append(Problem(kind, f"{words} {kind.value}.", **where))


def verify(*, head="", step=lambda rows: None):
    """Check the chain and every sealed row; `head` is one that was kept elsewhere. `step` is told
    how many rows were checked since it was told last."""
    found = Verification()
    _look_for_other_keys(found)
    tombstones = Tombstones(found)
    for seal, after, before in _chain(found, head.strip().lower()):
        model = audited().get(seal.table)
        if model is None or not set(seal.columns) <= set(columns_of(model)):
            found.add(Kind.NOT_CHECKED, _seal_in_words(seal), seal=seal.number)
            continue
        for key, kind in sorted(_compare(found, model, seal, after, tombstones)):
            subject = partial(_row_in_words, model, key, seal, before)
            found.add(Kind[kind], subject, seal=seal.number, table=seal.table, key=key)
        found.rows += seal.rows
        step(seal.rows)
    found.unsealed = unsealed()
    return found


def _look_for_other_keys(found):
    """Said once, however many seals it is true of."""
    others = AuditSeal.objects.exclude(key_name=key_name()).order_by("key_name")
    for name, first, last in others.values_list("key_name").annotate(Min("number"), Max("number")):
        subject = (
            f"{_seals(first, last)} (key {name}; the key in use is {key_name()}; see AUDIT_KEY)"
        )
        found.add(Kind.OTHER_KEY, subject, seal=first)


def _chain(found, head):
    """Each seal that holds, with the key above which its rows begin (None: from the first) and
    the seal of its table before.

    Once a link is broken nobody knows which rows the broken seal held; the tables' next seals
    then begin with their own first row.
    """
    links, ends, whole, expected = [""], {}, True, 1
    for number in AuditSeal.objects.order_by("number").values_list("number", flat=True):
        if number != expected:
            found.add(Kind.MISSING, _seals(expected, number - 1), seal=expected)
            links, ends, whole = [], {}, False
        expected = number + 1
        found.seals += 1
        seal = _seal_or_none(number)
        if seal is not None:
            found.head, found.sealed_at = seal.head, seal.sealed_at
            found.given = number if head and seal.head == head else found.given
        holds, links = _link(seal, links)
        if not holds:
            if seal is None or seal.key_name == key_name():
                found.add(Kind.FORGED, f"Seal {number}", seal=number)
            ends, whole = {}, False
            continue
        before = ends.get(seal.table)
        first = SEALED_ROW.unpack_from(seal.digests)[0]
        yield seal, before.up_to if before else None if whole else first - 1, before
        seal.digests = b""
        ends[seal.table] = seal
    if head and found.given is None:
        found.add(Kind.NOT_IN_CHAIN, "The head given")


def _seal_or_none(number):
    """None where it holds what no program of ours has written."""
    try:
        return AuditSeal.objects.get(number=number)
    except UNREADABLE:
        return None


def _link(seal, links):
    """Whether a seal holds where it follows one of the heads `links` (none: whatever it says),
    and the heads that the next one may follow.

    After a broken link that is the head as it is and as it should be, so that the seal after it
    is not blamed as well.
    """
    if seal is None:
        return False, []
    if seal.key_name != key_name():
        return False, [seal.head]
    right = [head_of(seal, after=head) for head in links]
    holds = (
        seal.pk == seal.number
        and len(seal.digests) == seal.rows * SEALED_ROW.size > 0
        and (not links or seal.head in right)
    )
    return holds, [seal.head] if holds else [seal.head, *right][:3]


def _compare(found, model, seal, after, tombstones):
    """The keys of a seal's rows that are neither as sealed nor as lawfully erased, each with the
    name of what is wrong."""
    sealed = dict(SEALED_ROW.iter_unpack(seal.digests))
    missing, changed = set(sealed), {}
    for key, digest in digests(model, seal.columns, after=after, up_to=seal.up_to):
        missing.discard(key)
        if digest != sealed.get(key) or tombstones.later(seal, key):
            changed[key] = digest.hex() if digest else None
    for key, digest in (changed | dict.fromkeys(missing, REMOVED)).items():
        if key not in sealed:
            yield key, Kind.INSERTED.name
        elif erasure := tombstones.explains(seal.table, key, digest):
            found.erased[erasure] += 1
        elif digest == REMOVED:
            yield key, Kind.MISSING.name
        elif tombstones.later(seal, key):
            yield key, Kind.ALTERED_AFTER_ERASURE.name
        elif digest and bytes.fromhex(digest) in sealed.values():
            yield key, Kind.MOVED.name
        else:
            yield key, Kind.ALTERED.name


class Tombstones:
    """What lawful erasures have made of audited rows: for each row the latest of them."""

    def __init__(self, found):
        self.found, self.last, self.rows = found, 0, {}
        self.read()

    def read(self):
        """Read the erasures that were not yet read; whether there were any."""
        keys = list(Erasure.objects.filter(pk__gt=self.last).order_by("pk").values_list("pk"))
        for (key,) in keys:
            erasure = _genuine(key)
            self.last = key
            if erasure is None:
                self.found.add(
                    Kind.FORGED,
                    f"Erasure {key}",
                    table=Erasure._meta.db_table,
                    key=key,
                )
                continue
            for table, rows in erasure.rows.items():
                self.rows |= {(table, int(row)): (erasure, rows[row]) for row in rows}
            erasure.rows = {}
        return bool(keys)

    def later(self, seal, key):
        """The erasure that changed a row after it was sealed, if any."""
        erasure, _ = self.rows.get((seal.table, key), (None, None))
        return erasure if erasure is not None and erasure.at > seal.sealed_at else None

    def explains(self, table, key, digest):
        """The erasure that made a row what it is, if any; one that was written while we read
        counts as well."""
        erasure, made = self.rows.get((table, key), (None, None))
        if erasure is not None and made == digest:
            return erasure
        return self.explains(table, key, digest) if self.read() else None


def _genuine(key):
    """An erasure whose proof holds, or None."""
    try:
        erasure = Erasure.objects.select_related("by").get(pk=key)
        return erasure if hmac.compare_digest(erasure.proof, proof_of(erasure)) else None
    except (*UNREADABLE, ObjectDoesNotExist):
        return None


# In words


def _seals(first, last):
    return f"Seal {first}" if first == last else f"Seals {first} to {last}"


def _seal_in_words(seal):
    return f"Seal {seal.number} of {seal.sealed_at:%Y-%m-%d %H:%M} over {seal.table}"


def name_of_table(model):
    """What a table is called in a sentence."""
    if issubclass(model, HistoricalChanges):
        return f"history of {model.instance_type._meta.verbose_name_plural}"
    return str(model._meta.verbose_name_plural)


def _row_in_words(model, key, seal, before):
    told = [*_present(model, key), f"sealed by seal {seal.number} of {seal.sealed_at:%Y-%m-%d}"]
    if before is not None:
        told.append(f"after seal {before.number} of {before.sealed_at:%Y-%m-%d}")
    return f"Row {key} of {name_of_table(model)} ({', '.join(told)})"


def _present(model, key):
    """Whose row it says it is, when and by whom: what there is to look for it by."""
    columns = _looked_up(model)
    try:
        row = model._base_manager.filter(pk=key).values_list(*columns.values()).first()
    except UNREADABLE:
        row = None
    for name, value in zip(columns, row or (), strict=False):
        if value is not None:
            text = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
            yield f"{name} {text}".strip()
