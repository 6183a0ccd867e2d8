"""Twenty who want one time at the same moment: one gets it, the others are told who did."""

import pytest

from consultations.actions.booking import book
from consultations.models import Appointment
from tests.factories import (
    AppointmentFactory,
    LaserFactory,
    PatientFactory,
    RoomFactory,
    UserFactory,
    at,
)

from .test_races import at_once, refused

pytestmark = pytest.mark.django_db(transaction=True)

RACING = 20


@pytest.fixture(autouse=True)
def _a_working_day(time_machine):
    time_machine.move_to("2026-03-02T08:00:00+00:00", tick=False)


@pytest.mark.parametrize("what", ["practitioner", "room", "laser", "patient"])
def test_twenty_at_once_for_one_slot(what):
    things = {"practitioner": UserFactory, "room": RoomFactory, "laser": LaserFactory}
    by, patient = UserFactory(), PatientFactory()
    shared = {what: things[what]()} if what in things else {}

    def attempt(number):
        own = patient if what == "patient" else PatientFactory()
        start = at(10, number % 2 * 15)  # half of them a quarter later: they overlap
        appointment = AppointmentFactory.build(
            patient=own, kind="review", starts_at=start, **shared
        )
        return lambda: book(appointment=appointment, by=by)

    results = at_once(*(attempt(number) for number in range(RACING)))
    assert (refused(results), Appointment.objects.count()) == (RACING - 1, 1)
    told = [str(one) for one in results if isinstance(one, Exception)]
    words = "is booked already" if what == "patient" else "is taken"
    assert [one for one in told if words not in one] == []


def test_those_who_share_in_different_orders_do_not_wait_for_each_other():
    by = UserFactory()
    staff, rooms = UserFactory.create_batch(3), RoomFactory.create_batch(3)

    def attempt(number):
        appointment = AppointmentFactory.build(
            patient=PatientFactory(),
            kind="review",
            starts_at=at(10),
            practitioner=staff[number % 3],
            room=rooms[number // 3 % 3],
        )
        return lambda: book(appointment=appointment, by=by)

    at_once(*(attempt(number) for number in range(RACING)))
    kept = Appointment.objects.values_list("practitioner", "room")
    assert len({who for who, _room in kept}) == len({room for _who, room in kept}) == len(kept)
    assert kept
