"""Rows of the audit that were written later than they say.

A seal proves what a table held at its moment, so no row that came after it can be older. One run
of `seal_audit` goes through the tables in the order of their names and skips those that gained
nothing: they were complete at that moment, too.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .digests import KEYS_BEGIN, audited, when

# A row gets its time a moment before its key, and clocks are set.
SLACK = timedelta(minutes=1)
# Earlier releases gave each piece of a long table a time of its own.
FULL_PIECE = 50_000


@dataclass
class Moments:
    """Since when each table can only gain rows of a later time, by the seals looked at so far."""

    complete: dict = field(default_factory=dict)
    last: object = None
    run: datetime | None = None  # when the run of the last seal began
    piece: datetime | None = None  # when the table of the last seal was complete
    since: datetime | None = None  # the moment that the rows of the last seal are measured by

    def add(self, seal):
        """Look at the next seal; returns the moment before which none of its rows was written, or
        None if unknown."""
        if not self._goes_on(seal):
            self.since, self.piece = self.complete.get(seal.table), seal.sealed_at
            if self.last is None or seal.table <= self.last.table:
                self.run = seal.sealed_at
        for table in audited():
            if table < seal.table:
                self.complete[table] = max(self.complete.get(table, self.run), self.run)
        self.complete[seal.table], self.last = self.piece, seal
        return self.since

    def _goes_on(self, seal):
        """Whether a seal is another piece of the same table, sealed in the same run."""
        last = self.last
        return (last is not None and last.table == seal.table) and (
            last.sealed_at == seal.sealed_at or last.rows >= FULL_PIECE
        )


def backdated(model, since, *, after=None, up_to=None):
    """The keys of the rows above the key `after`, up to `up_to`, that say that they were written
    before the moment `since`, though they came later."""
    if since is None:
        return []
    rows = model._base_manager.filter(pk__gt=KEYS_BEGIN if after is None else after)
    rows = rows if up_to is None else rows.filter(pk__lte=up_to)
    late = rows.filter(**{f"{when(model)}__lt": since - SLACK})
    return list(late.order_by("pk").values_list("pk", flat=True))
