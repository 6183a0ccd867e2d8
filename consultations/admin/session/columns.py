"""The list of sessions: what it reads, filters and shows."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.displays import dots, struck
from consultations.admin.parts.figure_filters import (
    LaserFilter,
    LaserTypeFilter,
    OperatorFilter,
    RatedFilter,
    SessionDaysFilter,
)
from consultations.admin.parts.filters import (
    SessionAreaFilter,
    SessionDayFilter,
    SessionSignedFilter,
)
from consultations.models import TreatmentSession
from consultations.models.text import day_in_words
from consultations.summaries.progress import READ_FOR_PROGRESS, progress_of


class SessionColumns:
    list_display = ["date", "who", "area", "number", "operator_name", "signature"]
    in_files = {"date": "day"}
    list_select_related = ["operator"]
    list_reads = [
        *("status", "day", "performed_on", "performed_elsewhere", "created_at", "signed_at"),
        *("entered_in_error_at", "plan__assessment__area", "operator__first_name"),
        *("operator__last_name", "operator__username"),
        *(f"plan__{name}" for name in READ_FOR_PROGRESS),
    ]
    list_filter = [
        SessionDaysFilter,
        SessionDayFilter,
        SessionAreaFilter,
        SessionSignedFilter,
        LaserFilter,
        LaserTypeFilter,
        OperatorFilter,
        RatedFilter,
    ]
    ordering = ["-day", "-pk"]

    def add_columns(self, request, rows):
        plans = list({row.plan_id: row.plan for row in rows}.values())
        progress = progress_of(plans)
        done = (
            TreatmentSession.objects.done()
            .filter(plan__in=plans)
            .order_by("plan", "performed_on", "pk")
            .values_list("plan_id", "pk")
        )
        numbers, counts = {}, {}
        for plan_id, pk in done:
            counts[plan_id] = numbers[pk] = counts.get(plan_id, 0) + 1
        for row in rows:
            row.course, row.place = progress[row.plan_id], numbers.get(row.pk)

    @admin.display(description=gettext_lazy("date"))
    def date(self, session):
        when = day_in_words(session.day)
        return struck(session, format_html('<a href="{}">{}</a>', self.url_of(session), when))

    @admin.display(description=gettext_lazy("area"))
    def area(self, session):
        return session.plan.assessment.get_area_display()

    @admin.display(description=gettext_lazy("session"))
    def number(self, session):
        if session.place is None:
            return dots(session.course)
        return format_html("#{} · {}", session.place, dots(session.course))

    @admin.display(description=gettext_lazy("operator"))
    def operator_name(self, session):
        if session.performed_elsewhere:
            return _("elsewhere")
        return session.operator and (
            session.operator.get_full_name() or session.operator.get_username()
        )

    @admin.display(description=gettext_lazy("signed"))
    def signature(self, session):
        if session.came_in_closed:
            return _("Imported")
        if session.is_signed:
            return _("Signed")
        return _("Not signed")
