"""The list of a kind of record."""

from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from consultations.admin.pages.lists_out import ListsOut
from consultations.admin.parts.changelist import RecordChangeList, few_by_key
from consultations.admin.parts.displays import whose
from consultations.models import patient_of
from consultations.models.search import found_at

# What is read of the patient for the column `who`.
SHOWN_OF_PATIENT = ("family_name", "given_name", "record_number")


class RecordLists(ListsOut):
    """Rows are fetched by key, and searched by their patient."""

    # The columns that a list reads; all, where a kind of record names none. A column that is shown
    # and not named here costs a query a row, which a test of the number of queries finds.
    list_reads = ()

    @admin.display(description=_("patient"))
    def who(self, record):
        patient = patient_of(record)
        return whose(patient) if patient is not None else ""

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    def changelist_view(self, request, extra_context=None):
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def rows(self, request, keys):
        """The records of one page in the order of `keys`, with what their columns show."""
        records = self.model._default_manager.with_patient()
        if self.list_select_related:
            records = records.select_related(*self.list_select_related)
        if self.list_reads:
            paths = self.model.paths_to_patient()
            whose = (f"{path}__{name}" for path in paths for name in SHOWN_OF_PATIENT)
            records = records.only(*self.list_reads, *whose)
        found = records.in_bulk(keys)
        rows = [found[key] for key in keys if key in found]
        self.add_columns(request, rows)
        return rows

    def add_columns(self, request, rows):
        """Fetch what columns show beyond the rows themselves, grouped."""

    def get_search_results(self, request, queryset, search_term):
        """Records are looked up by their patient; what has none is searched as Django does."""
        paths = self.model.paths_to_patient()
        if not paths:
            return super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return queryset, False
        condition, few = found_at(paths, search_term)
        found = queryset.filter(condition)
        return few_by_key(found) if few else found, False

    def lookup_allowed(self, lookup, value, request):
        """Only the filters on the page: no other column can be asked through the address."""
        return lookup in {one.parameter_name for one in self.get_list_filter(request)}
