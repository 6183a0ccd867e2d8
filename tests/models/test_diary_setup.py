"""What the diary is set up with: rooms, hours, closed days, absences, reasons and lengths."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from consultations.models import AppointmentReason, OpeningHours
from consultations.models.appointment_words import USUAL_REASONS, Reason
from consultations.models.opening import USUAL_HOURS
from tests.factories import (
    AbsenceFactory,
    AppointmentLengthFactory,
    AppointmentReasonFactory,
    ClosedDayFactory,
    OpeningHoursFactory,
    RoomFactory,
)

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def in_error(record):
    record.entered_in_error_at = record.created_at
    record.entered_in_error_by = record.created_by
    record.entered_in_error_reason = "A slip."
    record.save(by=record.created_by)
    return record


def test_two_rooms_of_one_name():
    room = RoomFactory()
    room.name = RoomFactory().name
    breaks("room_one_of_a_name", room)


def test_room_of_the_name_of_one_in_error():
    keeps(RoomFactory(), name=in_error(RoomFactory()).name)


def test_hours_of_no_weekday():
    breaks("openinghours_of_a_weekday", OpeningHoursFactory(), weekday=7)


@pytest.mark.parametrize("closes_at", [time(9), time(8, 59)])
def test_hours_that_close_before_they_open(closes_at):
    breaks("openinghours_close_after_opening", OpeningHoursFactory(), closes_at=closes_at)


def test_the_same_hours_twice():
    first = OpeningHoursFactory(weekday=0)
    breaks("openinghours_once", OpeningHoursFactory(weekday=1), weekday=first.weekday)


def test_hours_by_weekday_in_their_order():
    assert OpeningHours.objects.by_weekday() == USUAL_HOURS
    for opens, closes in ((13, 18), (9, 12)):
        OpeningHoursFactory(weekday=2, opens_at=time(opens), closes_at=time(closes))
    in_error(OpeningHoursFactory(weekday=3))
    assert OpeningHours.objects.by_weekday() == {
        2: ((time(9), time(12)), (time(13), time(18))),
    }


def test_a_day_closed_twice():
    breaks("closedday_once", ClosedDayFactory(), day=ClosedDayFactory().day)


def test_a_day_that_was_closed_in_error():
    keeps(ClosedDayFactory(), day=in_error(ClosedDayFactory()).day)


def test_absence_that_ends_as_it_starts():
    absence = AbsenceFactory()
    breaks("absence_ends_after_it_starts", absence, ends_at=absence.starts_at)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((2026, 6, 1), (2026, 6, 2), "1 Jun 2026"),
        ((2026, 6, 1), (2026, 6, 4), "1 Jun 2026 to 3 Jun 2026"),
        ((2026, 3, 29), (2026, 3, 30), "29 Mar 2026"),
        ((2026, 10, 25), (2026, 10, 26), "25 Oct 2026"),
        ((2026, 6, 1, 9), (2026, 6, 1, 12), "1 Jun 2026 09:00 to 1 Jun 2026 12:00"),
        ((2026, 6, 1), (2026, 6, 1, 12), "1 Jun 2026 00:00 to 1 Jun 2026 12:00"),
    ],
)
def test_absence_in_words(start, end, words):
    absence = AbsenceFactory(
        user__first_name="Ada",
        starts_at=datetime(*start, tzinfo=LONDON),
        ends_at=datetime(*end, tzinfo=LONDON),
    )
    assert str(absence) == f"Ada away, {words}"
    assert absence.first_day == date(*start[:3])


def test_the_same_reason_twice():
    breaks(
        "appointmentreason_once",
        AppointmentReasonFactory(),
        words=AppointmentReasonFactory().words,
    )


def test_reasons_offered_are_the_clinics_or_else_the_usual_ones():
    usual = [Reason(str(words), of) for words, of in USUAL_REASONS]
    assert AppointmentReason.objects.offered() == usual
    AppointmentReasonFactory(words="Snow", reason_of="clinic")
    AppointmentReasonFactory(words="Flood", in_use=False)
    assert AppointmentReason.objects.offered() == [Reason("Snow", "clinic")]


@pytest.mark.parametrize("what", [{}, {"area": "face"}, {"laser_type": "non_ablative"}])
def test_the_same_length_twice(what):
    AppointmentLengthFactory(**what)
    breaks(
        "appointmentlength_once", AppointmentLengthFactory(kind="review"), kind="treatment", **what
    )


@pytest.mark.parametrize("minutes", [4, 481])
def test_length_out_of_range(minutes):
    breaks("appointmentlength_5_minutes_to_8_hours", AppointmentLengthFactory(), minutes=minutes)


def test_length_says_what_it_is_of():
    length = AppointmentLengthFactory(area="face", laser_type="non_ablative", minutes=20)
    assert str(length) == "Treatment, Face, Non-ablative: 20 min"
