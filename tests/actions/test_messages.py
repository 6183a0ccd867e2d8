"""What patients are told of their appointments: when, once, and only who said yes."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.appointments import arrive, call_off, put_back
from consultations.actions.booking import book, book_all
from consultations.actions.messages import out_of_the_night, said_of, send_again
from consultations.actions.signing import mark_in_error
from consultations.models import Appointment, ClinicSettings, Message
from consultations.vocabulary import AppointmentKind, AppointmentStatus, MessageStatus
from tests.factories import (
    ClinicSettingsFactory,
    MessageFactory,
    OpeningHoursFactory,
    PatientFactory,
    at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clinic(settings, reception):
    settings.EMAIL_IS_ON = True
    ClinicSettingsFactory(by=reception)
    for weekday in range(7):
        OpeningHoursFactory(by=reception, weekday=weekday)


@pytest.fixture
def patient(reception):
    return PatientFactory(by=reception, email="eva@example.org", email_reminders=True)


@pytest.fixture
def new(patient, reception):
    """A booked appointment, so many days from now."""

    def booked(*, days=5, patient=patient, **options):
        return book(appointment=unsaved(patient, days, **options), by=reception)

    return booked


def unsaved(patient, days=5, kind=AppointmentKind.CONSULTATION, **options):
    start = at(10, days=days)
    return Appointment(
        patient=patient, kind=kind, starts_at=start, ends_at=start + timedelta(hours=1), **options
    )


def told():
    """Kind and status of every message, in the order in which they were queued."""
    return list(Message.objects.order_by("pk").values_list("kind", "status"))


def waiting():
    return list(Message.objects.waiting().order_by("pk").values_list("kind", flat=True))


def sent(**which):
    """What waits has left."""
    Message.objects.waiting().filter(**which).update(
        status=MessageStatus.SENT, sent_at=timezone.now()
    )


def move(appointment, by, *, days=0, hours=0):
    appointment.starts_at += timedelta(days=days, hours=hours)
    appointment.ends_at += timedelta(days=days, hours=hours)
    return book(appointment=appointment, by=by)


def cancel(appointment, by):
    return call_off(
        appointment=appointment, status="cancelled", reason="Patient cannot come", by=by
    )


# Booked


def test_a_booking_is_confirmed_at_once_and_reminded_of_two_days_before(new):
    appointment = new(days=5)
    rows = Message.objects.order_by("pk").values_list("kind", "channel", "to", "due_at")
    confirmation, reminder = rows
    assert confirmation[:3] == ("confirmation", "email", "eva@example.org")
    assert confirmation[3] <= timezone.now()
    due_at = appointment.starts_at - timedelta(hours=48)
    assert reminder == ("reminder", "email", "eva@example.org", due_at)


def test_no_reminder_whose_moment_is_past(new):
    new(days=1)
    assert waiting() == ["confirmation"]


def test_no_reminder_where_the_clinic_wants_none(new):
    ClinicSettings.objects.update(reminder_hours=0)
    new()
    assert waiting() == ["confirmation"]


@pytest.mark.parametrize(
    "who",
    [
        {"email_reminders": None},
        {"email_reminders": False},
        {"email": ""},
        {"email_reminders": None, "email_instructions": True},
    ],
)
def test_nobody_is_written_to_without_a_yes_and_an_address(new, reception, who):
    may = {"email": "eva@example.org", "email_reminders": True}
    new(patient=PatientFactory(by=reception, **may | who))
    assert told() == []


def test_nothing_is_queued_while_no_mail_can_leave(new, settings):
    settings.EMAIL_IS_ON = False
    new()
    assert told() == []


def test_a_course_booked_together_is_confirmed_in_one_message(patient, reception):
    made = [(unsaved(patient, days), ()) for days in (10, 24, 38)]
    appointments = book_all(appointments=made, by=reception)
    assert waiting() == ["confirmation", "reminder", "reminder", "reminder"]
    assert Message.objects.earliest("pk").appointments == appointments


# The night


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-12-10 08:00", "2026-12-10 08:00"),
        ("2026-12-10 19:59", "2026-12-10 19:59"),
        ("2026-12-10 20:30", "2026-12-10 20:00"),
        ("2026-12-10 07:59", "2026-12-09 20:00"),
        ("2026-12-10 00:00", "2026-12-09 20:00"),
        # The hour that comes twice, and the one that does not exist.
        ("2026-10-25 01:30", "2026-10-24 20:00"),
        ("2026-03-29 02:30", "2026-03-28 20:00"),
    ],
)
def test_what_would_go_at_night_goes_the_evening_before(moment, goes):
    clinics = [timezone.make_aware(datetime.fromisoformat(one)) for one in (moment, goes)]
    assert out_of_the_night(clinics[0]) == clinics[1]


# Moved


def test_a_move_before_anything_left_replaces_it(new, reception):
    move(new(), reception, days=1)
    assert told() == [
        ("confirmation", "withdrawn"),
        ("reminder", "withdrawn"),
        ("confirmation", "waiting"),
        ("reminder", "waiting"),
    ]


def test_a_move_afterwards_is_told_as_an_update(new, reception):
    appointment = new()
    sent(kind="confirmation")
    move(appointment, reception, days=1)
    assert waiting() == ["moved", "reminder"]
    assert appointment.sequence == 1


def test_two_moves_are_told_once(new, reception):
    appointment = new()
    sent(kind="confirmation")
    move(appointment, reception, days=1)
    move(appointment, reception, days=1)
    assert waiting() == ["moved", "reminder"]


def test_another_length_or_note_is_no_news(new, reception):
    appointment = new()
    appointment.ends_at += timedelta(minutes=15)
    appointment.note = "Brings her mother"
    book(appointment=appointment, by=reception)
    assert told() == [("confirmation", "waiting"), ("reminder", "waiting")]


def test_one_of_a_course_that_moves_is_confirmed_again_with_the_others(patient, reception):
    made = [(unsaved(patient, days), ()) for days in (10, 24)]
    first, second = book_all(appointments=made, by=reception)
    move(first, reception, days=20)
    message = Message.objects.waiting().get(kind="confirmation")
    assert message.appointments == [second, first]


# Called off, and put back


def test_a_cancellation_is_told_to_whoever_was_told(new, reception):
    appointment = new()
    sent(kind="confirmation")
    cancel(appointment, reception)
    assert waiting() == ["cancelled"]


def test_an_appointment_that_was_never_meant_is_cancelled_to_whoever_was_told(new, clinician):
    appointment = new()
    sent(kind="confirmation")
    mark_in_error(record=appointment, by=clinician, reason="Another patient's.")
    assert waiting() == ["cancelled"]
    [message] = Message.objects.filter(kind="cancelled")
    assert said_of(message) == [appointment]


def test_what_was_cancelled_and_told_is_not_told_again_when_marked_in_error(new, clinician):
    appointment = new()
    sent(kind="confirmation")
    cancel(appointment, clinician)
    sent(kind="cancelled")
    mark_in_error(record=appointment, by=clinician, reason="Another patient's.")
    assert waiting() == []


def test_what_is_put_back_loses_nobody_elses_confirmation(patient, reception, time_machine):
    time_machine.move_to(at(8), tick=False)
    course = [
        Appointment(
            patient=patient,
            kind=AppointmentKind.REVIEW,
            starts_at=at(10, days=days),
            ends_at=at(11, days=days),
        )
        for days in (0, 7)
    ]
    book_all(appointments=[(one, ()) for one in course], by=reception)
    first, second = course
    arrive(appointment=first, by=reception)
    put_back(appointment=first, by=reception)
    [message] = Message.objects.waiting().filter(kind="confirmation")
    assert second in message.appointments


def test_nobody_is_told_that_something_is_cancelled_they_never_heard_of(new, reception):
    cancel(new(), reception)
    assert told() == [("confirmation", "withdrawn"), ("reminder", "withdrawn")]


def test_what_is_put_back_after_the_cancellation_left_is_confirmed_anew(new, reception):
    appointment = new()
    sent(kind="confirmation")
    cancel(appointment, reception)
    sent(kind="cancelled")
    put_back(appointment=appointment, by=reception)
    assert waiting() == ["confirmation", "reminder"]
    assert appointment.sequence == 2


def test_what_is_put_back_before_the_cancellation_left_is_no_news(new, reception):
    appointment = new()
    sent(kind="confirmation")
    cancel(appointment, reception)
    put_back(appointment=appointment, by=reception)
    assert waiting() == ["reminder"]


# Send again


def look_after(status=MessageStatus.REFUSED, **options):
    options.setdefault("patient", PatientFactory(email="e@x.example", email_reminders=True))
    return MessageFactory(status=status, **options)


def test_what_did_not_arrive_is_sent_again_to_the_address_of_now(reception):
    message = look_after(attempts=4)
    message.patient.email = "new@example.org"
    message.patient.save(by=reception)
    again = send_again(message=message, by=reception)
    assert (again.status, again.to, again.attempts) == ("waiting", "new@example.org", 0)
    assert list(again.steps.values_list("status", "by")) == [("waiting", reception.pk)]


@pytest.mark.parametrize("status", ["sent", "waiting", "claimed", "withdrawn"])
def test_what_is_in_order_is_not_sent_again(reception, status):
    options = {"claimed_by": "x 1 1", "claimed_at": timezone.now(), "sent_at": timezone.now()}
    message = look_after(status, **options)
    with pytest.raises(ValidationError, match="already"):
        send_again(message=message, by=reception)


def test_what_was_said_no_to_is_not_sent_again(reception):
    message = look_after()
    message.patient.email_reminders = False
    message.patient.save(by=reception)
    with pytest.raises(ValidationError, match="not to be written to"):
        send_again(message=message, by=reception)


def test_nothing_is_sent_again_of_an_appointment_that_is_called_off(reception):
    message = look_after()
    message.appointment.status = AppointmentStatus.CANCELLED
    message.appointment.reason = "Patient cannot come"
    message.appointment.save(by=reception)
    with pytest.raises(ValidationError, match="called off"):
        send_again(message=message, by=reception)


def test_a_dead_address_is_written_to_no_more_until_it_changes(new, patient, reception):
    look_after(patient=patient, to="EVA@example.org")
    new()
    assert [status for _kind, status in told()] == ["refused", "withheld", "waiting"]
    patient.email = "eva@example.com"
    patient.save(by=reception)
    new(days=9)
    assert waiting() == ["reminder", "confirmation", "reminder"]
