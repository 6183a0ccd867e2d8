"""What happened to one record: who, when, why, and each field before and after."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.actions.signing import patient_of

SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    at: datetime
    by: str
    reason: str
    is_first: bool
    changes: list[Change]


def history(model_admin, request, object_id):
    """The latest 200 versions of a record, with the fields this person may read."""
    record = model_admin.get_object(request, unquote(object_id))
    if record is None:
        raise Http404
    if not model_admin.has_view_permission(request, record):
        raise PermissionDenied
    names = model_admin.fields_in_history(request)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("History"),
        "opts": model_admin.model._meta,
        "record": record,
        "record_url": model_admin.url_of(record),
        "patient": patient_of(record),
        "versions": versions_of(record, names),
        "shown_at_most": SHOWN_AT_MOST,
    }
    return TemplateResponse(request, "admin/consultations/history.html", context)


def versions_of(record, names):
    """Versions of `record`, latest first, each with the changes it brought to `names`."""
    rows = list(
        record.history.select_related("history_user").order_by("-history_date", "-history_id")[
            : SHOWN_AT_MOST + 1
        ]
    )
    older = [*rows[1:], None]
    return [_version(row, before, names) for row, before in zip(rows, older, strict=True)][
        :SHOWN_AT_MOST
    ]


def _version(row, before, names):
    return Version(
        at=row.history_date,
        by=row.history_user.get_full_name() or row.history_user.get_username(),
        reason=row.history_change_reason or "",
        is_first=row.history_type == "+",
        changes=_changes(row, before, names) if before is not None else [],
    )


def _changes(row, before, names):
    return [
        Change(
            field=capfirst(field.verbose_name),
            before=_shown(before, field),
            after=_shown(row, field),
        )
        for field in row._meta.concrete_fields
        if field.name in names and getattr(row, field.attname) != getattr(before, field.attname)
    ]


def _shown(row, field):
    value = getattr(row, field.attname)
    if value in (None, ""):
        return "–"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if value is True or value is False:
        return _("Yes") if value else _("No")
    if field.is_relation:
        return f"#{value}"
    return str(formats.localize(value))
