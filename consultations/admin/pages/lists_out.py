"""A list as a file: all that it lists, in its order, in the words of its columns."""

import re
from array import array
from html import unescape

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField
from django.http import (
    FileResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.displays import is_struck
from consultations.admin.parts.searches import KEY, SearchedLists
from consultations.exchange.spreadsheets import csv_rows, xlsx_file
from consultations.models import ClinicSettings
from consultations.models.money import MoneyField, rounded
from consultations.permissions import may_export_lists
from consultations.trust.access import LONGEST_DETAIL, record_access
from consultations.vocabulary import AccessKind

FETCHED_AT_ONCE = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What is between two chips to the eye.
BETWEEN_CHIPS = re.compile(r'(?<=\S) (?=<span class="chip)')
TAG = re.compile(r"<[^>]*>")
SPACES = re.compile(r"[ \t\r\n\f]+")


class ListsOut(SearchedLists):
    """For ModelAdmins: whoever may export lists has theirs as a file."""

    has_list = True
    # Columns that show a day, a moment or an amount in words: the field, or the function of the
    # record, that a file has instead. Where they are struck through, the words stay.
    in_files = {}
    # Columns to press, not to read.
    not_in_files = ()

    def get_urls(self):
        if not self.has_list:
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}_list_out"
        view = self.admin_site.admin_view(self.list_out)
        return [path("export/", view, name=name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        more = {"may_export_list": may_export_lists(request.user)}
        return super().changelist_view(request, more | (extra_context or {}))

    def rows(self, request, keys):
        """The records of these keys, in their order."""
        found = self.get_queryset(request).in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def list_out(self, request):
        """Answer with the list that the address asks for, all of its pages; log who took it."""
        if not (may_export_lists(request.user) and self.has_view_permission(request)):
            raise PermissionDenied
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        is_csv, was_searched = request.GET.get("format") == "csv", KEY in request.GET
        request.GET = self.with_words(request)
        for name in ("format", PAGE_VAR):
            request.GET.pop(name, None)
        if was_searched and KEY not in request.GET:
            return self._back_to_list()  # the search has ended: this would be another list
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            self.message_user(request, _("There is no such list to export."), messages.WARNING)
            return self._back_to_list()
        keys = shown.queryset.prefetch_related(None).values_list("pk", flat=True)
        keys = array("q", keys.iterator())  # 8 bytes each, however many there are
        self._log_list(request, shown, len(keys), "CSV" if is_csv else "XLSX")
        table = self._table(request, shown.list_display, keys)
        return _as_csv(self._file_name(), *table) if is_csv else _as_xlsx(self._file_name(), *table)

    def _back_to_list(self):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))

    def _file_name(self):
        return f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}"

    def _log_list(self, request, shown, count, form):
        """Logged before the first row leaves. That a search was made is told, not its words: they
        name people."""
        filters = {
            one.parameter_name: request.GET[one.parameter_name]
            for one in shown.filter_specs
            if one.parameter_name in request.GET
        }
        searched = "searched" if shown.query else ""
        told = (f"list as {form}", f"rows: {count}", urlencode(filters), searched)
        record_access(
            by=request.user,
            kind=AccessKind.EXPORT,
            address=where_from(request),
            record=self.model(),
            detail=", ".join(filter(None, told))[:LONGEST_DETAIL],
        )

    def _table(self, request, names, keys):
        """The headings, and the rows of these keys, fetched a few hundred at a time."""
        currency = ClinicSettings.objects.current().currency
        columns = [_column(self, name, currency) for name in names if name not in self.not_in_files]

        def lines():
            for start in range(0, len(keys), FETCHED_AT_ONCE):
                for record in self.rows(request, list(keys[start : start + FETCHED_AT_ONCE])):
                    yield [value_of(record) for _heading, value_of in columns]

        return [heading for heading, _value_of in columns], lines()


def _as_csv(name, headings, lines):
    answer = StreamingHttpResponse(
        csv_rows(headings, lines), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _as_xlsx(name, headings, lines):
    return FileResponse(
        xlsx_file(headings, lines),
        as_attachment=True,
        filename=f"{name}.xlsx",
        content_type=XLSX,
    )


def _column(model_admin, name, currency):
    """The heading of a column, and what a file has of a record in it."""
    heading = capfirst(str(label_for_field(name, model_admin.model, model_admin)))
    shown = _shown(model_admin, name)
    if (source := model_admin.in_files.get(name)) is None:
        return heading, lambda record: in_words(shown(record))
    read, unit = (source, "") if callable(source) else _field(model_admin, source, currency)

    def value_of(record):
        words = shown(record)
        return in_words(words) if is_struck(words) else read(record)

    return f"{heading} ({unit})" if unit else heading, value_of


def _shown(model_admin, name):
    """What a column shows of a record: by a function of the list, or a field as it is stored."""
    if shown := getattr(model_admin, name, None):
        return shown
    if model_admin.opts.get_field(name).choices:
        return lambda record: getattr(record, f"get_{name}_display")()
    return lambda record: getattr(record, name)


def _field(model_admin, name, currency):
    """How a field is read of a record, and the unit it is in."""
    field = model_admin.opts.get_field(name)
    if isinstance(field, MoneyField):
        return lambda record: rounded(getattr(record, name), currency), currency
    zone = timezone.get_current_timezone_name() if isinstance(field, DateTimeField) else ""
    return lambda record: getattr(record, name), zone


def in_words(value):
    """What a cell of a list says: without its tags, chips parted by commas. Numbers stay such."""
    if value is None or isinstance(value, int):
        return value
    if not isinstance(value, SafeString):
        return str(value)
    text = TAG.sub("", BETWEEN_CHIPS.sub(", ", value))
    return unescape(SPACES.sub(" ", text)).strip()
