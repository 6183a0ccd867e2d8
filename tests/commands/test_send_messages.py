"""Command send_messages: killed at any step, or run twice at once, it sends nothing twice."""

import io
import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from consultations.models import Message
from tests.factories import MessageFactory
from tests.mail_server import mail_server
from tests.trust.serving import HOUSE, database_url

pytestmark = pytest.mark.django_db(transaction=True)

RUN = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from consultations.actions import delivery, sending
from consultations.models import MessageAttempt

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def then_die(act):
    def acted(*args, **kwargs):
        act(*args, **kwargs)
        die()
    return acted

{step}
call_command("send_messages")
"""
# The step, and how often the message had been taken by then.
STEPS = {
    "claimed": ("sending.send = die", 0),
    "connecting": ("delivery.get_connection = die", 0),
    "connected": ("delivery._hand_over = die", 0),
    "handed over": ("delivery._hand_over = then_die(delivery._hand_over)", 1),
    "before it is marked": ("sending.mark = die", 1),
    "before the mark is committed": (
        "sending.MessageAttempt = lambda **values: "
        "die() if values['status'] == 'sent' else MessageAttempt(**values)",
        1,
    ),
}


@pytest.fixture
def post(settings):
    with mail_server(settings) as post:
        yield post


def start(settings, step=""):
    told = {
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
        "EMAIL_FROM": "reception@clinic.example",
    }
    connection.close()
    return subprocess.Popen(
        [sys.executable, "-c", RUN.format(step=step)],
        cwd=HOUSE,
        env=os.environ | told,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run():
    out = io.StringIO()
    try:
        call_command("send_messages", stdout=out, stderr=out)
    except CommandError as error:
        return str(error), out.getvalue()
    return None, out.getvalue()


@pytest.mark.parametrize("step", STEPS)
def test_killed_between_claim_and_mark_it_is_not_known_and_not_sent_again(post, settings, step):
    message = MessageFactory()
    code, taken = STEPS[step]
    killed = start(settings, code)
    assert (killed.wait(60), killed.stdout.read()) == (-signal.SIGKILL, "")
    for _run in range(2):
        run()
        message.refresh_from_db()
        assert (message.status, len(post.taken)) == ("not_known", taken)
    assert list(message.steps.values_list("status", flat=True)) == ["claimed", "not_known"]


def test_killed_before_the_claim_is_committed_it_is_sent_once(post, settings):
    message = MessageFactory()
    killed = start(settings, "sending._take = then_die(sending._take)")
    assert killed.wait(60) == -signal.SIGKILL
    run()
    message.refresh_from_db()
    assert (message.status, len(post.taken)) == ("sent", 1)


def test_runs_at_once_share_the_work(post, settings):
    keys = {MessageFactory().pk for _number in range(12)}
    runs = [start(settings) for _run in range(3)]
    assert [(one.wait(60), one.stderr.read()) for one in runs] == [(0, "")] * 3
    found = [one["Message-ID"] for one in post.taken]
    assert sorted(found) == sorted(Message.objects.values_list("message_id", flat=True))
    assert len({*found}) == len(keys)


def test_it_says_what_it_did(post):
    MessageFactory()
    assert run() == (None, "Sent: 1\n")
    assert run() == (None, "")


def test_what_could_not_be_sent_fails_the_run(post):
    post.answers["RCPT"] = "550 No such mailbox"
    MessageFactory()
    words = "Not everything was sent. Today says what to look after."
    assert run() == (words, "Refused: 1\n")


def test_without_a_server_it_says_so():
    assert run() == (None, "EMAIL_URL is not set: no e-mails are queued or sent.\n")
