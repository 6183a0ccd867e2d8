"""Everything that was opened, written and erased, in one list: for whoever may read the audit."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.searches import redirect_posted_search
from consultations.models import AccessRecord, AuditSeal
from consultations.permissions import sees_clinical
from consultations.trust.access import record_access
from consultations.trust.audit import Asked, entries
from consultations.trust.digests import unsealed_rows
from consultations.vocabulary import AccessKind

from .asked import NARROWED_BY, AskedForm, after_in, asked_in, earlier, query, said_in
from .rows import in_words, lines, staff_by_key

MAY_READ = "consultations.view_accessrecord"
ON_A_PAGE = 50
MOST_UNSEALED = 1000  # counted no further


def audit(site, request):
    """Show one page of the list, with what it is narrowed to and how far it is sealed."""
    _require(request)
    if answer := redirect_posted_search(request, name="who", keep=NARROWED_BY):
        return answer
    staff = staff_by_key()
    form = AskedForm(said_in(request), staff)
    asked, patient, found = asked_in(form)
    # What cannot be understood is not everything.
    page = entries(asked, after=after_in(request), limit=ON_A_PAGE + 1) if form.is_valid() else []
    shown = page[:ON_A_PAGE]
    sealed = _how_far_sealed()  # before this very opening, which is the next to be shown
    _keep_opening(request, AccessKind.RECORD, asked, patient)
    context = {
        **site.each_context(request),
        "title": _("Audit"),
        "form": form,
        "patient": patient,
        "found": found,
        "looks_for_nobody": bool(form.data.get("who")) and patient is None and not found,
        "rows": in_words(shown, staff, site, sees_clinical(request.user)),
        "earlier": earlier(asked, shown[-1]) if len(page) > ON_A_PAGE else "",
        "is_first": "after" not in request.GET,
        "is_narrowed": asked != Asked() or bool(form.errors),
        "query": query(asked),
        "rest_of_query": query(replace(asked, patient=None)),
        **sealed,
    }
    return TemplateResponse(request, "admin/consultations/audit.html", context)


def _how_far_sealed():
    waiting = unsealed_rows(MOST_UNSEALED)
    return {
        "seal": AuditSeal.objects.defer("digests").order_by("-number").first(),
        "unsealed": waiting,
        "is_unsealed_capped": waiting > MOST_UNSEALED,
    }


def audit_export(site, request):
    """The whole list as it is narrowed, as a table that opens anywhere; itself an entry."""
    _require(request)
    staff = staff_by_key()
    form = AskedForm(said_in(request), staff)
    asked, patient, _found = asked_in(form)
    if form.errors:
        return audit(site, request)  # which says what is wrong
    _keep_opening(request, AccessKind.EXPORT, asked, patient)
    # What is recorded from now on would never end.
    asked = replace(asked, until=min(filter(None, (asked.until, timezone.now()))))
    table = lines(asked, staff, site, sees_clinical(request.user))
    answer = StreamingHttpResponse(table, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _require(request):
    if not request.user.has_perm(MAY_READ):
        raise PermissionDenied


def _keep_opening(request, kind, asked, patient):
    """Whoever reads the audit is in it as well, with what they asked for: a patient by number."""
    record_access(
        by=request.user,
        kind=kind,
        address=where_from(request),
        patient=patient,
        record=AccessRecord(),
        detail=f"audit {query(asked)}".strip()[:200],
    )
