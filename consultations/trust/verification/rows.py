"""Compare the rows of the audit with their seals, and live rows with their history."""

from functools import partial

from django.utils.text import capfirst

from consultations.summaries.integrity import (
    UNREADABLE,
    Difference,
    differences,
)
from consultations.trust.backdated import backdated
from consultations.trust.digests import REMOVED, SEALED_ROW, audited, digests, unsealed

from .problems import Kind
from .words import row_in_words

OF_LIVE_ROWS = {
    Difference.CHANGED: Kind.NOT_AS_HISTORY,
    Difference.WITHOUT_HISTORY: Kind.WITHOUT_HISTORY,
    Difference.GONE: Kind.GONE,
}


def compare_sealed(found, model, link, tombstones):
    """Yield (key, Kind) for rows that are neither as sealed nor lawfully erased."""
    seal = link.seal
    sealed = dict(SEALED_ROW.iter_unpack(seal.digests))
    missing, changed = set(sealed), {}
    rows = digests(model, seal.columns, after=link.after, up_to=seal.up_to, made_with=seal.key_name)
    for key, digest in rows:
        missing.discard(key)
        if digest != sealed.get(key) or tombstones.later(seal, key):
            changed[key] = digest.hex() if digest else None
    for key, digest in (changed | dict.fromkeys(missing, REMOVED)).items():
        if key not in sealed:
            yield key, Kind.INSERTED
        elif erasure := tombstones.explains(seal.table, key, digest):
            found.erased[erasure] += 1
        elif digest == REMOVED:
            yield key, Kind.MISSING
        elif tombstones.later(seal, key):
            yield key, Kind.ALTERED_AFTER_ERASURE
        elif digest and bytes.fromhex(digest) in sealed.values():
            yield key, Kind.MOVED
        else:
            yield key, Kind.ALTERED


def compare_unsealed(found, complete, ends):
    """Add rows written after the last seals, and those of them that are backdated.

    `complete` has the time at which each table was complete, `ends` its last seal.
    """
    try:
        found.unsealed = unsealed()
        for table, since in sorted(complete.items()):
            model, seal = audited()[table], ends.get(table)
            for key in backdated(model, since, after=seal and seal.up_to):
                subject = partial(row_in_words, model, key, None, seal)
                found.add(Kind.BACKDATED, subject, table=table, key=key)
    except UNREADABLE:
        found.add(Kind.NOT_READABLE, "What was recorded since the last seals")
    if found.unsealed and not found.seals:
        found.add(Kind.NO_SEAL, "The audit")


def compare_live(found, step):
    """Add live rows that are not what their history says."""

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
