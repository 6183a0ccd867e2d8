"""Text messages: one HTTP gateway, off by default, tried against a server on this computer."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from consultations.actions.delivery_errors import NotKnownError, NotReachedError, RefusedError
from consultations.actions.gateway import HttpGateway
from consultations.actions.messages import channels_of
from consultations.actions.sending import send_due
from consultations.models import Message
from consultations.vocabulary import MessageChannel
from tests.factories import ClinicSettingsFactory, MessageFactory, PatientFactory
from tests.trust.serving import free_port

pytestmark = pytest.mark.django_db


class Gateway(BaseHTTPRequestHandler):
    status, taken = 200, []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.status:
            self.connection.close()
            return
        self.taken.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"so it is")

    def log_message(self, *args):
        pass


@contextmanager
def serving(status=200):
    Gateway.status, Gateway.taken = status, []
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/messages?v=1"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def _clinic(settings):
    settings.SMS_TOKEN, settings.SMS_FROM = "t0ken", "Clinic"
    ClinicSettingsFactory(texts_on=True, phone="020 7946 0000")


def send(settings, status=200, to="020 7946 0001"):
    with serving(status) as settings.SMS_URL:
        HttpGateway().send(to, "See you.", "<1@x>")


def test_what_the_gateway_is_asked(settings):
    send(settings, to="020 7946 0001 (mum)")
    asked = {"from": "Clinic", "to": "+442079460001", "text": "See you.", "reference": "<1@x>"}
    assert Gateway.taken == [("/messages?v=1", "Bearer t0ken", asked)]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RefusedError),
        (422, RefusedError),
        (302, NotReachedError),
        (401, NotReachedError),
        (429, NotReachedError),
        (503, NotReachedError),
        (500, NotKnownError),
        (None, NotKnownError),
    ],
)
def test_how_an_answer_is_taken(settings, status, error):
    with pytest.raises(error):
        send(settings, status)


def test_a_gateway_that_is_not_there(settings):
    settings.SMS_URL = f"http://127.0.0.1:{free_port()}/"
    with pytest.raises(NotReachedError):
        HttpGateway().send("020 7946 0001", "See you.", "<1@x>")


def test_a_phone_that_is_no_number_is_refused(settings):
    with pytest.raises(RefusedError):
        send(settings, to="ask mum")
    assert Gateway.taken == []


def test_a_text_message_is_short_and_says_nothing_of_preparing(settings):
    patient = PatientFactory(phone="020 7946 0001", text_reminders=True, email_instructions=True)
    with serving() as settings.SMS_URL:
        message = MessageFactory(patient=patient, channel=MessageChannel.TEXT, to=patient.phone)
        send_due()
    message.refresh_from_db()
    assert message.status == "sent"
    assert message.subject == ""
    assert message.body.startswith("Clinic at the park: you are booked for ")
    assert message.body.endswith("10:00.\nTo change: 020 7946 0000")


def test_texts_are_off_until_the_clinic_and_the_server_say_otherwise(settings):
    patient = PatientFactory(phone="020 7946 0001", text_reminders=True)
    settings.SMS_URL = ""
    assert channels_of(patient) == {}
    settings.SMS_URL = "https://gateway.example/"
    assert channels_of(patient) == {"text": "020 7946 0001"}
    ClinicSettingsFactory._meta.model.objects.update(texts_on=False)
    assert channels_of(patient) == {}
    assert not Message.objects.exists()
