"""Verify the audit: the chain of seals, every sealed row, and every live row.

Rows changed by lawful erasures are known from their tombstones.
"""

import hmac
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import partial

from django.core.exceptions import ObjectDoesNotExist
from django.utils.text import capfirst

from consultations.models import AuditSeal, Erasure
from consultations.summaries.integrity import (
    UNREADABLE,
    Difference,
    differences,
    files_not_as_recorded,
)

from .backdated import Moments, backdated
from .digests import (
    REMOVED,
    SEALED_ROW,
    Unsealed,
    audited,
    columns_of,
    digests,
    head_of,
    key_name,
    keys,
    looked_up,
    name_of_table,
    newer_keys,
    proof_of,
    unsealed,
)

SHOWN_AT_MOST = 100
# The type of each column of a seal; SQLite stores anything in any column.
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


class Kind(Enum):
    """What can be wrong with a row or a seal, worded as the end of a sentence."""

    ALTERED = "was altered"
    ALTERED_AFTER_ERASURE = "was altered after it was erased"
    MISSING = "is missing"
    INSERTED = "was inserted later"
    BACKDATED = "was written later than its time says"
    BACKWARDS = "is dated before the seal that it follows"
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
    NOT_AS_CODE = "may do what the program does not give it, or less: run sync_roles"
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


@dataclass
class Verification:
    """The result: the first SHOWN_AT_MOST problems in full, and how many there are."""

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
        """Add a problem. `subject` may be a function, called only if the problem is shown."""
        self.count += 1
        if self.count <= SHOWN_AT_MOST:
            words = subject() if callable(subject) else subject
            self.problems.append(Problem(kind, f"{words} {kind.value}{more}.", **where))


def verify(*, head="", step=lambda rows: None):
    """Verify the chain, every sealed row, and every live row against its history.

    `head` is a head that was kept elsewhere. `step` is called with numbers of rows as they are
    verified. Returns a Verification.
    """
    found = Verification()
    tombstones, moments, ends = Tombstones(found), Moments(), {}
    for seal, after, before in _chain(found, head.strip().lower()):
        model = audited().get(seal.table)
        if model is None or not set(seal.columns) <= set(columns_of(model)):
            found.add(Kind.NOT_CHECKED, _seal_in_words(seal), seal=seal.number)
            continue
        late = backdated(model, moments.add(seal), after=after, up_to=seal.up_to)
        wrong = dict.fromkeys(late, Kind.BACKDATED.name)
        wrong |= dict(_compare(found, model, seal, after, tombstones))
        for key, kind in sorted(wrong.items()):
            subject = partial(_row_in_words, model, key, seal, before)
            found.add(Kind[kind], subject, seal=seal.number, table=seal.table, key=key)
        ends[seal.table] = seal
        found.rows += seal.rows
        step(seal.rows)
    _look_at_unsealed(found, moments.complete, ends)
    _compare_live(found, step)
    return found


def verify_roles(found, out_of_step):
    """Add the roles whose permissions differ from the code to what was found."""
    for name in out_of_step:
        found.add(Kind.NOT_AS_CODE, f"The role {name}")


def verify_photos(found, keys, *, step=lambda photos: None):
    """Verify the files of these photos, and add to what was found."""
    for key, name, what in files_not_as_recorded(keys, step=step):
        found.add(OF_FILES[what], f"The {name} of photo {key}", key=key)
    found.photos = len(keys)


def _look_at_unsealed(found, complete, ends):
    """Add rows written after the last seals, and those of them that are backdated.

    `complete` has the time at which each table was complete, `ends` its last seal.
    """
    try:
        found.unsealed = unsealed()
        for table, since in sorted(complete.items()):
            model, seal = audited()[table], ends.get(table)
            for key in backdated(model, since, after=seal and seal.up_to):
                subject = partial(_row_in_words, model, key, None, seal)
                found.add(Kind.BACKDATED, subject, table=table, key=key)
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
    """Yield each valid seal, the key after which its rows begin, and its table's previous seal.

    The key is None for rows from the first on. After a broken link it is unknown which rows the
    broken seal covered; each table's next seal then begins with its own first row. The primary
    key of a seal is its number.
    """
    links, ends, whole, expected, other_keys, newer = [""], {}, True, 1, {}, set()
    previous = None
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
        # An earlier key must not make new seals.
        holds = holds and not newer.intersection(newer_keys(seal.key_name))
        if not holds:
            if seal is None or seal.key_name in keys():
                found.add(Kind.FORGED, f"Seal {number}", seal=number)
            else:
                other_keys.setdefault(seal.key_name, []).append(number)
            ends, whole = {}, False
            continue
        newer.add(seal.key_name)
        if previous is not None and seal.sealed_at < previous:
            found.add(Kind.BACKWARDS, _seal_in_words(seal), seal=number)
        before, previous = ends.get(seal.table), seal.sealed_at
        first = SEALED_ROW.unpack_from(seal.digests)[0]
        yield seal, before.up_to if before else None if whole else first - 1, before
        seal.digests = b""
        ends[seal.table] = seal
    _tell_other_keys(found, other_keys)
    if head and found.given is None:
        found.add(Kind.NOT_IN_CHAIN, "The head given")


