"""What calendar programs read: times in UTC, one event a UID, and nobody's name."""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from consultations.summaries.calendars import absence_event_of, calendar_of, event_of
from consultations.summaries.feeds import diary_of
from consultations.vocabulary import AppointmentStatus, ReasonOf
from tests.factories import AbsenceFactory, AppointmentFactory, PatientFactory, RoomFactory, at

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def lines(event, *names):
    """The lines of an event that begin with one of these names, in their order."""
    told = event.to_ical().decode().splitlines()
    return [one for one in told if one.startswith(names)]


def read(content):
    """The events of a calendar: what each is called and whether it stands, in order."""
    return [(str(one["SUMMARY"]), str(one["STATUS"])) for one in Calendar.from_ical(content).events]


def cancel(appointment):
    appointment.status, appointment.sequence = AppointmentStatus.CANCELLED, 1
    appointment.reason, appointment.reason_of = "Patient cannot come", ReasonOf.PATIENT
    appointment.save(by=appointment.created_by)


def enter_in_error(record):
    record.entered_in_error_at, record.entered_in_error_by = at(12), record.created_by
    record.entered_in_error_reason = "A slip."
    record.save(by=record.created_by)


@pytest.fixture
def mine(clinician):
    return AppointmentFactory(practitioner=clinician, room=RoomFactory(name="Room 1"))


# One event


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 3, 28), "10"),
        (date(2026, 3, 29), "09"),
        (date(2026, 3, 30), "09"),
        (date(2026, 10, 24), "09"),
        (date(2026, 10, 25), "10"),
        (date(2026, 10, 26), "10"),
    ],
)
def test_ten_o_clock_stays_ten_when_clocks_change(day, hour):
    starts_at = datetime.combine(day, time(10), LONDON)
    event = event_of(AppointmentFactory(starts_at=starts_at), summary="Appointment")
    assert lines(event, "DTSTART", "DTEND") == [
        f"DTSTART:{day:%Y%m%d}T{hour}0000Z",
        f"DTEND:{day:%Y%m%d}T{hour}3000Z",
    ]


def test_the_hour_that_comes_twice_is_told_apart():
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    for starts_at, hour in ((first, "00"), (first.replace(fold=1), "01")):
        event = event_of(AppointmentFactory(starts_at=starts_at), summary="x")
        assert lines(event, "DTSTART") == [f"DTSTART:20261025T{hour}3000Z"]


def test_a_time_of_fixed_offset_is_written_in_utc():
    starts_at = datetime(2026, 7, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    event = event_of(AppointmentFactory(starts_at=starts_at), summary="x")
    assert lines(event, "DTSTART") == ["DTSTART:20260701T090000Z"]


def test_an_event_has_every_line_a_reader_needs_and_no_other(mine):
    changed = f"{mine.changed_at:%Y%m%dT%H%M%SZ}"
    event = event_of(mine, summary="Appointment", location="Room 1")
    assert event.to_ical().decode().splitlines() == [
        "BEGIN:VEVENT",
        "SUMMARY:Appointment",
        f"DTSTART:{mine.starts_at:%Y%m%dT%H%M%SZ}",
        f"DTEND:{mine.ends_at:%Y%m%dT%H%M%SZ}",
        f"DTSTAMP:{changed}",
        f"UID:{mine.uid}@turgor",
        "SEQUENCE:0",
        f"LAST-MODIFIED:{changed}",
        "LOCATION:Room 1",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def test_a_moved_appointment_is_the_same_event_of_a_higher_sequence(mine):
    before = event_of(mine, summary="x")
    mine.starts_at, mine.ends_at, mine.sequence = at(11, days=2), at(12, days=2), 1
    mine.save(by=mine.created_by)
    assert lines(event_of(mine, summary="x"), "UID", "SEQUENCE") == [
        *lines(before, "UID"),
        "SEQUENCE:1",
    ]


def test_what_is_called_off_takes_no_time(mine):
    off = ["STATUS:CANCELLED", "TRANSP:TRANSPARENT"]
    cancel(mine)
    kept = lines(event_of(mine, summary="x"), "SEQUENCE", "STATUS", "TRANSP")
    assert kept == ["SEQUENCE:1", *off]
    enter_in_error(mine)
    kept = lines(event_of(mine, summary="x"), "SEQUENCE", "STATUS", "TRANSP")
    assert kept == ["SEQUENCE:2", *off]


def test_a_location_is_one_line_that_every_program_reads(mine):
    event = event_of(mine, summary="x", location="Back\\north\u2028wing, 2; left")
    assert lines(event, "LOCATION") == ["LOCATION:Back/north wing\\, 2\\; left"]


def test_days_away_end_on_the_day_after_the_last():
    """Over the change of clocks too: of three days, one has 25 hours."""
    start = datetime(2026, 10, 24, tzinfo=LONDON)
    absence = AbsenceFactory(starts_at=start, ends_at=start + timedelta(days=3))
    event = absence_event_of(absence, summary="Away")
    assert lines(event, "DT", "SUMMARY", "TRANSP")[1:3] == [
        "DTSTART;VALUE=DATE:20261024",
        "DTEND;VALUE=DATE:20261027",
    ]


def test_an_hour_away_is_written_in_utc():
    start = datetime(2026, 7, 1, 10, tzinfo=LONDON)
    absence = AbsenceFactory(starts_at=start, ends_at=start + timedelta(hours=2))
    assert lines(absence_event_of(absence, summary="Away"), "DTSTART", "DTEND") == [
        "DTSTART:20260701T090000Z",
        "DTEND:20260701T110000Z",
    ]


def test_absences_are_told_apart_for_life():
    one, other = AbsenceFactory(), AbsenceFactory()
    [before] = lines(absence_event_of(one, summary="Away"), "UID")
    assert [before] != lines(absence_event_of(other, summary="Away"), "UID")
    one.starts_at += timedelta(hours=1)
    one.save(by=one.created_by)
    assert lines(absence_event_of(one, summary="Away"), "UID", "SEQUENCE") == [
        before,
        "SEQUENCE:1",
    ]


def test_a_calendar_for_a_message_has_its_method_and_nothing_of_a_feed(mine):
    content = calendar_of([event_of(mine, summary="Our clinic")], method="REQUEST")
    told = content.decode().split("BEGIN:VEVENT")[0].splitlines()
    assert told == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Turgor//Diary//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
    ]


# The feed


def test_feed_says_what_it_is_and_when_to_ask_again(clinician):
    assert diary_of(clinician).decode().splitlines() == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Turgor//Diary//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Clinic diary",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "END:VCALENDAR",
    ]


