"""What a patient was told, is about to be told, and could not be told, latest first."""

from dataclasses import dataclass
from datetime import datetime

from consultations.models import Appointment, Message
from consultations.vocabulary import MessageStatus

SHOWN = 30


@dataclass(frozen=True)
class Line:
    """One message as it is listed: when it left or will, what it is, and where it is."""

    message: Message
    when: datetime

    @property
    def is_waiting(self):
        return self.message.status == MessageStatus.WAITING


def messages_of(record):
    """The lines of an appointment, or of a patient."""
    if isinstance(record, Appointment):
        found = Message.objects.about(record)
    else:
        found = Message.objects.filter(patient=record)
    rows = found.select_related("appointment").order_by("-pk")[:SHOWN]
    return [Line(one, one.sent_at or one.claimed_at or one.due_at) for one in rows]
