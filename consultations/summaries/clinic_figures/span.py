"""The days that figures are about, and the days before them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, IntegerField, Q, When

from consultations.models.days import start_of
from consultations.rules.calendar import months_after

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both among them."""

    first: date
    last: date

    @property
    def months(self):
        """How many whole months these days are; 0 where they are not."""
        end = self.last + DAY
        if self.first.day != 1 or end.day != 1:
            return 0
        return (end.year - self.first.year) * 12 + end.month - self.first.month

    @property
    def before(self):
        """As many whole months before, or else as many days."""
        if self.months:
            return Span(months_after(self.first, -self.months), self.first - DAY)
        return Span(self.first - (self.last - self.first) - DAY, self.first - DAY)

    @property
    def after(self):
        if self.months:
            return Span(self.last + DAY, months_after(self.last + DAY, self.months) - DAY)
        return Span(self.last + DAY, self.last + (self.last - self.first) + DAY)

    def holds(self, column):
        """The condition that the day in this column is one of these."""
        return Q(**{f"{column}__range": (self.first, self.last)})

    def holds_moment(self, column):
        """The same of a moment."""
        start, end = start_of(self.first), start_of(self.last + DAY)
        return Q(**{f"{column}__gte": start, f"{column}__lt": end})

    @property
    def with_before(self):
        """These days and those before, which end where these begin."""
        return Span(self.before.first, self.last)

    def is_now(self, column, *, is_moment=False):
        """1 where the day in this column is one of these, 0 where it is one of those before."""
        first = start_of(self.first) if is_moment else self.first
        return Case(
            When(**{f"{column}__gte": first}, then=1), default=0, output_field=IntegerField()
        )


def months_of(day, months):
    """The span of so many months, counted from January on, that a day is in."""
    first = date(day.year, day.month - (day.month - 1) % months, 1)
    return Span(first, months_after(first, months) - DAY)
