"""Command read_bounces: which message came back, and when an address counts as dead."""

import io
import mailbox
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consultations.actions.messages import does_not_arrive
from consultations.models import Message
from consultations.vocabulary import MessageStatus
from tests.factories import MessageFactory

pytestmark = pytest.mark.django_db

BOUNCE = """\
From: MAILER-DAEMON@mail.example
To: reception@clinic.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="x"
Message-ID: <bounce@mail.example>

--x
Content-Type: text/plain

Sorry.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {code}
Diagnostic-Code: smtp; 550 {code} no

--x
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {to}

--x--
"""
REPLY = "From: eva@example.org\nSubject: Re: Your appointment\n\nThank you, 5.1.1 is my room.\n"


def bounce(message, code="5.1.1", action="failed", **changes):
    told = {"to": message.to, "message_id": message.message_id} | changes
    return BOUNCE.format(code=code, action=action, **told)


@pytest.fixture
def sent():
    """A message that left."""

    def make(number=1, **options):
        now = timezone.now()
        options = {"sent_at": now, "claimed_at": now, "status": MessageStatus.SENT} | options
        return MessageFactory(message_id=f"<{number}@clinic.example>", **options)

    return make


@pytest.fixture
def read(monkeypatch):
    def run(text):
        raw = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        out = io.StringIO()
        call_command("read_bounces", stdout=out)
        return out.getvalue().strip()

    return run


def test_a_mailbox_that_is_not_there_counts_at_once(sent, read):
    message = sent()
    assert read(bounce(message)) == "An address that does not work."
    message.refresh_from_db()
    assert (message.status, message.reply) == ("bounced", "5.1.1")
    assert list(message.steps.values_list("status", "code")) == [("bounced", "5.1.1")]
    assert does_not_arrive("email", message.to)


@pytest.mark.parametrize("code", ["5.2.2", "4.4.1", "5.7.1"])
def test_anything_else_counts_the_third_time(sent, read, code):
    first = sent(1)
    messages = [first, *(sent(number, patient=first.patient) for number in (2, 3))]
    for message in messages:
        assert not does_not_arrive("email", first.to)
        read(bounce(message, code))
    found = Message.objects.order_by("pk").values_list("status", flat=True)
    assert list(found) == ["returned", "returned", "bounced"]
    assert does_not_arrive("email", first.to)


def test_the_same_bounce_counts_once(sent, read):
    message = sent()
    text = bounce(message, "5.2.2")
    assert [read(text), read(text)] == [
        "Came back for now.",
        "Of a message that came back before.",
    ]


def test_without_its_id_the_last_message_to_the_address_came_back(sent, read):
    first, last = sent(1), sent(2)
    read(bounce(last, message_id="<lost@elsewhere.example>", to="EVA@example.org"))
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.status, last.status) == ("sent", "bounced")


def test_a_delay_a_delivery_and_a_reply_are_no_bounces(sent, read):
    message = sent()
    for text in (
        bounce(message, "4.4.1", "delayed"),
        bounce(message, "2.0.0", "delivered"),
        REPLY,
        "",
        b"\xff\x00\n\n",
    ):
        assert read(text) == "No bounce."
    message.refresh_from_db()
    assert message.status == "sent"


def test_a_bounce_of_other_mail_is_of_none_of_ours(sent, read):
    message = sent()
    text = bounce(message, to="other@example.org", message_id="<other@x.example>")
    assert read(text) == "Of none of our messages."


def test_what_never_left_does_not_come_back(sent, read):
    message = sent(status=MessageStatus.WITHDRAWN)
    assert read(bounce(message)) == "Of a message that came back before."


def test_a_maildir_is_read_once_and_other_mail_is_left_alone(sent, tmp_path):
    message = sent()
    box = mailbox.Maildir(tmp_path / "box", create=True)
    for text in (bounce(message), REPLY):
        box.add(text.encode())
    for words in ("An address that does not work. 1\nNo bounce. 1\n", "No bounce. 1\n"):
        out = io.StringIO()
        call_command("read_bounces", maildir=str(tmp_path / "box"), stdout=out)
        assert sorted(out.getvalue().splitlines()) == sorted(words.splitlines())
    assert len(list((tmp_path / "box/new").iterdir())) == 1


def test_a_folder_that_is_no_maildir(tmp_path):
    with pytest.raises(CommandError, match="is no Maildir"):
        call_command("read_bounces", maildir=str(tmp_path))
