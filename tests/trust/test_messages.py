"""Messages of somebody who is erased, merged or exported."""

import io
import zipfile

import pytest

from consultations.actions.moving import merge_patients
from consultations.actions.sending import send_due
from consultations.models import Message
from consultations.trust.erasure import erase
from consultations.trust.person_export import export_person
from consultations.trust.sealing import seal
from consultations.vocabulary import MessageStatus
from tests.factories import MessageAttemptFactory, MessageFactory, PatientFactory, at

pytestmark = pytest.mark.django_db

WORDS = {"subject": "Soon", "body": "On Monday", "to": "eva@example.org", "reply": "eva is full"}


@pytest.fixture(autouse=True)
def _mail(settings, tmp_path):
    settings.EMAIL_IS_ON = True
    settings.MEDIA_ROOT = tmp_path


def test_what_was_said_to_whom_goes_with_the_person(manager, mailoutbox):
    message = MessageFactory(message_id="<1@x>", **WORDS)
    erase(patient=message.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    message.refresh_from_db()
    kept = (message.kind, message.channel, message.status)
    assert kept == ("confirmation", "email", "withdrawn")
    assert {getattr(message, name) for name in (*WORDS, "message_id")} == {""}
    send_due()
    assert mailoutbox == []


def test_messages_are_in_a_persons_export(manager):
    message = MessageFactory(status=MessageStatus.REFUSED, **WORDS)
    MessageAttemptFactory(message=message)
    file = io.BytesIO()
    export_person(patient=message.patient, by=manager, file=file)
    archive = zipfile.ZipFile(file)
    told = archive.read("records/message.csv").decode()
    assert all(word in told for word in WORDS.values())
    assert "claimed" in archive.read("records/messageattempt.csv").decode()


def test_attempts_are_sealed_and_messages_are_not():
    MessageAttemptFactory()
    tables = {one.table for one in seal()}
    assert "consultations_messageattempt" in tables
    assert "consultations_message" not in tables


def test_messages_follow_a_merge_and_what_waited_is_decided_anew(clinician, mailoutbox):
    keep = PatientFactory(by=clinician, email="kept@example.org", email_reminders=True)
    waiting = MessageFactory(starts_at=at(10, days=9))
    other = waiting.patient
    merge_patients(keep=keep, other=other, reason="The same.", by=clinician)
    found = Message.objects.order_by("pk").values_list("patient", "kind", "status", "to")
    assert list(found) == [
        (keep.pk, "confirmation", "withdrawn", "eva@example.org"),
        (keep.pk, "reminder", "waiting", "kept@example.org"),
    ]
    send_due()
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("ours", "theirs", "after"),
    [(True, False, False), (None, True, None), (True, None, True), (False, True, False)],
)
def test_of_two_answers_the_stricter_counts(clinician, ours, theirs, after):
    keep = PatientFactory(by=clinician, email_reminders=ours)
    other = PatientFactory(by=clinician, email_reminders=theirs)
    merge_patients(keep=keep, other=other, reason="The same.", by=clinician)
    keep.refresh_from_db()
    assert keep.email_reminders is after
