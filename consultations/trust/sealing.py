"""Seal the audit, and write the tombstones of lawful erasures."""

from bisect import bisect_left
from itertools import islice

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from consultations.models import AccessRecord, AuditSeal, Erasure
from consultations.trust.digests import (
    KEYS_BEGIN,
    REMOVED,
    SEALED_ROW,
    audited,
    columns_of,
    digests,
    digests_of,
    head_of,
    key_name,
    latest_seals,
    proof_of,
)

from .access import close_counts

ROWS_PER_SEAL = 50_000
TRIES = 30


class SealingError(Exception):
    """The audit could not be sealed completely. Seals already made stay valid."""


def seal(*, step=lambda rows: None):
    """Seal the rows of every audited table since its last seal; return the new seals.

    Each seal is a transaction of its own, so staff never wait for a large first run. `step` is
    called with the number of rows of each seal. Raises SealingError.
    """
    last = AuditSeal.objects.order_by("-number").first() or AuditSeal(number=0, head="")
    sealed, made = latest_seals(), []
    for table, model in audited().items():
        # Take the time before `settled`: rows written later get a later time.
        after, at, up_to = sealed.get(table), timezone.now(), settled(model)
        if model is AccessRecord:
            close_counts(up_to=up_to)
        columns = columns_of(model)
        rows = digests(model, columns, after=after, up_to=up_to)
        while some := list(islice(rows, ROWS_PER_SEAL)):
            last = _seal(table, columns, some, after=last, at=at)
            last.digests = b""
            made.append(last)
            step(len(some))
    return made


def _seal(table, columns, rows, *, after, at):
    """Add one seal to the chain.

    Raises SealingError for a row that cannot be read, and if somebody else added a seal.
    """
    keys = [key for key, digest in rows if digest is None]
    if keys:
        raise SealingError(f"Row {keys[0]} of {table} cannot be read: look at it before sealing.")
    number = after.number + 1
    made = AuditSeal(
        pk=number,
        number=number,
        sealed_at=at,
        table=table,
        columns=columns,
        up_to=rows[-1][0],
        rows=len(rows),
        digests=b"".join(SEALED_ROW.pack(*row) for row in rows),
        key_name=key_name(),
    )
    made.head = head_of(made, after=after.head)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise SealingError("Somebody else is sealing at this moment.") from None
    return made


def settled(model):
    """Return the key up to which no row of a table can still appear.

    PostgreSQL draws keys before it commits, so this waits for those who are writing to the table,
    one table at a time, so that nobody waits for two. SQLite has one writer. Raises SealingError
    after TRIES attempts.
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                if connection.vendor == "postgresql":
                    _wait_for_writers(model)
                return model._base_manager.aggregate(up_to=Max("pk"))["up_to"] or KEYS_BEGIN
        except OperationalError:
            continue
    raise SealingError(f"{model._meta.db_table} is being written to without a pause.")


def _wait_for_writers(model):
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        # New writers queue behind this lock: for a second at most.
        cursor.execute("SET LOCAL lock_timeout = '1s'")
        cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")


@transaction.atomic
def entomb(*, patient, by, reason, legal_reason="", rows):
    """Write the tombstone of an erasure, so that the audit can still be verified; return it.

    `rows` has, by table and key, the audited rows that the caller rewrote ("changed") or deleted
    ("removed") in this transaction.
    """
    erasure = Erasure(
        patient=patient,
        by=by,
        reason=reason,
        legal_reason=legal_reason,
        rows={table: _made_of(table, keys) for table, keys in rows.items() if keys},
        key_name=key_name(),
    )
    erasure.proof = proof_of(erasure)
    erasure.save()
    return erasure


def _made_of(table, keys):
    """Return the new digest of each row, by its key; REMOVED for deleted rows.

    A digest uses the columns and the audit key of the seal that covers the row, or the current
    ones if none does.
    """
    model = audited()[table]
    seals = list(
        AuditSeal.objects.filter(table=table)
        .order_by("number")
        .values_list("up_to", "columns", "key_name")
    )
    ends = [up_to for up_to, *_made in seals]
    made = {str(key): REMOVED for key, what in keys.items() if what == "removed"}
    by_seal = {}
    for key in sorted(int(key) for key, what in keys.items() if what == "changed"):
        place = bisect_left(ends, key)
        columns, name = seals[place][1:] if place < len(seals) else (columns_of(model), key_name())
        by_seal.setdefault((tuple(columns), name), []).append(key)
    for (columns, name), some in by_seal.items():
        found = digests_of(model, list(columns), some, name)
        made |= {str(key): digest.hex() for key, digest in found}
    return made
