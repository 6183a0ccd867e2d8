"""Lasers and modes as they were on a day, by their history in the clinic's time zone."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from consultations.summaries.devices import devices_on
from consultations.summaries.facts import session_facts
from tests.factories import LaserModeFactory, PlanFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)


@pytest.fixture
def mode(time_machine):
    """A mode and its laser, entered in January."""
    time_machine.move_to(datetime(2026, 1, 5, 12, tzinfo=UTC), tick=False)
    return LaserModeFactory()


@pytest.fixture
def change(time_machine):
    def at(moment, record, **values):
        time_machine.move_to(moment, tick=False)
        for name, value in values.items():
            setattr(record, name, value)
        record.save(by=UserFactory())

    return at


def in_service(mode, day):
    return [device.is_in_service for device in devices_on(mode, day)]


def test_device_that_never_changed_takes_no_query(mode, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert in_service(mode, DAY) == [True]


def test_before_its_history_a_device_was_as_the_first_row_says(mode, change):
    change(datetime(2026, 2, 1, 12, tzinfo=UTC), mode.laser, in_service=False)
    assert in_service(mode, date(2025, 6, 1)) == [True]


def test_what_changed_since_does_not_count(mode, change):
    change(datetime(2026, 3, 11, 12, tzinfo=UTC), mode.laser, in_service=False)
    assert [in_service(mode, DAY), in_service(mode, date(2026, 3, 12))] == [[True], [False]]


def test_what_changed_before_counts(mode, change):
    change(datetime(2026, 3, 9, 12, tzinfo=UTC), mode.laser, in_service=False)
    change(datetime(2026, 3, 11, 12, tzinfo=UTC), mode.laser, in_service=True)
    assert in_service(mode, DAY) == [False]


def test_change_of_the_day_counts_both_ways(mode, change):
    change(datetime(2026, 3, 10, 12, tzinfo=UTC), mode.laser, in_service=False)
    assert in_service(mode, DAY) == [False, True]


def test_day_is_the_clinics(mode, change, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    change(datetime(2026, 3, 10, 12, tzinfo=UTC), mode.laser, in_service=False)  # 11 March there
    assert [in_service(mode, DAY), in_service(mode, date(2026, 3, 11))] == [[True], [False, True]]


def test_mode_has_the_range_of_the_day(mode, change):
    change(datetime(2026, 3, 11, 12, tzinfo=UTC), mode, fluence_j_cm2_max=Decimal(20))
    ranges = [
        [device.envelope()["fluence_j_cm2"] for device in devices_on(mode, day)]
        for day in (DAY, date(2026, 3, 12))
    ]
    assert ranges == [[(10, 50)], [(10, 20)]]


def test_service_date_is_that_of_the_day(mode, change):
    change(datetime(2026, 3, 1, 12, tzinfo=UTC), mode.laser, service_due_on=date(2026, 3, 5))
    change(datetime(2026, 3, 20, 12, tzinfo=UTC), mode.laser, service_due_on=date(2027, 3, 5))
    [device] = devices_on(mode, DAY)
    assert device.facts().service_due_on == date(2026, 3, 5)


@pytest.mark.parametrize("moment", [datetime(2026, 3, 10, 9), datetime(2026, 3, 10, 17)])
def test_session_is_judged_by_what_speaks_for_it_that_day(mode, change, moment):
    """Whether the laser went out of service before or after the session, nobody wrote down."""
    plan = PlanFactory()
    change(moment.replace(tzinfo=UTC), mode.laser, in_service=False)
    session = SessionFactory(plan=plan, laser_mode=mode, performed_on=DAY)
    assert session_facts(session).laser.in_service is True
