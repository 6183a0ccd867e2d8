"""The figures of the clinic: a page for the manager, and each of its tables as a file."""

import csv

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.figure_filters import MAY_READ
from consultations.models.days import EARLIEST_BIRTH
from consultations.summaries.clinic_figures import clinic_figures
from consultations.summaries.clinic_figures.numbers import FEW
from consultations.trust.access import record_access
from consultations.trust.cells import cell
from consultations.vocabulary import AccessKind

from .asked import choices, days_form, in_words, query_of
from .tables import Tables


def figures(site, request):
    """Show all figures of the days asked for, beside those of the days before."""
    if refusal := _refusal(request):
        return refusal
    form = days_form(request)
    context = {
        **site.each_context(request),
        "title": _("Figures"),
        "form": form,
        "few": FEW,
    }
    if form.is_valid():
        span, today = form.span, timezone.localdate()
        found = clinic_figures(span)
        context |= {
            "groups": Tables(found, request.user).groups(),
            "counted_at": found.counted_at,
            "days": in_words(span),
            "days_before": in_words(span.before),
            "query": query_of(span),
            "earlier": query_of(span.before) if span.before.first >= EARLIEST_BIRTH else "",
            "later": query_of(span.after) if span.after.first <= today else "",
            "is_to_come": span.first > today,
            "is_not_over": span.last >= today,
        }
    shown = form.span if form.is_valid() else None
    context["choices"] = choices(shown, timezone.localdate())
    return TemplateResponse(request, "admin/consultations/figures/page.html", context)


def figures_export(site, request):
    """One table as a file that opens anywhere; it is logged who took it."""
    if refusal := _refusal(request):
        return refusal
    form = days_form(request)
    if not form.is_valid():
        return figures(site, request)  # which says what is wrong
    span = form.span
    groups = Tables(clinic_figures(span), request.user).groups()
    tables = {table.key: table for group in groups for table in group.tables}
    table = tables.get(request.GET.get("table"))
    if table is None:
        raise Http404
    record_access(
        by=request.user,
        kind=AccessKind.EXPORT,
        address=where_from(request),
        detail=f"figures {table.key} {span.first}..{span.last}",
    )
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"figures-{table.key}-{span.first}-{span.last}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(answer).writerows(_lines(table, span))
    return answer


def _lines(table, span):
    """The heads and rows of a table. Names are made safe for spreadsheets, numbers stay as they
    are; beside a mean stands of how many it is."""
    days = [f"{one.first}..{one.last}" for one in (span, span.before)]
    heads = [f"{column}, {one}" for column in table.columns for one in days]
    yield [cell(table.title), *_beside(table.rows[0], heads, [f"{head}, n" for head in heads])]
    for row in table.rows:
        plain, behind = [one.plain for one in row.cells], [one.behind for one in row.cells]
        yield [cell(row.label), *_beside(row, plain, behind)]


def _beside(row, values, behind):
    """The values of a row, and beside each mean what is behind it."""
    for one, value, number in zip(row.cells, values, behind, strict=True):
        yield value
        if one.behind is not None:
            yield number


def _refusal(request):
    """Raise PermissionDenied; or return the answer to whoever may, and sends a form."""
    if not request.user.has_perm(MAY_READ):
        raise PermissionDenied
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return None
