"""Whose records are past retention: looked through, then erased one by one."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.forms import is_key
from consultations.trust.retention import due_for_erasure as due_records
from consultations.trust.retention import retention_years


def due_for_erasure(model_admin, request):
    """A page of records past retention, oldest record first; for those who may erase."""
    if not request.user.has_perm("consultations.erase_patient"):
        raise PermissionDenied
    after = request.GET.get("after", "")
    after = int(after) if is_key(after) else 0
    due, go_on = due_records(after=after)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Records past retention"),
        "years": retention_years(),
        "rows": [(one, admin_url("patient", "erase", one.patient.pk)) for one in due],
        "after": after,
        "go_on": go_on,
    }
    return TemplateResponse(request, "admin/consultations/due_for_erasure.html", context)
