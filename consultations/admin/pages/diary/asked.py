"""What somebody asks of the diary: which day, which columns, whose week.

What cannot be read is told in words, and taken for what is usual.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.admin.parts.days import DayField
from consultations.admin.parts.forms import is_key
from consultations.summaries.diary import BY

YEARS = range(1900, 2200)
A_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """`by` is what the columns are of; `told` is what could not be read, in words."""

    day: date
    by: str
    shows_all: bool
    told: tuple


def asked_in(request):
    day, told = day_in(request.GET.get("day", ""))
    by = request.GET.get("by", "")
    if by and by not in BY:
        told = (*told, _("There are columns by practitioner, room and laser."))
    if by not in BY:
        by = request.COOKIES.get(_cookie(request), "")
    return Asked(
        day=day,
        by=by if by in BY else BY[0],
        shows_all=request.GET.get("all") == "1",
        told=told,
    )


def day_in(text):
    """The day that a text means, or today and what is wrong with it."""
    today = timezone.localdate()
    try:
        day = DayField(required=False).clean(text) or today
    except ValidationError as error:
        return today, tuple(error.messages)
    if day.year not in YEARS:
        return today, (_("This date is out of range."),)
    return day, ()


def monday_of(day):
    return day - timedelta(days=day.weekday())


def practitioner_in(request, offered):
    """Whose week is asked for, of those offered: oneself or the first, if nobody is; and what is
    wrong with who is asked for."""
    by_key = {one.pk: one for one in offered}
    key = request.GET.get("practitioner", "")
    found = by_key.get(int(key)) if is_key(key) else None
    told = (_("This person cannot be booked."),) if key and found is None else ()
    usual = by_key.get(request.user.pk) or next(iter(offered), None)
    return found or usual, told


def remember_columns(request, answer, by):
    """Keep the columns in a cookie of this user: the next day opens with the same."""
    if request.COOKIES.get(_cookie(request)) != by:
        answer.set_cookie(
            _cookie(request),
            by,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def _cookie(request):
    return f"diary_by_{request.user.pk}"
