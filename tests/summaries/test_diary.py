"""The diary's days and weeks: who stands in which column, and when there is no column for it."""

from datetime import date, time

import pytest

from consultations.models import OpeningHours
from consultations.permissions import PRACTITIONER
from consultations.summaries.diary import day_of, practitioners, week_of
from consultations.vocabulary import Area
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    AssessmentFactory,
    ClosedDayFactory,
    LaserFactory,
    OpeningHoursFactory,
    PlanFactory,
    RoomFactory,
    UserFactory,
)
from tests.factories.appointment import at

pytestmark = pytest.mark.django_db
TODAY = at(0).date


@pytest.fixture
def ann():
    return UserFactory(username="ann", last_name="Ames", role=PRACTITIONER)


def columns(diary):
    return [(column.key, column.name) for column in diary.columns]


def test_whoever_may_sign_a_session_can_be_booked(ann, reception, manager):
    UserFactory(username="gone", role=PRACTITIONER, is_active=False)
    assert list(practitioners()) == [ann]


def test_an_empty_day_has_a_column_for_each_who_can_be_booked(ann):
    diary = day_of(TODAY(), "practitioner")
    assert (columns(diary), diary.entries) == ([(ann.pk, "Ames")], ())


def test_who_is_booked_has_a_column_after_those_who_can_be_and_what_has_nobody_the_last(
    ann, reception
):
    AppointmentFactory(starts_at=at(10), practitioner=reception)
    AppointmentFactory(starts_at=at(11))
    assert columns(day_of(TODAY(), "practitioner")) == [
        (ann.pk, "Ames"),
        (reception.pk, "reception"),
        (None, ""),
    ]


def test_rooms_in_use_and_lasers_in_service_are_columns():
    room, _closed = RoomFactory(name="Blue"), RoomFactory(in_use=False)
    laser, _sold = LaserFactory(name="Erbium"), LaserFactory(in_service=False)
    assert columns(day_of(TODAY(), "room")) == [(room.pk, "Blue")]
    assert columns(day_of(TODAY(), "laser")) == [(laser.pk, "Erbium")]


def test_an_entry_says_who_comes_for_what():
    plan = PlanFactory()
    consultation = plan.assessment.consultation
    neck = PlanFactory(assessment=AssessmentFactory(consultation=consultation, area=Area.NECK))
    room = RoomFactory(name="Blue")
    made = AppointmentFactory(plans=[plan, neck], starts_at=at(10), minutes=40, room=room)
    [entry] = day_of(TODAY(), "room").entries
    assert (
        entry.pk,
        entry.kind,
        entry.patient,
        tuple(area for area, _status in entry.areas),
        entry.minutes,
    ) == (
        made.pk,
        "treatment",
        made.patient.full_name,
        ("face", "neck"),
        40,
    )
    assert entry.names == {"practitioner": "", "room": "Blue", "laser": ""}


def test_what_began_on_the_day_before_is_there_and_what_ended_at_midnight_is_not():
    begun = AppointmentFactory(starts_at=at(23, 30, days=-1), minutes=60)
    AppointmentFactory(starts_at=at(23, days=-1), minutes=60)
    AppointmentFactory(starts_at=at(0, days=1))
    assert [entry.pk for entry in day_of(TODAY(), "room").entries] == [begun.pk]


def test_what_was_entered_in_error_is_not_there(clinician):
    AppointmentFactory(
        starts_at=at(10),
        entered_in_error_at=at(9),
        entered_in_error_by=clinician,
        entered_in_error_reason="A slip.",
    )
    assert day_of(TODAY(), "room").entries == ()


def test_absences_stand_in_the_column_of_who_is_away(ann):
    other = UserFactory(username="ben", last_name="Best", role=PRACTITIONER)
    AbsenceFactory(user=ann, starts_at=at(9), ends_at=at(12), why="Training")
    diary = day_of(TODAY(), "practitioner")
    assert {column.key: column.absences for column in diary.columns} == {
        ann.pk: ((at(9), at(12), "Training"),),
        other.pk: (),
    }


def test_a_week_has_the_days_with_hours_or_appointments(ann):
    OpeningHoursFactory(weekday=0)
    OpeningHoursFactory(weekday=2, opens_at=time(8), closes_at=time(12))
    monday = date(2026, 12, 21)
    ClosedDayFactory(day=date(2026, 12, 23), why="Holiday")
    AppointmentFactory(starts_at=at(10).replace(2026, 12, 26), practitioner=ann)
    AppointmentFactory(starts_at=at(10).replace(2026, 12, 25))
    diary = week_of(monday, ann)
    assert [(one.day.day, one.spans, one.why_closed) for one in diary.days] == [
        (21, ((time(9), time(18)),), None),
        (23, (), "Holiday"),
        (26, (), None),
    ]
    assert [entry.start.day for entry in diary.entries] == [26]


def test_a_week_without_a_day_of_hours_has_seven(ann, monkeypatch):
    monkeypatch.setattr(OpeningHours.objects.__class__, "by_weekday", lambda rows: {})
    assert len(week_of(date(2026, 12, 21), ann).days) == 7
