"""Opening hours and closed days: when the clinic can be booked."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.forms import RecordForm
from consultations.models import Appointment, ClosedDay, OpeningHours
from consultations.models.text import day_in_words

from .setup import SetupAdmin


def span_in_words(hours):
    """09:00–18:00."""
    return f"{hours.opens_at:%H:%M}–{hours.closes_at:%H:%M}"


class OpeningHoursForm(RecordForm):
    def check_with_others(self):
        hours = self.instance
        others = OpeningHours.objects.standing().filter(
            weekday=hours.weekday, opens_at__lt=hours.closes_at, closes_at__gt=hours.opens_at
        )
        if other := others.exclude(pk=hours.pk).order_by("opens_at").first():
            words = _("The clinic is open then already: %(hours)s.")
            self.add_error("opens_at", words % {"hours": span_in_words(other)})


@admin.register(OpeningHours)
class OpeningHoursAdmin(SetupAdmin):
    form = OpeningHoursForm
    when_empty = gettext_lazy(
        "Until some are saved, the clinic is open from Monday to Friday, 9–18."
    )
    list_display = ["day", "hours"]
    ordering = ["weekday", "opens_at", "pk"]
    fieldsets = [(None, {"fields": ["weekday", ("opens_at", "closes_at")]})]

    @admin.display(description=gettext_lazy("weekday"))
    def day(self, hours):
        return self.linked(hours, hours.get_weekday_display())

    @admin.display(description=gettext_lazy("open"))
    def hours(self, hours):
        return span_in_words(hours)


@admin.register(ClosedDay)
class ClosedDayAdmin(SetupAdmin):
    when_empty = gettext_lazy("Holidays, and other days on which nobody can be booked.")
    list_display = ["closed", "why"]
    in_files = {"closed": "day"}
    ordering = ["-day", "-pk"]
    fieldsets = [(None, {"fields": ["day", "why"]})]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        self.tell_booked(request, Appointment.objects.holding().on(obj.day))

    @admin.display(description=gettext_lazy("day"))
    def closed(self, closed):
        return self.linked(closed, day_in_words(closed.day))
