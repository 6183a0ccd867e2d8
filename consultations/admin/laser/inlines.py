"""Cards on a laser's page."""

from django.utils.html import format_html

from consultations.admin.base import RecordInline
from consultations.admin.parts.displays import admin_url, struck
from consultations.admin.parts.formsets import LatestRows


class ClosedWithParent(RecordInline):
    """An inline that is read-only once its parent is."""

    def may_write(self, request, obj):
        return not (obj is not None and obj.in_error) and super().may_write(request, obj)


class SafetyInline(ClosedWithParent):
    """A part of the safety file, folded, the latest rows first; each leads to its own page."""

    classes = ["collapse"]
    formset = LatestRows
    max_num = 60

    def title_of(self, record):
        url = admin_url(record._meta.model_name, "change", record.pk)
        return struck(record, format_html('<a href="{}">{}</a>', url, record))
