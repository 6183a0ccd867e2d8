"""Appointments that cannot stay where they are, because somebody is away or the clinic closed: each
with other times, moved together."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from consultations.actions.booking import plans_of
from consultations.admin.pages.diary.moving import try_to_move
from consultations.admin.pages.quick_actions import at_version
from consultations.admin.parts.appointments import MAY_CHANGE
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.forms import is_key
from consultations.models import Appointment
from consultations.summaries.appointments import with_courses
from consultations.summaries.free_slots import other_times

from .offers import Offer, offer_of, read_offer, resources_of

MOST = 10  # on one page: each is searched for
TIMES = 3


@dataclass(frozen=True)
class ToMove:
    """`same` is its own time with somebody else, if somebody is free."""

    appointment: Appointment
    same: Offer | None
    others: tuple[Offer, ...]


def to_move(model_admin, request):
    """Show the appointments that stand in an absence or on a closed day, the next ones first, or
    the one asked for; or move those that a time was chosen for."""
    if not request.user.has_perm(MAY_CHANGE):
        raise PermissionDenied
    if request.method == "POST":
        for appointment in _those_posted(request):
            _move(request, appointment)
        return HttpResponseRedirect(request.path)
    key = request.GET.get("appointment", "")
    found = list(_rows(Appointment.objects.to_move(), key)[: MOST + 1])
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("To move"),
        "opts": model_admin.opts,
        "found": _offered(found[:MOST]),
        "is_one": bool(key),
        "is_cut": len(found) > MOST,
        "list_url": f"{admin_url('appointment', 'changelist')}?state=to_move",
    }
    return TemplateResponse(request, "admin/consultations/to_move.html", context)


def _rows(appointments, key=""):
    if key:
        appointments = appointments.filter(pk=key if is_key(key) else None)
    found = appointments.select_related("patient", "practitioner", "room", "laser")
    return found.order_by("starts_at", "pk")


def _offered(appointments):
    """Each with its own times: nothing is offered twice."""
    found, slots = [], []
    for appointment in with_courses(appointments):
        plans = plans_of(appointment)
        same, others = other_times(appointment, plans, count=TIMES, without=slots)
        slots += [one for one in (same, *others) if one]
        found.append(
            ToMove(
                appointment=appointment,
                same=offer_of(same) if same else None,
                others=tuple(map(offer_of, others)),
            )
        )
    return found


def _those_posted(request):
    keys = [key for key in request.POST.getlist("appointment")[:MOST] if is_key(key)]
    return _rows(Appointment.objects.filter(pk__in=keys))


def _move(request, appointment):
    read = read_offer(request.POST.get(f"to-{appointment.pk}", ""))
    if read is None:
        return  # left for now
    moment, keys = read
    at_version(appointment, request.POST.get(f"version-{appointment.pk}", ""))

    def target():
        # What is not needed for the search stays as it is.
        return moment, {name: one for name, one in resources_of(keys).items() if one is not None}

    try_to_move(request, appointment, target)
