"""The day a laser's service is due follows its service record, in the name of whoever wrote it."""

from datetime import date

import pytest

from consultations.actions.lasers import keep_service_day_in_step, keep_services
from consultations.actions.signing import mark_in_error
from consultations.models import AnonymousWriteError, Laser, LaserService
from tests.factories import LaserFactory, LaserServiceFactory

pytestmark = pytest.mark.django_db

TYPED = date(2025, 12, 1)


@pytest.fixture
def laser():
    return LaserFactory(service_due_on=TYPED)


def serviced(laser, by, day, next_due_on=None):
    service = LaserServiceFactory.build(laser=laser, serviced_on=day, next_due_on=next_due_on)
    keep_services(laser=laser, services=[service], by=by)
    return service


def due_on(laser):
    return Laser.objects.get(pk=laser.pk).service_due_on


def test_latest_service_says_when_the_next_is_due(laser, manager):
    serviced(laser, manager, date(2025, 11, 3), date(2026, 11, 3))
    serviced(laser, manager, date(2024, 11, 3), date(2025, 11, 3))
    assert due_on(laser) == date(2026, 11, 3)
    row = laser.history.latest()
    assert (row.history_user, row.history_change_reason) == (
        manager,
        "Follows from the service record.",
    )


def test_repair_that_names_no_day_leaves_the_day(laser, manager):
    serviced(laser, manager, date(2025, 11, 3), date(2026, 11, 3))
    serviced(laser, manager, date(2026, 1, 3))
    assert due_on(laser) == date(2026, 11, 3)


def test_correction_is_followed(laser, manager):
    service = serviced(laser, manager, date(2025, 11, 3), date(2026, 11, 3))
    service.next_due_on = date(2026, 5, 3)
    keep_services(laser=laser, services=[service], by=manager)
    assert due_on(laser) == date(2026, 5, 3)


def test_without_any_service_the_day_that_was_typed_stands_again(laser, manager):
    first = serviced(laser, manager, date(2025, 11, 3), date(2026, 11, 3))
    last = serviced(laser, manager, date(2026, 1, 3), date(2027, 1, 3))
    days = []
    for service in (last, first):
        mark_in_error(record=service, by=manager, reason="Another laser.")
        days.append(due_on(laser))
    assert days == [date(2026, 11, 3), TYPED]


def test_refused_service_leaves_the_laser_as_it_is(laser, manager):
    with pytest.raises(AnonymousWriteError):
        serviced(laser, None, date(2025, 11, 3), date(2026, 11, 3))
    assert (due_on(laser), LaserService.objects.count()) == (TYPED, 0)


def test_day_typed_again_after_a_service_named_it_stands(laser, manager):
    first = laser.service_due_on
    service = serviced(laser, manager, date(2026, 6, 1), next_due_on=date(2027, 6, 1))
    service.next_due_on = None
    keep_services(laser=laser, services=[service], by=manager)
    assert due_on(laser) == first
    laser.refresh_from_db()
    laser.service_due_on = date(2027, 6, 1)
    laser.save(by=manager)
    keep_services(laser=laser, services=[], by=manager)
    assert due_on(laser) == date(2027, 6, 1)
    keep_service_day_in_step(laser=laser, by=manager)
    assert due_on(laser) == date(2027, 6, 1)
