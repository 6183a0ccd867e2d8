"""Assessed areas: a list to look through; they are entered on their consultation's page."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consultations.models import AreaAssessment
from consultations.vocabulary import Outcome

from .base import RecordAdmin
from .displays import chip, person, struck
from .filters import AreaFilter, OutcomeFilter, SeverityFilter


@admin.register(AreaAssessment)
class AreaAssessmentAdmin(RecordAdmin):
    patient_path = "consultation__patient"
    list_display = ["area_and_date", "who", "laxity", "verdict"]
    list_select_related = ["consultation__patient"]
    list_filter = [OutcomeFilter, SeverityFilter, AreaFilter]
    ordering = ["-pk"]
    search_fields = ["consultation__patient__record_number"]
    search_help_text = _("Patient's name, record number, phone or date of birth")
    fields = ["consultation", "area", "severity"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        found, distinct = super().get_search_results(request, queryset, search_term)
        return found.select_related("consultation__patient"), distinct

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """An area is read on its consultation's page."""
        area = self.get_object(request, object_id)
        if area is None or not self.has_view_permission(request, area):
            return super().change_view(request, object_id, form_url, extra_context)
        url = reverse("admin:consultations_consultation_change", args=[area.consultation_id])
        return HttpResponseRedirect(url)

    @admin.display(description=_("area"))
    def area_and_date(self, area):
        day = formats.date_format(area.consultation.consulted_on, "j M Y")
        link = format_html(
            '<a href="{}">{}, {}</a>', self.url_of(area), area.get_area_display(), day
        )
        return struck(area, link)

    @admin.display(description=_("patient"))
    def who(self, area):
        return person(str(area.consultation.patient))

    @admin.display(description=_("laxity"))
    def laxity(self, area):
        return area.get_severity_display()

    @admin.display(description=_("outcome"))
    def verdict(self, area):
        return chip(Outcome(area.effective_outcome), area.get_effective_outcome_display())
