"""What happened to one record: who, when, why, and each field before and after."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.actions.roles import sees_clinical
from consultations.actions.signing import patient_of
from consultations.admin.openings import opened
from consultations.summaries.timeline import name_of
from consultations.vocabulary import AccessKind

SHOWN_AT_MOST = 200
OF_AN_ACCOUNT = {
    "username",
    "first_name",
    "last_name",
    "email",
    "is_active",
    "is_staff",
    "is_superuser",
    "roles",
}


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    at: datetime
    subject: str
    by: str
    reason: str
    is_first: bool
    changes: list[Change]


def history(model_admin, request, object_id):
    """The latest 200 versions of a record, with the fields this person may read."""
    record = model_admin.record_or_404(request, object_id)
    if (patient := patient_of(record)) is not None:
        opened(request, AccessKind.HISTORY, patient=patient, record=record)
    versions = [
        version
        for one, names in model_admin.records_in_history(request, record)
        for version in versions_of(one, names)
    ]
    context = model_admin.page_context(request, record, _("History")) | {
        "versions": sorted(versions, key=lambda version: version.at, reverse=True),
        "sees_reasons": sees_clinical(request.user),
    }
    return TemplateResponse(request, "admin/consultations/history.html", context)


def staff_history(model_admin, request, object_id):
    """The latest 200 versions of an account, for whoever may see it."""
    user = model_admin.get_object(request, unquote(object_id))
    if user is None:
        raise Http404
    if not model_admin.has_view_permission(request, user):
        raise PermissionDenied
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("History"),
        "opts": model_admin.opts,
        "record": user,
        "record_url": reverse("admin:auth_user_change", args=[user.pk]),
        "versions": versions_of(user, OF_AN_ACCOUNT),
        "sees_reasons": True,
    }
    return TemplateResponse(request, "admin/consultations/history.html", context)


def versions_of(record, names):
    """Versions of `record`, latest first, each with the changes it brought to `names`."""
    rows = list(
        record.history.select_related("history_user").order_by("-history_date", "-history_id")[
            : SHOWN_AT_MOST + 1
        ]
    )
    fields = [field for field in record.history.model._meta.concrete_fields if field.name in names]
    people = _people_in(rows, fields)
    older = [*rows[1:], None]
    return [
        _version(str(record), row, before, fields, people)
        for row, before in zip(rows[:SHOWN_AT_MOST], older, strict=False)
    ]


def _people_in(rows, fields):
    """The names of all users that the versions point to, in one query."""
    columns = [field.attname for field in fields if field.related_model is get_user_model()]
    found = {getattr(row, column) for row in rows for column in columns} - {None}
    return {pk: name_of(user) for pk, user in get_user_model().objects.in_bulk(found).items()}


def _version(subject, row, before, fields, people):
    return Version(
        at=row.history_date,
        subject=subject,
        by=name_of(row.history_user),
        reason=row.history_change_reason or "",
        is_first=row.history_type == "+",
        changes=[
            Change(
                field=capfirst(field.verbose_name),
                before=_shown(before, field, people),
                after=_shown(row, field, people),
            )
            for field in fields
            if before is not None and getattr(row, field.attname) != getattr(before, field.attname)
        ],
    )


def _shown(row, field, people):
    value = getattr(row, field.attname)
    if value in (None, ""):
        return "–"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if value is True or value is False:
        return _("Yes") if value else _("No")
    if field.is_relation:
        return people.get(value, f"#{value}")
    return str(formats.localize(value))
