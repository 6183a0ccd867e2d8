"""The next free times, read from the clinic's hours, staff, rooms, lasers and appointments."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from consultations.models import TreatmentPlan
from consultations.summaries.free_slots import (
    Wanted,
    course_of_slots,
    first_day,
    free_slots,
    practitioners,
    step_of,
)
from consultations.vocabulary import Area, LaserType
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    AssessmentFactory,
    AuthorisedUserFactory,
    ClinicSettingsFactory,
    ClosedDayFactory,
    LaserModeFactory,
    OpeningHoursFactory,
    PlanFactory,
    RoomFactory,
    SessionFactory,
    UserFactory,
)
from tests.factories.appointment import at

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday_at_seven():
    with time_machine.travel(datetime(2026, 6, 1, 6, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def ada():
    return UserFactory(username="ada", last_name="A", role="Clinician")


@pytest.fixture
def mode():
    return LaserModeFactory()


@pytest.fixture
def plan(mode):
    """The face of somebody, due today."""
    plan = PlanFactory(laser_type=mode.laser_type, interval_days=28)
    TreatmentPlan.objects.filter(pk=plan.pk).update(next_due_on=timezone.localdate())
    return read(plan)


def read(plan):
    return TreatmentPlan.objects.with_patient().get(pk=plan.pk)


def treatment(plan, **others):
    return Wanted(kind="treatment", patient=plan.patient, plans=(plan,), **others)


def first(wanted, **others):
    """The first offer in words, with whom, where and with what."""
    found = free_slots(wanted, **others)
    if not found:
        return None
    slot = found[0]
    return (
        f"{timezone.localtime(slot.starts_at):%a %d %H:%M}",
        *(slot.practitioner, slot.room, slot.laser),
    )


def test_six_times_over_three_days_are_offered(ada, mode, plan):
    found = free_slots(treatment(plan))
    assert [f"{timezone.localtime(one.starts_at):%a %H:%M}" for one in found] == [
        *("Mon 09:00", "Mon 13:00", "Tue 09:00", "Tue 13:00", "Wed 09:00", "Wed 13:00"),
    ]
    assert {(one.practitioner, one.room, one.laser) for one in found} == {(ada, None, mode.laser)}
    assert {one.ends_at - one.starts_at for one in found} == {timedelta(minutes=25)}


def test_a_room_is_given_where_the_clinic_has_any_in_use(ada, mode, plan):
    RoomFactory(name="A", in_use=False)
    room = RoomFactory(name="B")
    AppointmentFactory(room=room, starts_at=at(9), minutes=60)
    assert first(treatment(plan)) == ("Mon 01 10:00", ada, room, mode.laser)


@pytest.mark.parametrize("busy", ["practitioner", "laser", "patient"])
def test_what_is_booked_is_not_free(ada, mode, plan, busy):
    who = {"practitioner": ada, "laser": mode.laser, "patient": plan.patient}
    AppointmentFactory(starts_at=at(8, 30), minutes=60, **{busy: who[busy]})
    assert first(treatment(plan)) == ("Mon 01 09:30", ada, None, mode.laser)


def test_what_was_cancelled_or_gives_up_its_time_is_free(ada, mode, plan):
    AppointmentFactory(cancelled=True, starts_at=at(9), practitioner=ada)
    moving = AppointmentFactory(plans=[plan], starts_at=at(9), practitioner=ada)
    assert first(treatment(plan, moving=moving)) == ("Mon 01 09:00", ada, None, mode.laser)


def test_hours_grid_and_closed_days_of_the_clinic(ada, mode, plan):
    ClinicSettingsFactory(grid_minutes=20)
    OpeningHoursFactory(weekday=0, opens_at=time(12, 10), closes_at=time(13))
    ClosedDayFactory(day=timezone.localdate())
    assert first(treatment(plan)) == ("Mon 08 12:20", ada, None, mode.laser)


def test_who_is_away_is_not_offered(ada, mode, plan):
    AbsenceFactory(user=ada, starts_at=at(0), ends_at=at(12))
    assert first(treatment(plan)) == ("Mon 01 12:00", ada, None, mode.laser)


def test_only_lasers_in_service_with_a_mode_of_the_type_will_do(ada, plan, mode):
    mode.laser.in_service = False
    mode.laser.save(by=ada)
    LaserModeFactory(laser_type=another_type(mode))
    # Without one, a time is still found.
    assert first(treatment(plan)) == ("Mon 01 09:00", ada, None, None)
    right = LaserModeFactory(laser_type=mode.laser_type)
    assert first(treatment(plan)) == ("Mon 01 09:00", ada, None, right.laser)


def another_type(mode):
    return next(one for one in LaserType if one != mode.laser_type)


def test_a_laser_with_a_list_is_for_those_on_it_on_that_day(ada, mode, plan):
    on_the_list = UserFactory(last_name="Z", role="Practitioner")
    AuthorisedUserFactory(laser=mode.laser, user=ada, authorised_until="2026-05-31")
    AuthorisedUserFactory(laser=mode.laser, user=on_the_list)
    assert first(treatment(plan)) == ("Mon 01 09:00", on_the_list, None, mode.laser)


def test_a_review_needs_no_laser(ada, plan):
    wanted = Wanted(kind="review", patient=plan.patient, plans=(plan,))
    assert first(wanted) == ("Mon 01 09:00", ada, None, None)


def test_only_what_was_chosen_will_do(ada, mode, plan):
    ben, room = UserFactory(last_name="B", role="Practitioner"), RoomFactory(name="B")
    RoomFactory(name="A")
    wanted = treatment(plan, practitioner=ben, room=room, minutes=90)
    assert first(wanted) == ("Mon 01 09:00", ben, room, mode.laser)


def test_who_may_hold_which_kind(ada, reception, manager, admin):
    treats = UserFactory(last_name="B", role="Practitioner")
    UserFactory(last_name="C", role="Practitioner", is_active=False)
    assert practitioners("treatment") == (ada, treats)
    assert practitioners("consultation") == (ada,)


def test_whoever_knows_the_course_comes_first(ada, mode, plan):
    booked_with, treated = (UserFactory(last_name=one, role="Practitioner") for one in "YZ")
    AppointmentFactory(plans=[plan], practitioner=booked_with, starts_at=at(9, days=-1))
    assert practitioners("treatment", [plan]) == (booked_with, ada, treated)
    SessionFactory(plan=plan, laser_mode=mode, operator=treated)
    assert practitioners("treatment", [plan]) == (treated, ada, booked_with)


def test_nothing_is_offered_before_the_skin_is_safe(mode, plan):
    done = SessionFactory(plan=plan, laser_mode=mode, performed_on=timezone.localdate() - DAY)
    safe = first_day(treatment(read(plan)), day=timezone.localdate())
    assert safe == done.performed_on + 14 * DAY
    review = Wanted(kind="review", patient=plan.patient, plans=(plan,))
    assert first_day(review, day=timezone.localdate()) == timezone.localdate()


def test_what_is_due_later_is_offered_then_and_what_was_due_from_today(plan):
    plan.next_due_on = timezone.localdate() + 9 * DAY
    assert first_day(treatment(plan)) == plan.next_due_on
    plan.next_due_on = timezone.localdate() - 9 * DAY
    assert first_day(treatment(plan)) == timezone.localdate()


def test_what_is_booked_already_comes_before(plan):
    AppointmentFactory(plans=[plan], starts_at=at(10, days=3))
    assert first_day(treatment(plan)) == timezone.localdate() + (3 + 28) * DAY


def test_it_looks_half_a_year_ahead_and_no_further(ada, mode, plan):
    AbsenceFactory(user=ada, starts_at=at(0), ends_at=at(0, days=70))
    assert first(treatment(plan)) == ("Mon 10 09:00", ada, None, mode.laser)
    AbsenceFactory(user=ada, starts_at=at(0), ends_at=at(0, days=190))
    assert first(treatment(plan)) is None


def test_several_courses_are_at_the_longest_interval(mode, plan):
    neck = PlanFactory(
        assessment=AssessmentFactory(area=Area.NECK),
        laser_type=mode.laser_type,
        interval_days=42,
    )
    assert (step_of([plan]), step_of([plan, neck]), step_of([])) == (28, 42, 1)
    plan.interval_days = 1
    assert step_of([plan]) == 14


def test_the_rest_of_a_course(ada, mode, plan):
    found = course_of_slots(treatment(plan), count=4)
    assert [one.day - timezone.localdate() for one in found] == [
        0 * DAY,
        28 * DAY,
        56 * DAY,
        84 * DAY,
    ]
    assert {(one.practitioner, one.laser) for one in found} == {(ada, mode.laser)}


def test_the_rest_of_a_course_from_a_day_on_at_a_time_of_day(ada, mode, plan):
    day = timezone.localdate() + DAY
    found = course_of_slots(treatment(plan), count=2, day=day, time=time(14))
    assert [one.starts_at for one in found] == [at(14, days=1), at(14, days=29)]


def test_a_course_with_nobody_to_treat(plan):
    assert course_of_slots(treatment(plan), count=2) == []


def test_a_search_costs_the_same_whatever_is_booked(
    ada, mode, plan, django_assert_max_num_queries, django_assert_num_queries
):
    RoomFactory()
    with django_assert_max_num_queries(15) as few:
        free_slots(treatment(plan))
    for days in range(20):
        AppointmentFactory(practitioner=ada, starts_at=at(9, days=days))
        AbsenceFactory(user=ada, starts_at=at(15, days=days), ends_at=at(16, days=days))
        ClosedDayFactory()
    with django_assert_num_queries(len(few)):
        free_slots(treatment(plan))
