"""Patients: registered by reception, read by everybody, clinical fields for those who treat."""

from django.contrib import admin, messages
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from consultations.actions.patients import keep_patient, refuse_birth_after_visit
from consultations.models import Patient, SurgicalReferral, TreatmentPlan
from consultations.models.asked import typed_name
from consultations.models.search import former_names
from consultations.models.text import day_in_words
from consultations.permissions import sees_clinical, writes_clinical
from consultations.summaries.progress import READ_FOR_PROGRESS, progress_of
from consultations.summaries.transfers import with_changed_hands
from consultations.vocabulary import PlanStatus, ReferralStatus

from .base import RecordAdmin
from .pages.chart import chart
from .pages.drafts import draft_of
from .pages.erase import erase
from .pages.export import export
from .pages.find import find, open_found, to_register
from .pages.merge import MAY_MERGE, merge
from .pages.merged import led_on
from .pages.namesakes import IDENTITY, named, namesakes, namesakes_of
from .pages.photos import photos
from .pages.who_has_looked import looked
from .parts.asked_for import is_charting, is_choosing, is_listing
from .parts.days import FarDayField, FarDayInput
from .parts.displays import (
    admin_url,
    chip,
    chips,
    dots,
    due_words,
    formerly,
    person,
    plan_steps,
    struck,
)
from .parts.forms import RecordForm
from .parts.searches import searched, words_searched
from .visit.check import visit_check
from .visit.page import visit


class PatientForm(RecordForm):
    untold = ()  # namesakes that nobody was told of before saving

    def complete(self):
        """Who names an allergy has answered the question."""
        if self.instance.allergies and self.instance.any_allergies is None:
            self.instance.any_allergies = True

    def check_with_others(self):
        if "date_of_birth" in self.changed_data:
            self.try_to(refuse_birth_after_visit, self.instance)
        if not self.errors and not {*IDENTITY}.isdisjoint(self.changed_data):
            self._tell_of_namesakes()

    def _tell_of_namesakes(self):
        """Two records of one person split their history: better seen before there are two."""
        found = namesakes_of(self.instance)
        if {str(one.pk) for one in found} <= {*self.data.getlist("namesakes")}:
            return
        self.untold = found
        words = _("%(numbers)s: same name and date of birth. Save again if it is another person.")
        numbers = ", ".join(map(named, found))
        self.add_error("family_name", words % {"numbers": numbers})


# What is read of a plan or a referral to tell whose it is.
TO_WHOM = ("assessment__area", "assessment__consultation__patient")


