"""Issued documents: a list to look through. Each is opened, and withdrawn, by its patient."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import IssuedDocument
from consultations.models.text import day_in_words
from consultations.permissions import sees_clinical
from consultations.summaries.timeline import name_of

from .base import RecordAdmin
from .pages.documents import document_file, file_url
from .parts.displays import admin_url, chip, person, struck
from .parts.documents import replaced_quotes


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(RecordAdmin):
    when_empty = gettext_lazy("A document is issued where the need for it arises.")
    list_display = ["numbered", "what", "who", "recipient", "issued", "author"]
    in_files = {"issued": "issued_on"}
    list_select_related = ["created_by"]
    ordering = ["-pk"]
    fields = ["recipient"]
    own_pages = {"file": ("<path:object_id>/file/", document_file)}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        """Of letters the desk sees kind, day and issuer, on the patient's own page."""
        return super().has_view_permission(request, obj) and sees_clinical(request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A document stands in the list of its patient."""
        document = self.get_object(request, object_id)
        if document is None or not self.has_view_permission(request, document):
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(self.url_of(document))

    def url_of(self, record, page="change"):
        if page != "change":
            return super().url_of(record, page)
        if record.laser_id:
            month = f"{record.month:%Y-%m}"
            url = admin_url("laser", "register", record.laser_id, month=month)
            return f"{url}#document-{record.pk}"
        return f"{admin_url('patient', 'documents', record.patient_id)}#document-{record.pk}"

    def fields_in_history(self, request):
        return {"kind", "number", "recipient", "issued_on"}

    @admin.display(description=gettext_lazy("number"))
    def numbered(self, document):
        link = format_html('<a href="{}">{}</a>', file_url(document), document.number)
        return struck(document, link)

    def add_columns(self, request, rows):
        replaced = replaced_quotes(rows)
        for row in rows:
            row.replaced_by = replaced.get(row.pk)

    @admin.display(description=gettext_lazy("kind"))
    def what(self, document):
        if document.in_error or not document.replaced_by:
            return document.get_kind_display()
        told = _("replaced by %(number)s") % {"number": document.replaced_by}
        return format_html("{} {}", document.get_kind_display(), chip("", told, "quiet"))

    @admin.display(description=gettext_lazy("issued"))
    def issued(self, document):
        return day_in_words(document.issued_on)

    @admin.display(description=gettext_lazy("by"))
    def author(self, document):
        return person(name_of(document.created_by))
