"""The page of a record's form, whose opening is logged."""

from django import forms
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.actions.signing import may_add_addendum
from consultations.admin.pages.drafts import address_of, draft_of
from consultations.admin.pages.signed import as_signed
from consultations.admin.parts.access_log import opened, patients_chosen
from consultations.admin.parts.asked_for import from_query, patient_from_query
from consultations.admin.parts.documents import document_steps
from consultations.models import Patient, patient_of
from consultations.models.imports import source_of
from consultations.permissions import sees_clinical
from consultations.summaries.asking import number_unasked
from consultations.summaries.signed_copy import seen_in
from consultations.vocabulary import AccessKind


class FormPage:
    """What the page shows beside the form."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and context["errors"]:
            # The form's record already holds what was refused; the page is about what is stored.
            obj = self.get_queryset(request).get(pk=obj.pk)
            context |= {"original": obj, "subtitle": str(obj)}
        may_write = self.may_write(request, obj)
        context |= self._whose_page(request, obj)
        context |= self._what_may_be_done(request, context, obj, may_write)
        context["documents"] = document_steps(obj, request.user)
        context |= self.more_on_page(request, obj)
        if not may_write:
            context["media"] = forms.Media()
        self._log_opening(request, context, context["patient"], obj)
        if self._is_shown_as_signed(request, obj):
            context |= as_signed(obj, areas=context.get("areas", ()))
            context["can_add_addendum"] = not obj.in_error and may_add_addendum(obj, request.user)
            context["addendum_url"] = self.url_of(obj, "addendum")
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if "signed" in context:
            response.template_name = "admin/consultations/signed.html"
        return response

    def _whose_page(self, request, obj):
        title, patient = self.title_of_form(obj), self.patient_on_page(request, obj)
        return {
            "title": title,
            "record": obj,
            "came_with": SimpleLazyObject(lambda: source_of(obj) if obj is not None else None),
            "patient": patient,
            "sees_clinical": sees_clinical(request.user),
            "draft": draft_of(request),
            "draft_title": f"{title} · {patient}" if patient else title,
            "draft_address": address_of(request),
        }

    def _what_may_be_done(self, request, context, obj, may_write):
        record = obj if obj is not None else context["adminform"].form.instance
        may_mark = obj is not None and self.may_mark_in_error(request, obj)
        return {
            "may_write": may_write,
            "can_sign": self.can_sign(request, record) and may_write,
            "seen": seen_in(obj) if self.is_signed_here and obj is not None else "",
            "unasked": number_unasked(obj) if obj is not None and "unasked" in request.GET else 0,
            "entered_in_error_url": self.url_of(obj, "entered_in_error") if obj else "",
            "can_mark_in_error": may_mark and not obj.in_error,
            "show_save_and_add_another": False,
            "show_save_and_continue": self.save_leaves_page(request),
            "show_delete": False,
        }

    def _log_opening(self, request, context, patient, obj):
        """Log every patient that the page shows: whose record it is, and whoever was chosen in
        it."""
        forms = [context["adminform"].form]
        forms += [form for one in context["inline_admin_formsets"] for form in one.formset.forms]
        if patient is not None:
            opened(request, AccessKind.RECORD, patient=patient, record=obj)
        others = patients_chosen(forms) - {patient and patient.pk}
        for other in Patient.objects.filter(pk__in=others) if others else ():
            opened(request, AccessKind.RECORD, patient=other)

    def _is_shown_as_signed(self, request, obj):
        """What was signed is shown as it was to those who may read all of it."""
        signed = self.is_signed_here and obj is not None and obj.is_signed
        return signed and sees_clinical(request.user)

    def more_on_page(self, request, obj):
        """What the page shows beside the form, of the record as it is stored."""
        return {}

    def title_of_form(self, obj):
        """What the page is about, beside whose it is."""
        if obj is None:
            return _("New %(name)s") % {"name": self.opts.verbose_name}
        return self.title_of(obj)

    def title_of(self, record):
        return capfirst(str(record))

    def patient_on_page(self, request, obj):
        """Whose record the page is about, for the banner; None where not known yet."""
        record = obj if obj is not None else self.parent_asked_for(request)
        return patient_of(record) if record is not None else None

    def parent_asked_for(self, request):
        """What a new record is to hang on, as the address says (`?plan=12`), or None. Several
        parts of the page need it; one query finds it."""
        if not hasattr(request, "parent_asked_for"):
            found = (self._find_parent(request, key) for key in self.asked_for_by())
            request.parent_asked_for = next((one for one in found if one is not None), None)
        return request.parent_asked_for

    def asked_for_by(self):
        """The keys by which an address may say what a new record is to hang on."""
        return self.model.hangs_on

    def _find_parent(self, request, key):
        model = self.model._meta.get_field(key).related_model
        if model is Patient:
            return patient_from_query(request)
        parent = getattr(request, "locked_parent", None)
        if not isinstance(parent, model) or request.GET.get(key) != str(parent.pk):
            parent = from_query(request, key, model.objects.with_patient())
        return parent if parent is not None and self.may_hang_on(parent) else None

    def may_hang_on(self, parent):
        """Whether a new record may hang on this one."""
        return parent.stands

    def get_changeform_initial_data(self, request):
        if not self.model.hangs_on:
            return super().get_changeform_initial_data(request)
        parent = self.parent_asked_for(request)
        return {
            key: parent.pk
            for key in self.asked_for_by()
            if isinstance(parent, self.model._meta.get_field(key).related_model)
        }
