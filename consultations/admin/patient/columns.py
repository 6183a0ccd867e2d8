"""The list of patients: what it reads and shows."""

from collections import defaultdict

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consultations.admin.parts.appointments import MAY_BOOK
from consultations.admin.parts.displays import (
    admin_url,
    chip,
    chips,
    dots,
    formerly,
    person,
    struck,
)
from consultations.admin.parts.searches import words_searched
from consultations.models import SurgicalReferral, TreatmentPlan
from consultations.models.search import former_names
from consultations.models.text import day_in_words
from consultations.permissions import sees_clinical
from consultations.summaries.progress import READ_FOR_PROGRESS, progress_of
from consultations.vocabulary import PlanStatus, ReferralStatus

# What is read of a plan or a referral to tell whose it is.
TO_WHOM = ("assessment__area", "assessment__consultation__patient")


def _by_patient(records):
    """Plans or referrals by the key of their patient."""
    found = defaultdict(list)
    for one in records:
        found[one.assessment.consultation.patient_id].append(one)
    return found


class PatientColumns:
    list_display = ["name", "record_number", "born", "phone", "courses", "appointment"]
    in_files = {"born": "date_of_birth"}
    not_in_files = ["appointment"]
    ordering = ["sort_name", "pk"]

    def add_columns(self, request, rows):
        plans = list(
            TreatmentPlan.objects.open()
            .filter(TreatmentPlan.about(rows))
            .select_related("assessment__consultation")
            .only(*READ_FOR_PROGRESS, *TO_WHOM)
            .order_by("pk")
        )
        progress = progress_of(plans)
        referrals = list(
            SurgicalReferral.objects.open()
            .filter(SurgicalReferral.about(rows))
            .select_related("assessment__consultation")
            .only("status", *TO_WHOM)
            .order_by("pk")
        )
        plans_of, referrals_of = _by_patient(plans), _by_patient(referrals)
        before = former_names(rows, words_searched(request))
        for row in rows:
            row.formerly = formerly(before.get(row.pk, ()))
            row.open_plans = [(plan, progress[plan.pk]) for plan in plans_of[row.pk]]
            row.open_referrals = referrals_of[row.pk]
            row.reader_is_clinical = sees_clinical(request.user)

    def page_of(self, patient):
        """Where a patient is looked at: the chart, for those who may read it."""
        page = "chart" if patient.reader_is_clinical else "change"
        return reverse(f"admin:consultations_patient_{page}", args=[patient.pk])

    @admin.display(description=_("name"))
    def name(self, patient):
        link = '<a href="{}">{}</a>'
        link = format_html(link, self.page_of(patient), person(patient.full_name))
        shown, before = struck(patient, link), patient.formerly
        return format_html('{} <span class="quiet">{}</span>', shown, before) if before else shown

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        books = request.user.has_perm(MAY_BOOK)
        return columns if books else [name for name in columns if name != "appointment"]

    @admin.display(description=_("appointment"))
    def appointment(self, patient):
        if patient.why_ended:
            return None
        return format_html(
            '<a class="step" href="{}">{} <span class="visually-hidden">{}</span></a>',
            admin_url("appointment", "add", patient=patient.pk),
            _("Book"),
            patient.full_name,
        )

    @admin.display(description=_("date of birth"))
    def born(self, patient):
        return format_html("{} ({})", day_in_words(patient.date_of_birth), patient.age)

    @admin.display(description=_("courses"))
    def courses(self, patient):
        pieces = []
        for plan, progress in patient.open_plans:
            pieces.append(format_html("{} {}", plan.assessment.get_area_display(), dots(progress)))
            if progress.is_overdue:
                pieces.append(chip("", _("overdue"), "stop"))
            if plan.status == PlanStatus.PAUSED:
                pieces.append(chip(PlanStatus.PAUSED, _("paused")))
        if patient.reader_is_clinical:
            pieces += [
                chip(
                    ReferralStatus(referral.status),
                    format_html(
                        "{}: {}",
                        referral.assessment.get_area_display(),
                        _("referral %(status)s")
                        % {"status": referral.get_status_display().lower()},
                    ),
                )
                for referral in patient.open_referrals
            ]
        return chips(pieces) if pieces else None
