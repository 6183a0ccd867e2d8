"""Days and times as people type them, read the same way in every browser: the day comes first."""

import re
from datetime import date, timedelta

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FURTHEST_YEARS = 10
LONGEST = 40  # characters; no day takes more
DAY = re.compile(r"[\w\s./,-]+")
PARTS = re.compile(r"[^\W\d_]+|\d+")
ORDINALS = {"st", "nd", "rd", "th"}
TIME = re.compile(r"(\d{1,2})(?:[:.\s]?([0-5]\d))?\s*(?:(a|p)\.?m\.?)?", re.ASCII)


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
    parts = [part for part in PARTS.findall(text.casefold()) if part not in ORDINALS]
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


class DayInput(forms.DateInput):
    """A day in words. days.js says which day was understood, and offers a calendar."""

    template_name = "widgets/day.html"
    is_far = False

    class Media:
        js = [Script("consultations/days.js", type="module")]

    def __init__(self, attrs=None):
        own = {
            "data-day": True,
            "placeholder": gettext_lazy("day month year"),
            "autocomplete": "off",
        }
        super().__init__(own | (attrs or {}))

    def format_value(self, value):
        """Sat 7 Nov 2026; what cannot be read stays as it was typed."""
        if isinstance(value, str) and value:
            try:
                value = parse_day(value, timezone.localdate(), is_far=self.is_far)
            except UnreadableDayError:
                return value
        if not isinstance(value, date):
            return super().format_value(value)
        return date_format(value, "j M Y" if self.is_far else "D j M Y")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        # In `widget`: of two fields in one, nothing else of the context reaches its template.
        context["widget"]["reading"] = {
            "today": timezone.localdate().isoformat(),
            "months": [capfirst(month) for month in MONTHS_3.values()],
            "weekdays": list(WEEKDAYS_ABBR.values()),
            "relative": relative_days(),
            "is_far": self.is_far,
        }
        return context


class FarDayInput(DayInput):
    is_far = True


class DayField(forms.DateField):
    widget = DayInput
    default_error_messages = {
        "invalid": gettext_lazy("Write a day like 7 Nov 2026 or 7/11/2026."),
        "month_first": gettext_lazy("The day comes before the month: 28/11, not 11/28."),
        "no_such_day": gettext_lazy("There is no such day."),
        "year": gettext_lazy("Write the year with four digits."),
    }

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return parse_day(value, timezone.localdate(), is_far=self.widget.is_far)
        except UnreadableDayError as error:
            raise ValidationError(self.error_messages[error.code], code=error.code) from None


class FarDayField(DayField):
    """A day of any year, such as a birth: its year is always written."""

    widget = FarDayInput


class TimeInput(forms.TimeInput):
    """Hours and minutes of 24 hours, whatever the browser is set to."""

    class Media:
        js = [Script("consultations/days.js", type="module")]

    def __init__(self, attrs=None):
        own = {
            "data-time": True,
            "inputmode": "numeric",
            "placeholder": gettext_lazy("hh:mm"),
            "autocomplete": "off",
        }
        super().__init__(own | (attrs or {}), format="%H:%M")


class TimeField(forms.TimeField):
    """Also 1430, 14.30, 9 and 2pm."""

    widget = TimeInput

    def to_python(self, value):
        found = TIME.fullmatch(value.strip().casefold()) if isinstance(value, str) else None
        return super().to_python(_in_24_hours(*found.groups()) if found else value)


def _in_24_hours(hours, minutes, half):
    if half and 1 <= int(hours) <= 12:
        hours = int(hours) % 12 + (12 if half == "p" else 0)
    return f"{hours}:{minutes or '00'}"


class DayAndTimeInput(AdminSplitDateTime):
    template_name = "widgets/date_and_time.html"

    def __init__(self, attrs=None):
        forms.MultiWidget.__init__(self, [DayInput(), TimeInput()], attrs)


class DayAndTimeField(forms.SplitDateTimeField):
    widget = DayAndTimeInput

    def __init__(self, *, input_date_formats=None, input_time_formats=None, **kwargs):
        forms.MultiValueField.__init__(self, (DayField(), TimeField()), **kwargs)
