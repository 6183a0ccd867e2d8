"""Counting months the way a clinic does: the same day of a later month, or that month's last."""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The day `months` calendar months after `day`; 31 January plus one is the end of February.

    Days that the calendar does not reach (after the year 9999) become its last day.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
