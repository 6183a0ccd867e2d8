"""The treatment register of a laser, a month at a time: on screen, on paper, and as a table."""

import csv
import re
from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.displays import admin_url
from consultations.documents.treatment_register import (
    heads,
    in_words,
    issue_register,
    may_issue_register,
    register_draft,
    totals,
)
from consultations.models import StaleRecordError
from consultations.models.days import EARLIEST_BIRTH
from consultations.rules.calendar import months_after
from consultations.summaries.treatment_register import register_of
from consultations.trust.access import record_access
from consultations.trust.cells import cell
from consultations.vocabulary import AccessKind

from .documents import file_url, seen_in

MAY_READ = (
    "consultations.view_clinical",
    "consultations.view_treatmentsession",
    "consultations.view_adverseevent",
)


def may_read_register(user):
    return user.has_perms(MAY_READ)


def treatment_register(model_admin, request, object_id):
    """Show one month, and what was issued of it; a month that was posted has its own address."""
    laser = _laser(model_admin, request, object_id)
    if request.method == "POST":
        month = month_of(request.POST.get("month", ""))
        if "_issue" in request.POST:
            _issue(model_admin, request, laser, month)
        return HttpResponseRedirect(f"{request.path}?month={month:%Y-%m}")
    month = month_of(request.GET.get("month", ""))
    register = register_of(laser, month)
    _log(request, AccessKind.DOCUMENT, register)
    names, this_month = heads(), month_of("")
    context = model_admin.page_context(request, laser, _("Treatment register")) | {
        "register": register,
        "rows": [(zip(names, in_words(line), strict=True), line) for line in register.lines],
        "heads": names,
        "totals": totals(register),
        "month_in_words": formats.date_format(month, "F Y"),
        "this_month": this_month,
        "before": months_after(month, -1) if month > EARLIEST_BIRTH else None,
        "after": months_after(month, 1) if month < this_month else None,
        "draft": may_issue_register(request.user) and register_draft(register, request.user),
        "token": uuid4(),
        "documents": _issued(laser, month, request.user),
        "may_withdraw": request.user.has_perm("consultations.enter_in_error"),
        "pdf_url": admin_url("laser", "register_pdf", laser.pk, month=f"{month:%Y-%m}"),
        "export_url": admin_url("laser", "register_export", laser.pk, month=f"{month:%Y-%m}"),
    }
    return TemplateResponse(request, "admin/consultations/treatment_register.html", context)


def _issue(model_admin, request, laser, month):
    """Issue what was looked at, or say why not."""
    if not may_issue_register(request.user):
        raise PermissionDenied
    try:
        made = issue_register(laser, month, request.user, **seen_in(request))
    except (ValidationError, StaleRecordError) as error:
        words = " ".join(getattr(error, "messages", [str(error)]))
        model_admin.message_user(request, words, messages.ERROR)
        return
    words = _("Issued: %(document)s.") % {"document": made}
    link = format_html('<a class="step" href="{}">{}</a>', file_url(made), _("Open"))
    model_admin.message_user(request, format_html("{} {}", words, link), messages.SUCCESS)


def _issued(laser, month, user):
    """What was issued of a month, latest first, for those who may know."""
    if not user.has_perm("consultations.view_issueddocument"):
        return ()
    return laser.documents.filter(month=month).latest_first().select_related("created_by")


def treatment_register_export(model_admin, request, object_id):
    """The same month as a table that opens anywhere; it is logged who took it."""
    laser = _laser(model_admin, request, object_id)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    register = register_of(laser, month_of(request.GET.get("month", "")))
    _log(request, AccessKind.EXPORT, register)
    name = f"treatment-register-{laser.pk}-{register.month:%Y-%m}.csv"
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    writer.writerow([_("Laser"), _("Serial number"), *heads()])
    for line in register.lines:
        _day, *others = in_words(line)
        cells = (laser.name, laser.serial_number, line.session.day.isoformat(), *others)
        writer.writerow([cell(value) for value in cells])
    return answer


def treatment_register_pdf(model_admin, request, object_id):
    """The same month on paper, to be looked at: made now, logged, and kept nowhere."""
    laser = _laser(model_admin, request, object_id)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    register = register_of(laser, month_of(request.GET.get("month", "")))
    try:
        content = register_draft(register, request.user).pdf()
    except ValidationError as error:
        model_admin.message_user(request, " ".join(error.messages), messages.ERROR)
        url = admin_url("laser", "register", laser.pk, month=f"{register.month:%Y-%m}")
        return HttpResponseRedirect(url)
    _log(request, AccessKind.DOCUMENT, register)
    name = f"treatment-register-{laser.pk}-{register.month:%Y-%m}.pdf"
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _laser(model_admin, request, object_id):
    if not may_read_register(request.user):
        raise PermissionDenied
    return model_admin.record_or_404(request, object_id)


def _log(request, kind, register):
    """Whose sessions it holds is told by the laser and the month."""
    record_access(
        by=request.user,
        kind=kind,
        address=where_from(request),
        record=register.laser,
        detail=f"treatment register {register.month:%Y-%m}",
    )


def month_of(text):
    """Return the first day of a month written as 2026-03; of this month for any other text, and
    for a month to come."""
    this_month = timezone.localdate().replace(day=1)
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        return this_month
    if not f"{EARLIEST_BIRTH:%Y-%m}" <= text <= f"{this_month:%Y-%m}":
        return this_month
    return date.fromisoformat(f"{text}-01")