def test_feed_holds_own_appointments_and_absences_only(clinician, mine):
    AbsenceFactory(user=clinician)
    AppointmentFactory(starts_at=at(12, days=1))
    AbsenceFactory()
    assert read(diary_of(clinician)) == [("Appointment", "CONFIRMED"), ("Away", "CONFIRMED")]


def test_feed_says_of_a_missed_one_no_more_than_of_any(clinician):
    AppointmentFactory(practitioner=clinician, missed=True)
    assert read(diary_of(clinician)) == [("Appointment", "CONFIRMED")]


def test_feed_goes_from_30_days_back_to_400_ahead(clinician):
    for days in (-31, -30, 400, 401):
        AppointmentFactory(practitioner=clinician, starts_at=at(10, days=days))
        AbsenceFactory(user=clinician, starts_at=at(0, days=days), ends_at=at(0, days=days + 1))
    kept = [(one["SUMMARY"], one.start) for one in Calendar.from_ical(diary_of(clinician)).events]
    assert kept == [
        ("Appointment", at(10, days=-30)),
        ("Appointment", at(10, days=400)),
        ("Away", at(0, days=-30).date()),
        ("Away", at(0, days=400).date()),
    ]


def test_feed_shows_what_is_called_off_for_30_days(clinician, mine, time_machine):
    now = at(12)
    cancel(mine)
    enter_in_error(AbsenceFactory(user=clinician, starts_at=at(0, days=90), ends_at=at(0, days=91)))
    enter_in_error(AppointmentFactory(practitioner=clinician, starts_at=at(10, days=80)))
    off = ["Cancelled: appointment", "Cancelled: appointment", "Cancelled: away"]
    assert read(diary_of(clinician)) == [(one, "CANCELLED") for one in off]
    time_machine.move_to(now + timedelta(days=29))
    assert len(read(diary_of(clinician))) == 3
    time_machine.move_to(now + timedelta(days=32))
    assert read(diary_of(clinician)) == []


def test_feed_has_one_event_a_uid_and_each_has_an_end(clinician, mine):
    mine.starts_at, mine.ends_at, mine.sequence = at(15, days=2), at(16, days=2), 1
    mine.save(by=mine.created_by)
    cancel(mine)
    AppointmentFactory(practitioner=clinician, starts_at=at(10, days=3))
    AbsenceFactory(user=clinician)
    content = diary_of(clinician).decode()
    uids = [one for one in content.splitlines() if one.startswith("UID:")]
    assert len(uids) == len(set(uids)) == content.count("DTEND") == 3
    assert [word for word in ("VTIMEZONE", "TZID", "RRULE", "RDATE") if word in content] == []


def test_feed_tells_nothing_of_patient_kind_or_reason(clinician):
    patient = PatientFactory(family_name="Quince", given_name="Zamora", phone="020 7946 0001")
    named = {"patient": patient, "practitioner": clinician}
    AppointmentFactory(**named, note="Anxious", kind="test_patch", overbooked_reason="")
    cancelled = AppointmentFactory(**named, starts_at=at(12, days=1))
    cancelled.reason_words = "Has a cold"
    cancel(cancelled)
    AbsenceFactory(user=clinician, why="Dentist")
    content = diary_of(clinician).decode().lower()
    told = ("quince", "zamora", "7946", "anxious", "patch", "patient", "cold", "dentist")
    assert [word for word in told if word in content] == []


def test_feed_asks_twice_however_much_is_booked(clinician, mine, django_assert_num_queries):
    for days in (2, 3, 4):
        AppointmentFactory(practitioner=clinician, starts_at=at(10, days=days), room=RoomFactory())
        AbsenceFactory(user=clinician)
    with django_assert_num_queries(2) as asked:
        diary_of(clinician)
    assert [one for one in asked if "_patient" in one["sql"]] == []


def test_feed_is_the_same_text_as_long_as_nothing_changes(clinician, mine, time_machine):
    time_machine.move_to(at(9))
    before = diary_of(clinician)
    time_machine.move_to(at(17))
    assert diary_of(clinician) == before
