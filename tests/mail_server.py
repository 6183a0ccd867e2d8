"""A real SMTP server on this computer, in a thread of the tests."""

from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from tests.trust.serving import free_port


class Post:
    """Keeps what it is given, and answers as it was told: by the command, MAIL, RCPT or DATA."""

    def __init__(self):
        self.taken, self.answers, self.on_data = [], {}, None

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.on_data:
            self.on_data(server)
        return "250 OK"


@contextmanager
def mail_server(settings):
    """The server, while the settings lead to it."""
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        settings.EMAIL_IS_ON = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
        settings.EMAIL_TIMEOUT = 5
        settings.DEFAULT_FROM_EMAIL = "Clinic <reception@clinic.example>"
        yield post
    finally:
        controller.stop(no_assert=True)
