"""Fields for days and times as people type them, the same in every browser."""

import re
from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.forms.widgets import Script
from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from consultations.models.days import UnreadableDayError, may_be_birth, parse_day, relative_days

TIME = re.compile(r"(\d{1,2})(?:[:.\s]?([0-5]\d))?\s*(?:(a|p)\.?m\.?)?", re.ASCII)


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
        """Sat 7 Nov 2026; what cannot be read, or cannot be, stays as it was typed."""
        if isinstance(value, str) and value:
            typed, today = value, timezone.localdate()
            try:
                value = parse_day(typed, today, is_far=self.is_far)
            except UnreadableDayError:
                return typed
            if self.is_far and not may_be_birth(value, today):
                return typed
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
    """A birth date: its year is always written."""

    widget = FarDayInput

    def to_python(self, value):
        day = super().to_python(value)
        if day and not may_be_birth(day, timezone.localdate()):
            words = gettext_lazy("A birth date is between 1900 and today.")
            raise ValidationError(words, code="no_birth")
        return day


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


class StartInput(DayAndTimeInput):
    """The beginning of a day is shown as that day."""

    def decompress(self, value):
        day, at = super().decompress(value)
        return [day, None if at == time.min else at]


class EndInput(DayAndTimeInput):
    """The end of a day is the midnight after it, and shown as that day."""

    def decompress(self, value):
        day, at = super().decompress(value)
        return [day - timedelta(days=1), None] if at == time.min else [day, at]


class StartField(DayAndTimeField):
    """A day, and a time if it does not begin with the day."""

    widget = StartInput
    days_later = 0  # of the midnight that is meant without a time
    default_error_messages = {"incomplete": gettext_lazy("Write the day too.")}

    def __init__(self, *, input_date_formats=None, input_time_formats=None, **kwargs):
        fields = (DayField(), TimeField(required=False))
        forms.MultiValueField.__init__(self, fields, require_all_fields=False, **kwargs)

    def compress(self, data_list):
        if not data_list or data_list[0] is None:
            return None
        day, at = data_list
        if at is not None:
            return from_current_timezone(datetime.combine(day, at))
        try:
            day += timedelta(days=self.days_later)
        except OverflowError:
            raise ValidationError(DayField.default_error_messages["no_such_day"]) from None
        return from_current_timezone(datetime.combine(day, time.min))


class EndField(StartField):
    """A day, and a time if it ends before the day does."""

    widget = EndInput
    days_later = 1
