"""The list of consultations: what it reads, filters and shows."""

from django.contrib import admin
from django.db.models import Prefetch
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.displays import chip, chips, struck
from consultations.admin.parts.figure_filters import ConsultationDaysFilter
from consultations.admin.parts.filters import CONSULTATION_FILTERS, SignedFilter
from consultations.models import AreaAssessment, SurgicalReferral
from consultations.models.text import day_in_words
from consultations.vocabulary import Outcome


class ConsultationColumns:
    list_display = ["date", "who", "areas", "clinician_name", "signature"]
    in_files = {"date": "consulted_on"}
    list_select_related = ["clinician"]
    list_reads = [
        *(
            "consulted_on",
            "created_at",
            "signed_at",
            "entered_in_error_at",
            "clinician__first_name",
        ),
        *("clinician__last_name", "clinician__username"),
    ]
    list_filter = [ConsultationDaysFilter, *CONSULTATION_FILTERS, SignedFilter]
    ordering = ["-consulted_on", "-pk"]

    def add_columns(self, request, rows):
        by_consultation = {row.pk: [] for row in rows}
        areas = AreaAssessment.objects.filter(consultation__in=rows).order_by("pk")
        areas = areas.only("area", "effective_outcome", "entered_in_error_at", "consultation")
        referrals = SurgicalReferral.objects.only("status", "entered_in_error_at", "assessment")
        own = {row.pk: row for row in rows}
        for area in areas.prefetch_related(Prefetch("referrals", referrals)):
            area.consultation = own[area.consultation_id]
            by_consultation[area.consultation_id].append(area)
        for row in rows:
            row.area_list = by_consultation[row.pk]

    @admin.display(description=gettext_lazy("date"))
    def date(self, consultation):
        url = self.url_of(consultation)
        day = day_in_words(consultation.consulted_on)
        return struck(consultation, format_html('<a href="{}">{}</a>', url, day))

    @admin.display(description=gettext_lazy("areas and verdicts"))
    def areas(self, consultation):
        pieces = []
        for area in consultation.area_list:
            label = format_html(
                "{}: {}", area.get_area_display(), area.get_effective_outcome_display()
            )
            pieces.append(struck(area, chip(Outcome(area.effective_outcome), label)))
            pieces += [
                chip(
                    referral.status,
                    _("referral %(s)s") % {"s": referral.get_status_display().lower()},
                )
                for referral in area.referrals.all()
                if not referral.in_error
            ]
        return chips(pieces) if pieces else None

    @admin.display(description=gettext_lazy("clinician"))
    def clinician_name(self, consultation):
        return consultation.clinician.get_full_name() or consultation.clinician.get_username()

    @admin.display(description=gettext_lazy("signed"))
    def signature(self, consultation):
        if consultation.came_in_closed:
            return _("Imported")
        return _("Signed") if consultation.is_signed else _("Not signed")
