"""Who has looked at one patient's record: by day and person."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.contrib.auth import get_user_model
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from consultations.summaries.timeline import name_of
from consultations.trust.audit import looked_at
from consultations.vocabulary import AccessKind

from .audit import MAY_READ
from .audit.asked import start_of


@dataclass(frozen=True)
class Day:
    day: date
    people: list = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """What one person opened on a day, from when to when."""

    name: str
    first: datetime
    last: datetime
    opened: list  # a kind in words, and how often


def looked(model_admin, request, object_id):
    """Show it to whoever may read the audit; that is an opening too, and the next to be shown."""
    patient = model_admin.record_or_404(request, object_id, MAY_READ)
    found, earlier = looked_at(patient, before=_before(request))
    context = {
        **model_admin.page_context(request, patient, _("Access log"), AccessKind.HISTORY),
        "days": _days(found),
        "earlier": earlier,
        "is_latest": "before" not in request.GET,
    }
    return TemplateResponse(request, "admin/consultations/looked.html", context)


def _before(request):
    """The start of the day that the page before ended with."""
    try:
        return start_of(parse_date(request.GET.get("before", "")))
    except ValueError:
        return None


def _days(found):
    users = get_user_model().objects.in_bulk({one.user for one in found} - {None})
    days = []
    for day, of_day in groupby(found, key=lambda one: one.day):
        people = groupby(of_day, key=lambda one: one.user)
        days.append(Day(day, [_person(users.get(user), list(rows)) for user, rows in people]))
    return days


def _person(user, rows):
    return Person(
        name=name_of(user) or _("Unknown"),
        first=min(one.first for one in rows),
        last=max(one.last for one in rows),
        opened=[(AccessKind(one.kind).label, one.count) for one in rows],
    )
