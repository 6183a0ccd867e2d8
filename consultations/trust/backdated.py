"""Find rows of the audit that were written later than they claim.

A seal proves what a table held at that moment, so a row added later cannot be older. One run of
`seal_audit` goes through the tables in the order of their names and skips those without new rows:
they were complete at that moment, too.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .digests import KEYS_BEGIN, audited, when

# A row gets its time a moment before its key, and clocks are adjusted.
SLACK = timedelta(minutes=1)
# Rows per seal. In earlier releases each seal of a long table has a time of its own.
FULL_PIECE = 50_000


@dataclass
class Moments:
    """The time from which each table was complete, according to the seals added so far."""

    complete: dict = field(default_factory=dict)
    last: object = None
    run: datetime | None = None  # when the run of the last seal began
    piece: datetime | None = None  # when the table of the last seal was complete
    since: datetime | None = None  # rows of the last seal before this are backdated

    def add(self, seal):
        """Add the next seal; return the time before which none of its rows was written, or None.

        None means unknown.
        """
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
        """Whether a seal continues the same table in the same run."""
        last = self.last
        return (last is not None and last.table == seal.table) and (
            last.sealed_at == seal.sealed_at or last.rows >= FULL_PIECE
        )


def backdated(model, since, *, after=None, up_to=None):
    """Return the keys of rows that claim to be written before `since`, though they came later.

    Only rows with keys above `after`, up to `up_to`. Empty if `since` is None.
    """
    if since is None:
        return []
    rows = model._base_manager.filter(pk__gt=KEYS_BEGIN if after is None else after)
    rows = rows if up_to is None else rows.filter(pk__lte=up_to)
    late = rows.filter(**{f"{when(model)}__lt": since - SLACK})
    return list(late.order_by("pk").values_list("pk", flat=True))
