"""The list of appointments: what it reads, filters and shows."""

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consultations.admin.parts.appointments import state_of
from consultations.admin.parts.displays import struck
from consultations.admin.parts.figure_filters import (
    AppointmentDaysFilter,
    KindFilter,
    LateFilter,
    WeekdayFilter,
)
from consultations.admin.parts.filters import ChoiceFilter
from consultations.models.days import ends_of
from consultations.models.text import moment_in_words
from consultations.summaries.appointments import what_is_booked, with_courses
from consultations.summaries.clashing import span_in_words
from consultations.summaries.timeline import name_of
from consultations.vocabulary import AppointmentStatus


class DayFilter(SimpleListFilter):
    title, parameter_name = _("day"), "day"

    def lookups(self, request, model_admin):
        return [("today", _("Today")), ("to_come", _("To come")), ("past", _("Past"))]

    def queryset(self, request, queryset):
        start, end = ends_of(timezone.localdate())
        match self.value():
            case "today":
                return queryset.filter(starts_at__gte=start, starts_at__lt=end)
            case "to_come":
                return queryset.filter(starts_at__gte=end)
            case "past":
                return queryset.filter(starts_at__lt=start)
        return queryset


class StatusFilter(ChoiceFilter):
    title, parameter_name, column = _("appointment"), "status", "status"
    choices_class = AppointmentStatus


class StateFilter(SimpleListFilter):
    title, parameter_name = _("to do"), "state"

    def lookups(self, request, model_admin):
        return [
            ("not_written_down", _("Not written down")),
            ("to_book_again", _("To book again")),
            ("to_move", _("To move")),
            ("waiting", _("Would come earlier")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "not_written_down":
                return queryset.not_written_down()
            case "to_book_again":
                return queryset.to_book_again()
            case "to_move":
                return queryset.to_move()
            case "waiting":
                return queryset.waiting()
        return queryset


class AppointmentColumns:
    list_display = ["time", "who", "what", "state", "with_whom", "where"]
    in_files = {"time": "starts_at"}
    list_select_related = ["practitioner", "room"]
    list_reads = [
        *("kind", "status", "starts_at", "ends_at", "arrived_at", "entered_in_error_at"),
        *("practitioner__first_name", "practitioner__last_name", "practitioner__username"),
        "room__name",
    ]
    list_filter = [
        AppointmentDaysFilter,
        DayFilter,
        StateFilter,
        StatusFilter,
        KindFilter,
        WeekdayFilter,
        LateFilter,
    ]
    ordering = ["-starts_at", "-pk"]

    def get_ordering(self, request):
        """What is to come stands by the clock, the next one first."""
        if request.GET.get("day") in {"today", "to_come"}:
            return ["starts_at", "pk"]
        return super().get_ordering(request)

    def add_columns(self, request, rows):
        with_courses(rows)

    @admin.display(description=_("time"))
    def time(self, appointment):
        when = moment_in_words(appointment.starts_at)
        link = format_html('<a href="{}">{}</a>', self.url_of(appointment), when)
        return struck(appointment, link)

    @admin.display(description=_("time"))
    def span(self, appointment):
        return span_in_words(appointment.starts_at, appointment.ends_at)

    @admin.display(description=_("kind"))
    def what(self, appointment):
        return what_is_booked(appointment)

    @admin.display(description=_("status"))
    def state(self, appointment):
        return state_of(appointment)

    @admin.display(description=_("practitioner"))
    def with_whom(self, appointment):
        return appointment.practitioner and name_of(appointment.practitioner)

    @admin.display(description=_("room"))
    def where(self, appointment):
        return appointment.room
