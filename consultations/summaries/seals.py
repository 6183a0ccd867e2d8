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
from django.utils.text import capfirst
from simple_history.models import HistoricalChanges

from consultations.models import AccessRecord, AuditSeal, Erasure

from .recorded import UNREADABLE, Difference, differences, files_not_as_recorded

AT_ONCE = 2000
SHOWN_AT_MOST = 100
REMOVED = ""
KEYS_BEGIN = -(2**63)
# A row of a seal: its key and its digest.
SEALED_ROW = struct.Struct(">q16s")
# What each column of a seal holds; SQLite keeps anything anywhere.
TYPES = {
    "number": int,
    "sealed_at": datetime,
    "table": str,
    "columns": list,
    "up_to": int,
    "rows": int,
    "digests": bytes | memoryview,
    "key_name": str,
    "head": str,
}
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
        try:
            digest.update(_plainly(values))
        except UNREADABLE:
            yield key, None
            continue
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
    numbers = AuditSeal.objects.order_by().values("table").annotate(number=Max("pk"))
    latest = AuditSeal.objects.filter(pk__in=[one["number"] for one in numbers])
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
    NO_SEAL = "has rows and not one seal: nothing was ever sealed, or every seal was removed"
    NOT_READABLE = "cannot be read"
    NOT_AS_HISTORY = "is not what its history says"
    WITHOUT_HISTORY = "has no history"
    GONE = "is gone, though its history stands"
    EXCHANGED = "is not the one that was recorded"


OF_LIVE_ROWS = {
    Difference.CHANGED: Kind.NOT_AS_HISTORY,
    Difference.WITHOUT_HISTORY: Kind.WITHOUT_HISTORY,
    Difference.GONE: Kind.GONE,
}
OF_FILES = {Difference.GONE: Kind.MISSING, Difference.EXCHANGED: Kind.EXCHANGED}


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
    live: int = 0  # rows compared with their history
    photos: int = 0
    head: str = ""
    sealed_at: datetime | None = None
    given: int | None = None  # the number of the seal whose head was given
    problems: list[Problem] = field(default_factory=list)
    count: int = 0
    erased: Counter = field(default_factory=Counter)  # rows changed, by erasure
    unsealed: list[Unsealed] = field(default_factory=list)

    def add(self, kind, subject, *, more="", **where):
        """`subject` is put into words only where the problem is among the first."""
        self.count += 1
        if self.count <= SHOWN_AT_MOST:
            words = subject() if callable(subject) else subject
            self.problems.append(Problem(kind, f"{words} {kind.value}{more}.", **where))


def verify(*, head="", step=lambda rows: None):
    """Check the chain, every sealed row, and every live row against its history; `head` is one
    that was kept elsewhere. `step` is told how many rows were checked since it was told last."""
    found = Verification()
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
    _look_at_unsealed(found)
    _compare_live(found, step)
    return found


def verify_photos(found, keys, *, step=lambda photos: None):
    """Check the files of these photos, and add to what was found."""
    for key, name, what in files_not_as_recorded(keys, step=step):
        found.add(OF_FILES[what], f"The {name} of photo {key}", key=key)
    found.photos = len(keys)


def _look_at_unsealed(found):
    try:
        found.unsealed = unsealed()
    except UNREADABLE:
        found.add(Kind.NOT_READABLE, "What was recorded since the last seals")
    if found.unsealed and not found.seals:
        found.add(Kind.NO_SEAL, "The audit")


def _compare_live(found, step):
    def compared(rows):
        found.live += rows
        step(rows)

    for model, key, what, fields in differences(step=compared):
        found.add(
            OF_LIVE_ROWS[what],
            f"{capfirst(model._meta.verbose_name)} {key}",
            more=f": {', '.join(fields)}" if fields else "",
            table=model._meta.db_table,
            key=key,
        )


def _chain(found, head):
    """Each seal that holds, with the key above which its rows begin (None: from the first) and
    the seal of its table before.

    Once a link is broken nobody knows which rows the broken seal held; the tables' next seals
    then begin with their own first row. A seal's key is its number.
    """
    links, ends, whole, expected, other_keys = [""], {}, True, 1, {}
    for number in AuditSeal.objects.order_by("pk").values_list("pk", flat=True):
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
            else:
                other_keys.setdefault(seal.key_name, []).append(number)
            ends, whole = {}, False
            continue
        before = ends.get(seal.table)
        first = SEALED_ROW.unpack_from(seal.digests)[0]
        yield seal, before.up_to if before else None if whole else first - 1, before
        seal.digests = b""
        ends[seal.table] = seal
    _tell_other_keys(found, other_keys)
    if head and found.given is None:
        found.add(Kind.NOT_IN_CHAIN, "The head given")


def _tell_other_keys(found, seals):
    """Said once for each key, however many seals it made."""
    for name, numbers in seals.items():
        words = f"key {name}; the key in use is {key_name()}; see AUDIT_KEY"
        found.add(Kind.OTHER_KEY, f"{_seals(numbers[0], numbers[-1])} ({words})", seal=numbers[0])


def _seal_or_none(number):
    """None where it holds what no program of ours has written."""
    try:
        seal = AuditSeal.objects.get(pk=number)
    except UNREADABLE:
        return None
    sound = all(isinstance(getattr(seal, name), kind) for name, kind in TYPES.items())
    return seal if sound and all(isinstance(one, str) for one in seal.columns) else None


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
        erasure = Erasure.objects.get(pk=key)
        return erasure if hmac.compare_digest(erasure.proof, proof_of(erasure)) else None
    except (*UNREADABLE, ObjectDoesNotExist):
        return None


# In words


def who_erased(erasure):
    """The name of an account, which may be gone or hold what is no text."""
    try:
        return erasure.by.get_username()
    except (*UNREADABLE, ObjectDoesNotExist):
        return f"account {erasure.by_id}"


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
