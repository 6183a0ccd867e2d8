"""Days as people type them, in fields and in searches: the day comes first."""

import re
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

EARLIEST_BIRTH = date(1900, 1, 1)
FURTHEST_YEARS = 10
LONGEST = 40  # characters; no day takes more
DAY = re.compile(r"[\w\s./,-]+")
PARTS = re.compile(r"[^\W\d_]+|\d+")
FILLING = {"st", "nd", "rd", "th", "of"}
FIGURE = re.compile(r"\d")
TWO_FIGURES = re.compile(r"(\D)(\d\d)$")


class UnreadableDayError(ValueError):
    """`code` says which message of DayField explains it."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def parse_day(text, today, *, is_far=False):
    """The day that `text` means, as days.js reads it too.

    Without a year it is the one nearest to `today`. A day that may be far away (`is_far`, such as
    a birth) needs its year in four digits. Raises UnreadableDayError.
    """
    if len(text) > LONGEST or not DAY.fullmatch(text):
        raise UnreadableDayError("invalid")
    parts = [part for part in PARTS.findall(text.casefold()) if part not in FILLING]
    if parts and _place(parts[0], WEEKDAYS_ABBR.values()) is not None:
        parts = parts[1:]
    if len(parts) == 1:
        relative = dict(zip(relative_days(), (0, -1, 1), strict=True))
        if parts[0] in relative:
            return today + timedelta(relative[parts[0]])
        if parts[0].isdecimal() and len(parts[0]) in {6, 8}:
            parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) not in {2, 3}:
        raise UnreadableDayError("invalid")
    day, month, year = _in_order(parts)
    if year is None:
        return _nearest(day, month, today, is_far)
    return _date(_whole_year(year, today, is_far), month, day)


def relative_days():
    """Today, yesterday and tomorrow as they are typed."""
    return _("today"), _("yesterday"), _("tomorrow")


def _in_order(parts):
    """Day, month and year (text or None) of two or three parts."""
    first, second, *rest = parts
    if len(first) == 4 and first.isdecimal() and rest:
        return _number(rest[0]), _month(second), first
    if _place(first, MONTHS_3.values()) is not None:
        first, second = second, first
    return _number(first), _month(second), rest[0] if rest else None


def _month(part):
    named = _place(part, MONTHS_3.values())
    return _number(part) if named is None else named + 1


def _place(part, names):
    """Which of these short names `part` begins with, if any."""
    for place, name in enumerate(names):
        if part.startswith(str(name).casefold()):
            return place
    return None


def _number(part):
    if not part.isdecimal() or len(part) > 4:
        raise UnreadableDayError("invalid")
    return int(part)


def _whole_year(year, today, is_far):
    if len(year) == 4:
        return _number(year)
    whole = today.year // 100 * 100 + _number(year)
    if len(year) != 2 or is_far or abs(whole - today.year) > FURTHEST_YEARS:
        raise UnreadableDayError("year")
    return whole


def _nearest(day, month, today, is_far):
    if is_far:
        raise UnreadableDayError("year")
    found = []
    for year in (today.year, today.year - 1, today.year + 1):
        try:
            found.append(_date(year, month, day))
        except UnreadableDayError as error:
            refusal = error
    if not found:
        raise refusal
    return min(found, key=lambda one: abs(one - today))


def _date(year, month, day):
    if month > 12 >= day:
        raise UnreadableDayError("month_first")
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadableDayError("no_such_day") from None


def parse_birth(text, today):
    """A birth date as people type it in a search; None for anything else.

    As `parse_day` reads it, but two figures are enough for the year: nobody is born in the future.
    """
    if len(text) > LONGEST or not FIGURE.search(text):
        return None
    if not all(map(_is_of_a_birth, PARTS.findall(text.casefold()))):
        return None
    for century in ("", today.year // 100, today.year // 100 - 1):
        try:
            day = parse_day(TWO_FIGURES.sub(rf"\g<1>{century}\2", text), today, is_far=True)
        except UnreadableDayError:
            continue
        if may_be_birth(day, today):
            return day
    return None


def may_be_birth(day, today):
    """Whether somebody who is alive may have been born on this day."""
    return EARLIEST_BIRTH <= day <= today


def _is_of_a_birth(part):
    """Whether a part is a number as dates have them, or names a month or a day of the week."""
    if part.isdecimal():
        return len(part) in {1, 2, 4, 8}
    # In full or shortened: Monica begins as Monday does, and Mary as March.
    names = map(str, (*MONTHS.values(), *WEEKDAYS.values()))
    return part in FILLING or (
        len(part) > 2 and any(name.casefold().startswith(part) for name in names)
    )


def start_of(day):
    """The moment at which a day begins at the clinic."""
    return timezone.make_aware(datetime.combine(day, time.min))


def ends_of(day, days=1):
    """The moments at which a day, or so many days from it on, begin and end at the clinic."""
    return start_of(day), start_of(day + timedelta(days=days))
