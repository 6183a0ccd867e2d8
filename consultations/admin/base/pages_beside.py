"""The pages beside a record's form: its history, addenda, and marking it as entered in error."""

from functools import partial

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path

from consultations.admin.pages.addendum import addendum
from consultations.admin.pages.entered_in_error import entered_in_error
from consultations.admin.pages.history import history
from consultations.admin.parts.access_log import opened
from consultations.models import patient_of
from consultations.vocabulary import AccessKind


class PagesBeside:
    """Every record has them; more are named by `own_pages`: the address and the view of each, which
    is called with this admin first."""

    own_pages = {}
    marks_in_error = "consultations.enter_in_error"  # whoever may mark such a record

    def may_mark_in_error(self, request, record):
        """Whether this person may mark this record as entered in error."""
        return request.user.has_perm(self.marks_in_error)

    def get_urls(self):
        pages = {"entered_in_error": ("<path:object_id>/entered-in-error/", entered_in_error)}
        if self.is_signed_here:
            pages["addendum"] = ("<path:object_id>/addendum/", addendum)
        return [
            path(
                address,
                self.admin_site.admin_view(partial(view, self)),
                name=f"consultations_{self.model._meta.model_name}_{name}",
            )
            for name, (address, view) in (pages | self.own_pages).items()
        ] + super().get_urls()

    def record_or_404(self, request, object_id, permission=None):
        """The record of a page beside the form, for those who may see it and hold `permission`."""
        allowed = permission is None or request.user.has_perm(permission)
        if not (allowed and self.has_view_permission(request)):
            # Before the record is looked for: who may not see it is not told whether it exists.
            raise PermissionDenied
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return record

    def page_context(self, request, record, title, kind=AccessKind.RECORD):
        """What pages beside the form show of their record, whose opening is kept with it."""
        patient = patient_of(record)
        if patient is not None:
            opened(request, kind, patient=patient, record=record)
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "record": record,
            "record_url": self.url_of(record),
            "patient": patient,
        }

    def history_view(self, request, object_id, extra_context=None):
        return history(self, request, object_id)

    def records_in_history(self, request, record):
        """What the history page tells of: the record, and those edited on its page; each with
        the fields to show."""
        return [(record, self.fields_in_history(request))]

    def fields_in_history(self, request):
        """The names of the fields whose changes this person may read."""
        return {
            field.name
            for field in self.model._meta.concrete_fields
            if field.editable or field.name in {"decided_by", "overridden_by", "signed_by"}
        }
