"""What every record's admin shares: nothing deleted, nobody overwritten, every write named."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.admin.parts.asked_for import is_closed
from consultations.admin.parts.changelist import CappedPaginator
from consultations.admin.parts.fields import RecordFields
from consultations.admin.parts.forms import RecordForm

from .form_page import FormPage
from .lists import RecordLists
from .pages_beside import PagesBeside
from .saved import Saved
from .saving import Saving


class RecordAdmin(
    RecordFields, RecordLists, FormPage, Saving, Saved, PagesBeside, admin.ModelAdmin
):
    paginator = CappedPaginator
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ()
    save_on_top = False
    sortable_by = ()
    list_display_links = None
    list_select_related = ()
    when_empty = ""  # where such records come from, told in a list that has none
    is_signed_here = False  # whether such a record is signed, and added to once it is

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        paths = () if self.search_fields else model.paths_to_patient()
        if paths:
            self.search_fields = [f"{path}__record_number" for path in paths]
            self.search_help_text = self.search_help_text or _(
                "Patient's name, record number, phone, e-mail or date of birth"
            )

    def get_queryset(self, request):
        return super().get_queryset(request).with_patient()

    @property
    def media(self):
        """No script of Django's: its fields and cards bring their own."""
        return forms.Media()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user, form.asked_for = request.user, request.GET
        form.locked_patient = getattr(request, "locked_patient", None)
        return form

    def has_change_permission(self, request, obj=None):
        if is_closed(obj):
            return False
        return super().has_change_permission(request, obj)

    def get_object(self, request, object_id, from_field=None):
        """The record by its key; an empty `?_to_field=` names no other field. The one that a form
        was posted about is read once, its patient locked."""
        about, record = getattr(request, "posted_about", (None, None))
        if about == (self.model, str(object_id)):
            return record
        return super().get_object(request, object_id, from_field or None)

    def url_of(self, record, page="change"):
        meta = record._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[record.pk])

    def log_addition(self, request, obj, message):
        """History is kept by the record itself; a second, thinner log would only disagree."""

    def log_change(self, request, obj, message):
        """As log_addition."""


class RecordInline(RecordFields, admin.StackedInline):
    extra = 0
    max_num = 20
    show_change_link = False
    hidden_fields = RecordForm.HIDDEN_INLINE

    def get_formset(self, request, obj=None, **kwargs):
        # However many cards a forged form claims, few more than are allowed are built.
        kwargs["absolute_max"] = self.max_num + 8
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.user = request.user
        formset.form.locked_patient = getattr(request, "locked_patient", None)
        return formset

    def title_of(self, record):
        return str(record)

    def may_write(self, request, obj):
        return self.has_change_permission(request, obj) or self.has_add_permission(request, obj)
