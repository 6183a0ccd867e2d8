"""The days that somebody asks for: the form, and the addresses of other days."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.days import DayField
from consultations.models.days import EARLIEST_BIRTH, FURTHEST_YEARS
from consultations.models.text import day_in_words
from consultations.rules.calendar import months_after
from consultations.summaries.clinic_figures.span import Span, months_of

FIRST, LAST = "from", "to"


class DaysForm(forms.Form):
    """The first and the last day; both of them, or none for this month."""

    def __init__(self, data):
        super().__init__(data)
        self.fields[FIRST] = DayField(label=gettext_lazy("From"))
        self.fields[LAST] = DayField(label=gettext_lazy("To"))

    def clean(self):
        today = timezone.localdate()
        furthest = months_after(today, 12 * FURTHEST_YEARS)
        for name in (FIRST, LAST):
            day = self.cleaned_data.get(name)
            if day is not None and not EARLIEST_BIRTH <= day <= furthest:
                self.add_error(name, _("There are no records of that day."))
        first, last = self.cleaned_data.get(FIRST), self.cleaned_data.get(LAST)
        if first and last and last < first:
            self.add_error(LAST, _("This is before the first day."))

    @property
    def span(self):
        """The days asked for, once they are valid."""
        return Span(self.cleaned_data[FIRST], self.cleaned_data[LAST])


def days_form(request):
    """Return the form of the days that an address asks for."""
    if any(request.GET.get(name, "").strip() for name in (FIRST, LAST)):
        return DaysForm(request.GET)
    month = months_of(timezone.localdate(), 1)
    return DaysForm({FIRST: month.first.isoformat(), LAST: month.last.isoformat()})


def query_of(span, **more):
    """The days of a span as the address of this page has them."""
    return urlencode({FIRST: span.first.isoformat(), LAST: span.last.isoformat(), **more})


def in_words(span):
    """November 2026, or 3 Nov 2026 – 9 Nov 2026."""
    if span.months == 1:
        return formats.date_format(span.first, "F Y")
    if span.first == span.last:
        return day_in_words(span.first)
    return f"{day_in_words(span.first)} – {day_in_words(span.last)}"


@dataclass(frozen=True)
class Choice:
    """A link to other days; `is_chosen` where they are shown."""

    label: str
    query: str
    is_chosen: bool


def choices(shown, today):
    """Return links to the months, quarters and years that are asked for most."""
    offered = []
    for months, label, last_label in (
        (1, _("This month"), _("Last month")),
        (3, _("This quarter"), _("Last quarter")),
        (12, _("This year"), _("Last year")),
    ):
        span = months_of(today, months)
        offered += [(label, span), (last_label, months_of(span.first - timedelta(days=1), months))]
    return [Choice(label, query_of(span), span == shown) for label, span in offered]
