"""Patients: registered by reception, read by everybody, clinical fields for those who treat."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from consultations.actions.booking import book
from consultations.actions.patients import keep_patient
from consultations.admin.base import RecordAdmin
from consultations.admin.pages.chart import chart
from consultations.admin.pages.consents.photos import photo_consent, publicity_consent
from consultations.admin.pages.consents.states import consents
from consultations.admin.pages.dicom import dicom
from consultations.admin.pages.documents import document, document_draft, documents
from consultations.admin.pages.drafts import draft_of
from consultations.admin.pages.erase import erase
from consultations.admin.pages.export import export
from consultations.admin.pages.fhir import fhir
from consultations.admin.pages.find import find, open_found, to_register
from consultations.admin.pages.merge import MAY_MERGE, merge
from consultations.admin.pages.merged import led_on
from consultations.admin.pages.namesakes import IDENTITY, namesakes, namesakes_of
from consultations.admin.pages.photos import photos
from consultations.admin.pages.send_again import messages_context, send_message_again
from consultations.admin.pages.who_has_looked import looked
from consultations.admin.parts.appointments import MAY_BOOK
from consultations.admin.parts.asked_for import is_charting, is_choosing, is_listing
from consultations.admin.parts.days import FarDayField, FarDayInput
from consultations.admin.parts.displays import (
    admin_url,
    consent_chip,
    due_words,
    plan_steps,
)
from consultations.admin.parts.money import money_of
from consultations.admin.parts.searches import searched
from consultations.admin.visit.check import visit_check
from consultations.admin.visit.page import visit
from consultations.models import Patient
from consultations.models.asked import typed_name
from consultations.permissions import sees_clinical, writes_clinical
from consultations.summaries.appointments import booked_of
from consultations.summaries.consents import standings_of
from consultations.summaries.timeline import name_of
from consultations.summaries.transfers import with_changed_hands

from . import fieldsets
from .columns import PatientColumns
from .form import PatientForm


@admin.register(Patient)
class PatientAdmin(PatientColumns, RecordAdmin):
    form = PatientForm
    change_form_template = "admin/consultations/patient_form.html"
    search_fields = ["record_number"]
    search_help_text = _("Name, record number, phone, e-mail or date of birth")

    own_pages = {
        "find": ("find/", find),
        "namesakes": ("namesakes/", namesakes),
        "chart": ("<path:object_id>/chart/", chart),
        "visit": ("<path:object_id>/visit/", visit),
        "visit_check": ("<path:object_id>/visit/check/", visit_check),
        "photos": ("<path:object_id>/photos/", photos),
        "dicom": ("<path:object_id>/photos/dicom/", dicom),
        "consents": ("<path:object_id>/consents/", consents),
        "photo_consent": ("<path:object_id>/consents/photo/", photo_consent),
        "publicity_consent": ("<path:object_id>/consents/advertising/", publicity_consent),
        "documents": ("<path:object_id>/documents/", documents),
        "document": ("<path:object_id>/documents/new/", document),
        "document_draft": ("<path:object_id>/documents/new/draft/", document_draft),
        "merge": ("<path:object_id>/merge/", merge),
        "export": ("<path:object_id>/export/", export),
        "fhir": ("<path:object_id>/fhir/", fhir),
        "erase": ("<path:object_id>/erase/", erase),
        "looked": ("<path:object_id>/looked/", looked),
        "send_again": ("<path:object_id>/send-again/", send_message_again),
    }

    def fieldsets_for(self, request, obj):
        clinical = sees_clinical(request.user)
        books = obj is None and request.user.has_perm(MAY_BOOK)
        return [
            fieldsets.WHO,
            *([fieldsets.FIRST_VISIT] if books else []),
            fieldsets.MESSAGES,
            fieldsets.CONTACT,
            *([fieldsets.FOR_LIFE] if clinical else []),
        ]

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
        if form.appointment is not None:
            self._book_first_visit(request, obj, form.appointment)
        if request.user.has_perm(MAY_MERGE) and not {*IDENTITY}.isdisjoint(form.changed_data):
            self._offer_to_merge(request, obj)

    def _book_first_visit(self, request, patient, appointment):
        appointment.patient = patient
        book(appointment=appointment, by=request.user, checked=True)
        who = appointment.practitioner
        told = {
            "when": date_format(timezone.localtime(appointment.starts_at), "D j M Y H:i"),
            "who": name_of(who) if who else _("to be assigned"),
        }
        link = format_html(
            '{} <a class="step" href="{}">{}</a>',
            _("The first visit is booked: %(when)s, %(who)s.") % told,
            admin_url("appointment", "change", appointment.pk),
            _("Open the appointment"),
        )
        self.message_user(request, link, messages.SUCCESS)

    def added_words(self, request, patient):
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

    def more_on_page(self, request, obj):
        """The courses under way and the messages: where reception sees what is due, and books."""
        if obj is None:
            return {}
        self.add_columns(request, [obj])
        courses = []
        for plan, _progress in obj.open_plans:
            plan.assessment.consultation.patient = obj
        standings = standings_of([plan for plan, _progress in obj.open_plans])
        balances, ended = money_of(obj, request.user)
        for plan, progress in obj.open_plans:
            steps = plan_steps(plan, request.user, standings[plan.pk])
            consent = consent_chip(standings[plan.pk], request.user)
            due, balance = due_words(progress), balances.get(plan.pk)
            courses.append((plan, progress, due, consent, steps, balance))
        told = {} if sees_clinical(request.user) else messages_context(obj, request.user)
        books = request.user.has_perm(MAY_BOOK) and not obj.why_ended
        return {
            "courses": courses,
            "ended_courses": ended,
            "appointments": booked_of(obj),
            "book_url": admin_url("appointment", "add", patient=obj.pk) if books else "",
            **told,
        }

    def title_of_form(self, obj):
        return super().title_of_form(obj) if obj is None else _("Patient details")

    def save_leaves_page(self, request):
        return sees_clinical(request.user)

    def after_save(self, request, obj):
        """On to the patient, where the next booking is made, for those who read no chart either."""
        return super().after_save(request, obj) if sees_clinical(request.user) else self.url_of(obj)

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
