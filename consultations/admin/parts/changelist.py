"""Lists that stay quick at any size: a page is its keys, read off an index, then those rows."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import Paginator
from django.utils.functional import cached_property

from consultations.models.imports import ImportBatch, of_undone_imports
from consultations.models.search import FOUND_AT_MOST

from .searches import SearchedChangeList

LAST_PAGE = 20_000
# What comes in with imports. Undone patients leave their list by themselves.
IMPORTED = {
    *("appointment", "areaassessment", "consultation", "laser", "lasermode", "photo"),
    *("treatmentplan", "treatmentsession"),
}
# What is searched or filtered is counted no further: every row is asked whether it is meant.
NARROWED_AT_MOST = 1000


class CappedPaginator(Paginator):
    """Counts no further than the cap: nobody leafs through more, and counting reads every row."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[: FOUND_AT_MOST + 1].count()


class RecordChangeList(SearchedChangeList):
    """Fetches the keys of one page and one more, then the rows with all they show in a fixed
    number of queries. What an import brought in that was undone is not listed."""

    def get_queryset(self, request, exclude_parameters=None):
        found = super().get_queryset(request, exclude_parameters)
        # Hardly any clinic undoes an import: others read their lists off an index.
        if self.model._meta.model_name in IMPORTED and ImportBatch.objects.undone().exists():
            found = found.exclude(of_undone_imports(self.model))
        return found

    def get_results(self, request):
        size = self.list_per_page
        if not 1 <= self.page_num <= LAST_PAGE:
            raise IncorrectLookupParameters
        start = (self.page_num - 1) * size
        keys = list(self.queryset.values_list("pk", flat=True)[start : start + size + 1])
        if not keys and start:
            raise IncorrectLookupParameters
        self.is_narrowed = bool(self.query or self.has_active_filters)
        most = NARROWED_AT_MOST if self.is_narrowed else FOUND_AT_MOST
        known = self._known(start, len(keys), size, most)
        self.is_capped = known > most
        self.first, self.last = start + 1, start + min(len(keys), size)
        self.result_count = known
        # Equal to the count where nothing was searched: then no "show all" is offered.
        self.full_result_count = None if self.query else known
        self.show_full_result_count = False
        self.show_admin_actions = bool(self.model_admin.get_actions(request))
        self.result_list = self.model_admin.rows(request, keys[:size])
        self.can_show_all = self.show_all = False
        self.multi_page = known > size
        self.has_next = len(keys) > size
        self.paginator = Paginator(range(known), size)

    def _known(self, start, fetched, size, most):
        """How many rows there are, counted as far as `most` and one more, never fewer than the next
        page needs."""
        if fetched <= size:
            return start + fetched
        counted = self.queryset.order_by()[: most + 1].count()
        return max(counted, start + fetched)


def few_by_key(queryset, most=None):
    """The same rows; where they are few, by their keys, so that no database walks the whole
    ordering in search of them."""
    most = most or FOUND_AT_MOST
    keys = list(queryset.order_by().values_list("pk", flat=True)[: most + 1])
    if len(keys) > most:
        return queryset
    ordered = queryset.model._default_manager.order_by(*queryset.query.order_by)
    ordered.query.select_related = queryset.query.select_related
    return ordered.filter(pk__in=set(keys))
