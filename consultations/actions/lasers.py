"""A laser's services: the day of the next one follows from the latest."""

from consultations.models import Laser
from consultations.models.transactions import atomic

# The reason in the laser's history, by which its day is known not to have been typed.
FOLLOWS = "Follows from the service record."


@atomic()
def keep_services(*, laser, services, by):
    """Save services of a laser that are new or corrected, and bring its next day up to date."""
    if not services:
        return laser
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
        laser.save(by=by, reason=FOLLOWS)
    return laser


def _typed_last(laser):
    """Return the day that somebody typed last, or None: not one that followed from a service, or
    was kept from one when something else was changed."""
    followed, typed_last = None, None
    for row in laser.history.order_by("history_date", "history_id"):
        if row.history_change_reason == FOLLOWS:
            followed = row.service_due_on
        elif row.service_due_on != followed:
            followed, typed_last = None, row.service_due_on
    return typed_last
