"""What figures are made of: a number beside that of the span before, and means of how many."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEW = 10  # behind a mean or a rate: fewer may be chance


@dataclass(frozen=True, slots=True)
class Both:
    """Something of a span, and the same of the span before."""

    now: object = 0
    before: object = 0


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean, or a rate of so many each: `total` over the `number` of records behind it."""

    total: float = 0
    number: int = 0
    each: int = 1

    @property
    def value(self):
        """The mean; None of nothing."""
        return self.each * float(self.total) / self.number if self.number else None

    def with_decimals(self, decimals):
        """The mean rounded to so many decimals, half of one up; None of nothing."""
        if self.value is None:
            return None
        return Decimal(str(self.value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    @property
    def is_few(self):
        return 0 < self.number < FEW


NO_MEANS = Both(Mean(), Mean())


def counted(rows, key, column="count"):
    """Add up a column of rows; a Both by what `key` says of a row. `is_now` says of which span."""
    found = defaultdict(lambda: [0, 0])
    for row in rows:
        found[key(row)][not row["is_now"]] += row[column] or 0
    return {one: Both(*sums) for one, sums in found.items()}


def averaged(rows, key, total, number):
    """As `counted`: a Both of means, of the columns with the totals and with the numbers."""
    rows = list(rows)
    totals, numbers = (counted(rows, key, column) for column in (total, number))
    return {
        one: Both(
            Mean(totals[one].now, numbers[one].now), Mean(totals[one].before, numbers[one].before)
        )
        for one in totals
    }


def all_of(_row):
    """The one key of everything."""
    return None
