"""Moving an appointment in the diary: to another time or column, refused in words."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from consultations.permissions import PRACTITIONER
from consultations.vocabulary import AppointmentStatus
from tests.factories import (
    AppointmentFactory,
    OpeningHoursFactory,
    PatientFactory,
    PlanFactory,
    RoomFactory,
    SessionFactory,
    UserFactory,
)

from .browsing import Browser

pytestmark = pytest.mark.django_db
DAY = reverse("admin:consultations_diary")
MOVE = reverse("admin:consultations_diary_move")
NEXT_MONDAY = date(2030, 7, 1)  # in summer time


@pytest.fixture
def ann():
    return UserFactory(username="ann", first_name="Ann", last_name="Ames", role=PRACTITIONER)


@pytest.fixture
def desk(reception):
    return Browser(reception)


def on(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@pytest.fixture
def booked(ann):
    return AppointmentFactory(
        starts_at=on(NEXT_MONDAY, 10),
        minutes=40,
        practitioner=ann,
        kind="review",
        patient=PatientFactory(family_name="Oka", given_name="Ada"),
    )


def moving(appointment, starts="2030-07-01T11:30", column="practitioner", key=None, **more):
    return {
        "appointment": appointment.pk,
        "version": appointment.version,
        "starts": starts,
        "column": column,
        "key": appointment.practitioner_id if key is None else key,
        "next": f"{DAY}?day=2030-07-01",
    } | more


def where(appointment):
    appointment.refresh_from_db()
    start = timezone.localtime(appointment.starts_at)
    return f"{start:%d %H:%M}", appointment.minutes, appointment.practitioner, appointment.room


def test_a_move_keeps_the_length_and_says_from_where_to_where(desk, booked, ann):
    page = desk.post(MOVE, moving(booked))
    assert page.path == f"{DAY}?day=2030-07-01"
    assert page.messages == [
        "Oka, Ada: moved from 1 Jul 2030 10:00, Ann Ames to 1 Jul 2030 11:30, Ann Ames."
    ]
    assert where(booked) == ("01 11:30", 40, ann, None)


def test_a_move_over_a_change_of_the_clock_keeps_the_length(desk, booked, ann):
    OpeningHoursFactory(weekday=6, opens_at=time(0), closes_at=time(12))
    desk.post(MOVE, moving(booked, starts="2030-03-31T00:30"))
    assert where(booked) == ("31 00:30", 40, ann, None)


def test_a_move_to_another_column_takes_what_it_is_of(desk, booked, ann):
    room = RoomFactory()
    ben = UserFactory(username="ben", role=PRACTITIONER)
    desk.post(MOVE, moving(booked, column="room", key=room.pk))
    assert where(booked) == ("01 11:30", 40, ann, room)
    desk.post(MOVE, moving(booked, key=ben.pk))
    assert where(booked) == ("01 11:30", 40, ben, room)
    desk.post(MOVE, moving(booked, key=""))
    assert where(booked) == ("01 11:30", 40, None, room)


REFUSED = [
    ({"starts": "2030-07-01T20:00"}, "Outside the hours of a Monday"),
    ({"starts": "2020-07-01T10:00"}, "This time is in the past."),
    ({"starts": "soon"}, "This is not a time."),
    ({"starts": "9999-12-31T23:59"}, "This date is out of range."),
    ({"starts": "2030-03-31T01:30"}, "The clock skips this time that day."),
    ({"column": "patient"}, "There are columns by practitioner, room and laser."),
    ({"key": "999999"}, "This column can no longer be booked."),
    ({"key": "abc"}, "This column can no longer be booked."),
    ({"version": "7"}, "Nothing was changed."),
    ({"version": ""}, "Nothing was changed."),
]


@pytest.mark.parametrize(("changes", "told"), REFUSED)
def test_what_is_in_the_way_of_a_move_is_told_and_nothing_changes(desk, booked, ann, changes, told):
    page = desk.post(MOVE, moving(booked) | changes)
    [message] = page.messages
    assert message.startswith("Oka, Ada: not moved.")
    assert told in message
    assert message.endswith("Open the appointment")
    assert where(booked) == ("01 10:00", 40, ann, None)


def test_a_taken_time_is_refused_with_who_has_it(desk, booked, ann):
    AppointmentFactory(
        starts_at=on(NEXT_MONDAY, 11),
        practitioner=ann,
        patient=PatientFactory(family_name="Long", given_name="Lou"),
    )
    [message] = desk.post(MOVE, moving(booked, starts="2030-07-01T11:00")).messages
    assert "Ann Ames is taken: Long, Lou" in message
    assert "To book anyway" not in message


def test_a_reason_to_overbook_one_time_is_none_for_another(desk, booked, ann, reception):
    booked.overbooked_reason, booked.overbooked_by = "Walk-in", reception
    booked.overbooked_at = timezone.now()
    booked.save(by=reception)
    AppointmentFactory(starts_at=on(NEXT_MONDAY, 11), practitioner=ann)
    desk.post(MOVE, moving(booked, starts="2030-07-01T11:00"))
    assert where(booked)[0] == "01 10:00"
    desk.post(MOVE, moving(booked))
    assert (where(booked)[0], booked.overbooked_reason) == ("01 11:30", "")


def test_what_is_over_is_not_moved(desk, booked, reception):
    booked.status = AppointmentStatus.DONE
    booked.save(by=reception)
    [message] = desk.post(MOVE, moving(booked)).messages
    assert "This appointment is over. Book a new one." in message


def taken():
    """What PostgreSQL says where an exclusion constraint holds a time to be taken."""
    error = IntegrityError("exclusion")
    error.__cause__ = Exception()
    error.__cause__.sqlstate = "23P01"
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (taken(), "Somebody booked this time a moment ago."),
        (ValidationError("In plain words."), "In plain words."),
    ],
)
def test_what_the_database_refuses_is_told_in_words(desk, booked, monkeypatch, error, told):
    def refuse(**given):
        raise error

    monkeypatch.setattr("consultations.actions.appointments.book", refuse)
    assert desk.post(MOVE, moving(booked)).messages == [
        f"Oka, Ada: not moved. {told} Open the appointment"
    ]


@pytest.mark.parametrize("key", ["", "abc", "999999", "9" * 40])
def test_no_appointment_of_that_number_is_not_found(desk, key):
    assert desk.post(MOVE, {"appointment": key}).status == 404


def test_nothing_is_moved_by_looking(desk):
    assert desk.open(MOVE).status == 405


def test_a_treatment_moved_too_near_the_last_session_is_told(reception, ann, time_machine):
    week_before = NEXT_MONDAY - timedelta(days=7)
    time_machine.move_to(on(week_before, 8))
    plan = PlanFactory()
    SessionFactory(plan=plan, performed_on=week_before)
    later = on(NEXT_MONDAY + timedelta(days=35), 10)
    made = AppointmentFactory(plans=[plan], practitioner=ann, starts_at=later)
    page = Browser(reception).post(MOVE, moving(made, starts="2030-07-01T10:00"))
    assert page.messages[1] == "Face: booked before the earliest safe day, 8 Jul 2030."
