"""Sending by a real SMTP server: at most once, again after a while, and never what is outdated."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from consultations.actions.sending import (
    claim,
    give_up_claims_of_ended_runs,
    send,
    send_due,
    this_run,
)
from consultations.models import Message
from consultations.vocabulary import AppointmentStatus, MessageKind, MessageStatus
from tests.factories import ClinicSettingsFactory, MessageFactory, at
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings):
    with mail_server(settings) as post:
        yield post


@pytest.fixture
def message():
    ClinicSettingsFactory(phone="020 7946 0000", address="1 Park Lane\nLondon")
    return MessageFactory(starts_at=at(10, days=3))


def steps(message):
    return list(message.steps.order_by("pk").values_list("status", "code"))


def statuses():
    return list(Message.objects.order_by("pk").values_list("status", flat=True))


def test_a_message_that_is_taken_is_sent_once(post, message):
    send_due()
    send_due()
    message.refresh_from_db()
    assert [one["Message-ID"] for one in post.taken] == [message.message_id]
    assert (message.status, message.attempts) == ("sent", 1)
    assert steps(message) == [("claimed", ""), ("sent", "")]


def test_what_the_patient_reads(post, message):
    send_due()
    [mail] = post.taken
    starts_at = timezone.localtime(message.appointment.starts_at)
    assert mail["Subject"] == "Your appointment at Clinic at the park"
    assert mail["To"] == "eva@example.org"
    assert mail["From"] == "Clinic <reception@clinic.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (
        mail.get_body("plain").get_content().splitlines()
        == (
            "You are booked for:\n\n"
            f"{starts_at:%A} {starts_at.day} {starts_at:%B %Y}, 10:00\n\n"
            "Clinic at the park\n1 Park Lane\nLondon\n\n"
            "To change or cancel, please call 020 7946 0000."
        ).splitlines()
    )


def test_the_event_for_calendars(post, message):
    appointment = message.appointment
    send_due()
    [mail] = post.taken
    parts = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    [attached] = [one for one in mail.walk() if one.get_content_type() == "application/ics"]
    text = parts[0].get_content()
    assert attached.get_content().decode() == text.replace("\n", "\r\n").replace("\r\r", "\r")
    assert (parts[0].get_param("method"), attached.get_filename()) == ("REQUEST", "appointment.ics")
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"]) == (f"{appointment.uid}@turgor", 0)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (appointment.starts_at, appointment.ends_at)
    assert event["SUMMARY"] == "Clinic at the park"
    assert f"DTSTART:{appointment.starts_at:%Y%m%d}T" in text
    assert "treatment" not in text.lower()


def test_a_cancellation_takes_the_event_out_of_calendars(post, message):
    appointment = message.appointment
    appointment.status, appointment.reason = AppointmentStatus.CANCELLED, "Clinic closed"
    appointment.sequence = 1
    appointment.save(by=appointment.created_by)
    Message.objects.update(kind=MessageKind.CANCELLED)
    send_due()
    text = post.taken[0].get_body(("calendar",)) or post.taken[0]
    [part] = [one for one in text.walk() if one.get_content_type() == "text/calendar"]
    [event] = Calendar.from_ical(part.get_content()).walk("VEVENT")
    assert part.get_param("method") == "CANCEL"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert "Clinic closed" not in post.taken[0].as_string()


def test_a_course_has_an_event_for_each_appointment(post, message):
    other = MessageFactory(patient=message.patient, kind=MessageKind.REMINDER).appointment
    message.others.add(other)
    Message.objects.exclude(pk=message.pk).delete()
    send_due()
    names = [one.get_filename() for one in post.taken[0].iter_attachments()]
    assert names == ["appointment-1.ics", "appointment-2.ics"]


# What is not sent any more


@pytest.mark.parametrize("status", ["cancelled", "missed", "arrived", "done"])
def test_nothing_is_sent_of_what_is_no_longer_to_come(post, message, status):
    appointment = message.appointment
    appointment.status, appointment.arrived_at = status, timezone.now()
    if status in ("cancelled", "missed"):
        appointment.reason = "Patient cannot come"
    appointment.save(by=appointment.created_by)
    send_due()
    assert (statuses(), post.taken) == (["withdrawn"], [])


def test_nothing_is_sent_of_what_has_begun(post):
    MessageFactory(starts_at=timezone.now() - timedelta(minutes=1))
    send_due()
    assert (statuses(), post.taken) == (["withdrawn"], [])


@pytest.mark.parametrize("whose", ["appointment", "patient"])
def test_nothing_is_sent_of_what_is_in_error(post, message, whose):
    record = getattr(message, whose)
    record.entered_in_error_at = timezone.now()
    record.entered_in_error_by, record.entered_in_error_reason = record.created_by, "Wrong one."
    record.save(by=record.created_by)
    send_due()
    assert (statuses(), post.taken) == (["withdrawn"], [])


def test_nothing_is_sent_to_whoever_says_no_meanwhile(post, message):
    message.patient.email_reminders = False
    message.patient.save(by=message.patient.created_by)
    send_due()
    assert (statuses(), post.taken) == (["withdrawn"], [])


def test_it_goes_to_the_address_of_now(post, message):
    message.patient.email = "new@example.org"
    message.patient.save(by=message.patient.created_by)
    send_due()
    assert [one["To"] for one in post.taken] == ["new@example.org"]


def test_what_is_not_due_waits(post, message):
    Message.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    send_due()
    assert (statuses(), post.taken) == (["waiting"], [])


# What goes wrong


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_not_now_is_tried_again_after_5_15_and_60_minutes(post, message, time_machine, command):
    post.answers[command] = "451 Not now"
    waits = []
    for _time in range(3):
        since = timezone.now()
        send_due()
        message.refresh_from_db()
        waits.append(round((message.due_at - since).total_seconds() / 60))
        time_machine.move_to(message.due_at)
    send_due()
    message.refresh_from_db()
    assert (waits, message.status, message.attempts) == ([5, 15, 60], "not_reached", 4)
    assert message.reply == "451 Not now"


def test_a_server_that_is_not_there_is_tried_again(settings, message):
    with mail_server(settings):
        pass
    send_due()
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("waiting", 1)
    with mail_server(settings) as post:
        Message.objects.update(due_at=timezone.now())
        send_due()
    assert (statuses(), len(post.taken)) == (["sent"], 1)


def test_what_is_replaced_while_it_is_handed_over_is_not_tried_again(post, message):
    post.answers["RCPT"] = "451 Not now"
    claim(this_run())
    message.refresh_from_db()
    MessageFactory(patient=message.patient, appointment=message.appointment)
    send(message)
    assert statuses() == ["withdrawn", "waiting"]


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_refusal_is_final_and_ends_writing_to_that_address(post, message, command):
    post.answers[command] = "550 5.1.1 No such mailbox"
    MessageFactory(
        patient=message.patient, appointment=message.appointment, kind=MessageKind.REMINDER
    )
    send_due()
    assert statuses() == ["refused", "withheld"]
    assert steps(message) == [("claimed", ""), ("refused", "550")]


def test_our_own_address_refused_says_nothing_of_the_patients(post, message):
    post.answers["MAIL"] = "550 Not from here"
    send_due()
    assert statuses() == ["waiting"]


def test_a_line_that_breaks_off_after_the_words_leaves_it_not_known(post, message):
    post.on_data = lambda server: server.transport.abort()
    send_due()
    post.on_data = None
    send_due()
    assert (statuses(), len(post.taken)) == (["not_known"], 1)
    assert steps(message) == [("claimed", ""), ("not_known", "")]


def test_an_address_that_no_server_takes_is_refused(post, message):
    Message.objects.update(to="")
    message.patient.email = "ü@example.org"
    message.patient.save(by=message.patient.created_by)
    send_due()
    assert (statuses(), post.taken) == (["refused"], [])


# Runs


def test_a_claim_of_a_run_that_goes_on_is_left_alone(post, message):
    assert claim(this_run()).pk == message.pk
    assert claim(this_run()) is None
    assert give_up_claims_of_ended_runs() == 0
    assert statuses() == ["claimed"]


@pytest.mark.parametrize(
    ("run", "minutes"), [(None, 11), ("elsewhere 1 1", 11), ("{host} 999999999 1", 0)]
)
def test_a_claim_of_a_run_that_ended_is_not_known_and_never_sent(post, message, run, minutes):
    host = this_run().split()[0]
    claim(run.format(host=host) if run else this_run())
    Message.objects.update(claimed_at=timezone.now() - timedelta(minutes=minutes))
    assert send_due() == {MessageStatus.NOT_KNOWN: 1}
    assert (statuses(), post.taken) == (["not_known"], [])
