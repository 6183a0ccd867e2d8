"""A laser's services: the day of the next one follows from the latest."""

from django.utils.translation import gettext as _

from consultations.models import Laser, LaserService
from consultations.models.transactions import atomic


@atomic()
def keep_services(*, laser, services, by):
    """Save services of a laser that are new or corrected, and bring its next day up to date."""
    laser = _locked(laser)
    for service in services:
        service.save(by=by)
    return _follow_services(laser, by)


@atomic()
def keep_service_day_in_step(*, laser, by):
    """Let a laser be due on the next day of its latest service that counts and names one.

    Where none does any more, it is due on the day that was typed last.
    """
    return _follow_services(_locked(laser), by)


def _locked(laser):
    return Laser.objects.select_for_update().get(pk=laser.pk)


def _follow_services(laser, by):
    latest = laser.services.with_next().first()
    due_on = latest.next_due_on if latest else _typed_last(laser)
    if due_on != laser.service_due_on:
        laser.service_due_on = due_on
        laser.save(by=by, reason=_("Follows from the service record."))
    return laser


def _typed_last(laser):
    """Return the last day in the laser's history that no service of it ever named, or None."""
    named = LaserService.history.filter(laser=laser.pk, next_due_on__isnull=False)
    rows = laser.history.exclude(service_due_on__in=named.values("next_due_on"))
    last = rows.order_by("-history_date", "-history_id").first()
    return last.service_due_on if last else None