@admin.register(Patient)
class PatientAdmin(RecordAdmin):
    form = PatientForm
    change_form_template = "admin/consultations/patient_form.html"
    list_display = ["name", "record_number", "born", "phone", "courses"]
    ordering = ["sort_name", "pk"]
    search_fields = ["record_number"]
    search_help_text = _("Name, record number, phone, e-mail or date of birth")

    IDENTITY = (
        None,
        {
            "fields": [
                ("family_name", "given_name"),
                ("date_of_birth", "sex"),
                ("phone", "email"),
                "interpreter_needed",
            ]
        },
    )
    CONTACT = (
        _("Contact"),
        {
            "classes": ["collapse"],
            "fields": ["address", "emergency_contact", "guardian", "general_practitioner"],
        },
    )
    LIFETIME = (
        _("Medical history"),
        {
            "fields": [
                "phototype",
                ("keloid_history", "herpes_history", "gold_therapy"),
                "any_allergies",
                "allergies",
                "medicines",
                "past_surgery",
                "medical_notes",
            ]
        },
    )

    def fieldsets_for(self, request, obj):
        clinical = sees_clinical(request.user)
        return [self.IDENTITY, self.CONTACT, *([self.LIFETIME] if clinical else [])]

    def get_readonly_fields(self, request, obj=None):
        return () if writes_clinical(request.user) else Patient.CLINICAL_FIELDS

    def get_queryset(self, request):
        patients = super().get_queryset(request)
        if is_choosing(request):
            return patients.standing()
        if is_charting(request):
            return with_changed_hands(patients)
        return patients.unmerged() if is_listing(request) else patients

    def get_search_results(self, request, queryset, search_term):
        if search_term.strip():
            return queryset.found_by(search_term), False
        return queryset.in_lists(), False

    def changelist_view(self, request, extra_context=None):
        """The box on every page posts here; Enter on the only one found opens them."""
        if answer := open_found(self, request):
            return answer
        return super().changelist_view(request, to_register(self, request) | (extra_context or {}))

    def get_changeform_initial_data(self, request):
        """The name of whoever was searched for and not found."""
        family, given = typed_name(searched(request))
        named = {"family_name": family, "given_name": given} if family else {}
        return super().get_changeform_initial_data(request) | named

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "date_of_birth":
            kwargs |= {"form_class": FarDayField, "widget": FarDayInput}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def fields_in_history(self, request):
        names = super().fields_in_history(request)
        clinical = sees_clinical(request.user)
        return names if clinical else names - set(Patient.CLINICAL_FIELDS)

    def save_model(self, request, obj, form, change):
        if not change or form.changed_data:
            keep_patient(patient=obj, by=request.user, changed=form.changed_data)
        if request.user.has_perm(MAY_MERGE) and not {*IDENTITY}.isdisjoint(form.changed_data):
            self._offer_to_merge(request, obj)

    def added_words(self, patient):
        """What was not asked at the desk is a press away: the folded part of the form unfolds."""
        words = _("Registered: %(who)s.") % {"who": patient}
        url = f"{self.url_of(patient)}#id_address"
        return format_html('{} <a class="step" href="{}">{}</a>', words, url, _("Open details"))

    def _offer_to_merge(self, request, patient):
        """Where a namesake was saved all the same."""
        for other in namesakes_of(patient):
            merge = admin_url("patient", "merge", other.pk, **{"with": patient.pk})
            links = [(self.url_of(other), other), (merge, _("Compare and merge"))]
            words = format_html(
                "{} {}",
                _("Same name and date of birth. Is this the same person?"),
                format_html_join(" ", '<a class="step" href="{}">{}</a>', links),
            )
            self.message_user(request, words, messages.WARNING)

    def add_columns(self, request, rows):
        plans = list(
            TreatmentPlan.objects.open()
            .filter(assessment__consultation__patient__in=rows)
            .select_related("assessment__consultation")
            .only(*READ_FOR_PROGRESS, *TO_WHOM)
            .order_by("pk")
        )
        progress = progress_of(plans)
        referrals = list(
            SurgicalReferral.objects.open()
            .filter(assessment__consultation__patient__in=rows)
            .select_related("assessment__consultation")
            .only("status", *TO_WHOM)
            .order_by("pk")
        )
        before = former_names(rows, words_searched(request))
        for row in rows:
            row.formerly = formerly(before.get(row.pk, ()))
            row.open_plans = [
                (plan, progress[plan.pk])
                for plan in plans
                if plan.assessment.consultation.patient_id == row.pk
            ]
            row.open_referrals = [
                referral
                for referral in referrals
                if referral.assessment.consultation.patient_id == row.pk
            ]
            row.reader_is_clinical = sees_clinical(request.user)

    def page_of(self, patient):
        """Where a patient is looked at: the chart, for those who may read it."""
        page = "chart" if patient.reader_is_clinical else "change"
        return reverse(f"admin:consultations_patient_{page}", args=[patient.pk])

    def more_on_page(self, request, obj):
        """The courses under way: where reception sees what is due, and books."""
        if obj is None:
            return {}
        self.add_columns(request, [obj])
        courses = []
        for plan, progress in obj.open_plans:
            plan.assessment.consultation.patient = obj
            courses.append((plan, progress, due_words(progress), plan_steps(plan, request.user)))
        return {"courses": courses}

    @admin.display(description=_("name"))
    def name(self, patient):
        link = '<a href="{}">{}</a>'
        link = format_html(link, self.page_of(patient), person(patient.full_name))
        shown, before = struck(patient, link), patient.formerly
        return format_html('{} <span class="quiet">{}</span>', shown, before) if before else shown

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

    def title_of_form(self, obj):
        return super().title_of_form(obj) if obj is None else _("Patient details")

    def save_leaves_page(self, request):
        return sees_clinical(request.user)

    def after_save(self, request, obj):
        """On to the patient, where the next booking is made, for those who read no chart either."""
        return super().after_save(request, obj) if sees_clinical(request.user) else self.url_of(obj)

    def get_urls(self):
        pages = {
            "find": ("find/", self.find_view),
            "namesakes": ("namesakes/", self.namesakes_view),
            "chart": ("<path:object_id>/chart/", self.chart_view),
            "visit": ("<path:object_id>/visit/", self.visit_view),
            "visit_check": ("<path:object_id>/visit/check/", self.visit_check_view),
            "photos": ("<path:object_id>/photos/", self.photos_view),
            "merge": ("<path:object_id>/merge/", self.merge_view),
            "export": ("<path:object_id>/export/", self.export_view),
            "erase": ("<path:object_id>/erase/", self.erase_view),
            "looked": ("<path:object_id>/looked/", self.looked_view),
        }
        own = [
            path(address, self.admin_site.admin_view(view), name=f"consultations_patient_{name}")
            for name, (address, view) in pages.items()
        ]
        return own + super().get_urls()

    def find_view(self, request):
        return find(self, request)

    def namesakes_view(self, request):
        return namesakes(self, request)

    def chart_view(self, request, object_id):
        return chart(self, request, object_id)

    def visit_view(self, request, object_id):
        return visit(self, request, object_id)

    def visit_check_view(self, request, object_id):
        return visit_check(self, request, object_id)

    def looked_view(self, request, object_id):
        return looked(self, request, object_id)

    def photos_view(self, request, object_id):
        return photos(self, request, object_id)

    def merge_view(self, request, object_id):
        return merge(self, request, object_id)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        patient = getattr(answer, "context_data", {}).get("record")
        # What somebody typed about the merged record and could not save is still shown there.
        if patient is None or not patient.merged_into_id or draft_of(request) is not None:
            return answer
        return led_on(self, request, patient, "change")

    def records_in_history(self, request, record):
        """With what was written in the records that were merged into this one."""
        names = self.fields_in_history(request) | {"merged_into"}
        return [(one, names) for one in (record, *record.merged_records())]

    def export_view(self, request, object_id):
        return export(self, request, object_id)

    def erase_view(self, request, object_id):
        return erase(self, request, object_id)
