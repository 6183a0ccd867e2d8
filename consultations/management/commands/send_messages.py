"""Command: send what patients are to be told now; run it every five minutes."""

from django.core.management.base import BaseCommand, CommandError

from consultations.actions.messages import email_is_on
from consultations.actions.sending import send_due
from consultations.vocabulary import MessageStatus


class Command(BaseCommand):
    help = (
        "Send the messages that are due: confirmations, reminders, and what was moved or "
        "cancelled. Each is sent at most once, however many runs there are. Run it every five "
        "minutes. Exit 1 where a server could not be reached or refused."
    )

    def handle(self, **options):
        if not email_is_on():
            self.stderr.write("EMAIL_URL is not set: no e-mails are queued or sent.")
        counts = +send_due()
        for status, count in counts.items():
            self.stdout.write(f"{MessageStatus(status).label}: {count}")
        if {*counts} - {MessageStatus.SENT}:
            raise CommandError("Not everything was sent. Today says what to look after.")
