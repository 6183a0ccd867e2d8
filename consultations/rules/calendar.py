"""Counting months the way a clinic does: the same day of a later month, or that month's last."""

from calendar import monthrange
from datetime import date, timedelta


def months_after(day: date, months: int) -> date:
    """The day `months` calendar months after `day`; 31 January plus one is the end of February.

    Days that the calendar does not reach (after the year 9999) become its last day.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_on(day: date, born_on: date) -> int:
    """Whole years on `day`; a birthday on 29 February is reached on 1 March of other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def in_words(day: date) -> str:
    """A day as findings say it: 3 May 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def days_after(day: date, days: int) -> date:
    """The day `days` days after `day`, or the calendar's last where it does not reach."""
    return day + timedelta(days=min(days, (date.max - day).days))
