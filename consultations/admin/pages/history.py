"""What happened to one record: who, when, why, and each field before and after."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Window
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.admin.parts.forms import is_key
from consultations.models import Addendum, Consultation, Patient
from consultations.models.text import yes_or_no
from consultations.permissions import sees_clinical
from consultations.summaries.timeline import name_of
from consultations.vocabulary import AccessKind

SHOWN_AT_MOST = 200
AT_ONE_PLACE = 50  # so many more may stand in the place of the last one
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
SHOWN_OF_ADDENDA = ("text", "entered_in_error_reason")
OF_AN_ACCOUNT = {
    "username",
    "first_name",
    "last_name",
    "email",
    "is_active",
    "is_staff",
    "is_superuser",
    "roles",
    "permissions",
}


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """What one save made of a record. `at` is what the clock said; `place` is where it stands
    among the others: the latest time of it and of all that were written before it."""

    at: datetime
    place: datetime
    subject: str
    by: str
    reason: str
    is_first: bool
    changes: list[Change]

    @property
    def is_out_of_time(self):
        """Whether it was written after something that bears a later time."""
        return self.at < self.place


def history(model_admin, request, object_id):
    """The latest 200 versions of a record, or those before, with the fields this person may
    read."""
    record = model_admin.record_or_404(request, object_id)
    before = before_in(request)
    versions = [
        version
        for one, names in model_admin.records_in_history(request, record)
        for version in versions_of(one, names, before)
    ]
    if model_admin.is_signed_here and request.user.has_perm("consultations.view_addendum"):
        versions += versions_of_addenda(record, before)
    context = model_admin.page_context(request, record, _("History"), AccessKind.HISTORY) | {
        **page_of(versions),
        "sees_reasons": sees_clinical(request.user),
    }
    return TemplateResponse(request, "admin/consultations/history.html", context)


def staff_history(model_admin, request, object_id):
    """The latest 200 versions of an account, or those before, for whoever may see it."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied  # first: who may not see accounts is not told which exist
    user = model_admin.get_object(request, unquote(object_id))
    if user is None:
        raise Http404
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("History"),
        "opts": model_admin.opts,
        "record": user,
        "record_url": reverse("admin:auth_user_change", args=[user.pk]),
        "list_name": _("Staff"),
        **page_of(versions_of(user, OF_AN_ACCOUNT, before_in(request))),
        "sees_reasons": True,
    }
    return TemplateResponse(request, "admin/consultations/history.html", context)


def before_in(request):
    """The moment before which versions are asked for; any other text asks for the latest."""
    key = request.GET.get("before", "")
    try:
        return EPOCH + int(key) * MICROSECOND if is_key(key) else None
    except OverflowError:
        return None


def page_of(versions):
    """One page of versions, latest first, and the key of those before (None at the end). What
    was written in the same moment stays together."""
    versions = sorted(versions, key=lambda version: version.place, reverse=True)
    shown = versions[:SHOWN_AT_MOST]
    shown += [one for one in versions[SHOWN_AT_MOST:] if one.place == shown[-1].place]
    more = len(versions) > SHOWN_AT_MOST
    return {
        "versions": shown,
        "earlier": (shown[-1].place - EPOCH) // MICROSECOND if more else None,
    }


def _rows_before(rows, before):
    """More versions than are shown, and the one before them, in the order in which they were
    written: a clock that was wrong, or a time that was forged, does not change it."""
    rows = rows.annotate(place=Window(Max("history_date"), order_by="history_id"))
    if before is not None:
        rows = rows.filter(place__lt=before)
    latest = rows.select_related("history_user").order_by("-place", "-history_id")
    return list(latest[: SHOWN_AT_MOST + AT_ONE_PLACE + 1])


def versions_of(record, names, before=None):
    """Versions of `record`, latest first, each with the changes it brought to `names`."""
    rows = _rows_before(record.history, before)
    fields = [field for field in record.history.model._meta.concrete_fields if field.name in names]
    names = _names_in(rows, fields)
    older = [*rows[1:], None]
    return [
        _version(str(record), row, former, fields, names)
        for row, former in zip(rows[: SHOWN_AT_MOST + AT_ONE_PLACE], older, strict=False)
    ]


def versions_of_addenda(record, before=None):
    """Versions of all addenda to `record`, in one query. None is ever edited: what it says stands
    in its first version."""
    of = "consultation" if isinstance(record, Consultation) else "session"
    rows = _rows_before(Addendum.history.filter(**{of: record.pk}), before)
    fields = [Addendum.history.model._meta.get_field(name) for name in SHOWN_OF_ADDENDA]
    former, versions = {}, []
    for row in reversed(rows):
        blank = Addendum.history.model() if row.history_type == "+" else None
        subject = str(Addendum(**{of: record}))
        versions.append(_version(subject, row, former.get(row.id, blank), fields, {}))
        former[row.id] = row
    return versions


def _names_in(rows, fields):
    """The names of all staff and patients that the versions point to, by model and key."""
    return {
        (model, pk): name(one)
        for model, name in ((get_user_model(), name_of), (Patient, str))
        for pk, one in model.objects.in_bulk(_keys_of(model, rows, fields)).items()
    }


def _keys_of(model, rows, fields):
    columns = [field.attname for field in fields if field.related_model is model]
    return {getattr(row, column) for row in rows for column in columns} - {None}


def _version(subject, row, before, fields, names):
    return Version(
        at=row.history_date,
        place=row.place,
        subject=subject,
        by=name_of(row.history_user),
        reason=row.history_change_reason or "",
        is_first=row.history_type == "+",
        changes=[
            Change(
                field=capfirst(field.verbose_name),
                before=_shown(before, field, names),
                after=_shown(row, field, names),
            )
            for field in fields
            if before is not None and getattr(row, field.attname) != getattr(before, field.attname)
        ],
    )


def _shown(row, field, names):
    value = getattr(row, field.attname)
    if value in (None, ""):
        return "–"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if value is True or value is False:
        return yes_or_no(value)
    if field.is_relation:
        return names.get((field.related_model, value), f"#{value}")
    return str(formats.localize(value))