def _tell_other_keys(found, seals):
    """Add one problem for each unknown key, however many seals it made."""
    for name, numbers in seals.items():
        words = f"key {name}; the key in use is {key_name()}; see AUDIT_KEY"
        found.add(Kind.OTHER_KEY, f"{_seals(numbers[0], numbers[-1])} ({words})", seal=numbers[0])


def _seal_or_none(number):
    """Return the seal; None if it holds values that this program never writes."""
    try:
        seal = AuditSeal.objects.get(pk=number)
    except UNREADABLE:
        return None
    sound = all(isinstance(getattr(seal, name), kind) for name, kind in TYPES.items())
    return seal if sound and all(isinstance(one, str) for one in seal.columns) else None


def _link(seal, links):
    """Return whether a seal is valid after one of the heads `links`, and the next `links`.

    Without `links` any head is accepted. After a broken link the next seal may follow the head as
    stored or as it should be, so that it is not reported as well.
    """
    if seal is None:
        return False, []
    if seal.key_name not in keys():
        return False, [seal.head]
    right = [head_of(seal, after=head) for head in links]
    holds = (
        seal.pk == seal.number
        and len(seal.digests) == seal.rows * SEALED_ROW.size > 0
        and (not links or seal.head in right)
    )
    return holds, [seal.head] if holds else [seal.head, *right][:3]


def _compare(found, model, seal, after, tombstones):
    """Yield (key, name of the Kind) of rows that are neither as sealed nor lawfully erased."""
    sealed = dict(SEALED_ROW.iter_unpack(seal.digests))
    missing, changed = set(sealed), {}
    rows = digests(model, seal.columns, after=after, up_to=seal.up_to, made_with=seal.key_name)
    for key, digest in rows:
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
    """The latest lawful erasure of each audited row, and the digest that it left."""

    def __init__(self, found):
        self.found, self.last, self.rows = found, 0, {}
        self.read()

    def read(self):
        """Read new erasures; return whether there were any."""
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
        """Return the erasure that changed a row after it was sealed, if any."""
        erasure, _ = self.rows.get((seal.table, key), (None, None))
        return erasure if erasure is not None and erasure.at > seal.sealed_at else None

    def explains(self, table, key, digest):
        """Return the erasure that left a row with this digest, if any.

        Includes erasures committed during the verification.
        """
        erasure, made = self.rows.get((table, key), (None, None))
        if erasure is not None and made == digest:
            return erasure
        return self.explains(table, key, digest) if self.read() else None


def _genuine(key):
    """Return the erasure if its proof is valid, or None."""
    try:
        erasure = Erasure.objects.get(pk=key)
        if not hmac.compare_digest(erasure.proof, proof_of(erasure)):
            return None
        # An earlier key must not prove new erasures.
        later = AuditSeal.objects.filter(key_name__in=newer_keys(erasure.key_name))
        return None if later.filter(sealed_at__lte=erasure.at).exists() else erasure
    except (*UNREADABLE, ObjectDoesNotExist):
        return None


# In words


def who_erased(erasure):
    """Return the name of the account, or its key if it is gone or its name cannot be read."""
    try:
        return erasure.by.get_username()
    except (*UNREADABLE, ObjectDoesNotExist):
        return f"account {erasure.by_id}"


def _seals(first, last):
    return f"Seal {first}" if first == last else f"Seals {first} to {last}"


def _seal_in_words(seal):
    return f"Seal {seal.number} of {seal.sealed_at:%Y-%m-%d %H:%M} over {seal.table}"


def _row_in_words(model, key, seal, before):
    told = [*_present(model, key)]
    if seal is not None:
        told.append(f"sealed by seal {seal.number} of {seal.sealed_at:%Y-%m-%d}")
    if before is not None:
        told.append(f"after seal {before.number} of {before.sealed_at:%Y-%m-%d}")
    return f"Row {key} of {name_of_table(model)} ({', '.join(told)})"


def _present(model, key):
    """Yield what helps to find a row: whose record, by whom, and when."""
    columns = looked_up(model)
    try:
        row = model._base_manager.filter(pk=key).values_list(*columns.values()).first()
    except UNREADABLE:
        row = None
    for name, value in zip(columns, row or (), strict=False):
        if value is not None:
            text = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
            yield f"{name} {text}".strip()
