"""Messages that come back: which one, and whether its address works at all."""

import re
from email import message_from_bytes, policy
from enum import Enum

from django.db import transaction
from flufl.bounce import scan_message

from consultations.models import Message, MessageAttempt
from consultations.models.message import MOST_RETURNED
from consultations.vocabulary import MessageChannel, MessageStatus

FIELD = re.compile(rb"(?im)^Status:\s*([245]\.\d{1,3}\.\d{1,3})")
IN_WORDS = re.compile(rb"\b([45]\.\d{1,3}\.\d{1,3})\b")
FAILED = re.compile(rb"(?im)^Action:\s*failed")
MESSAGE_ID = re.compile(rb"(?im)^(?:Message-ID|In-Reply-To|References):\s*(<[^>\s]{1,140}>)")
MOST_READ = 1_000_000  # bytes; a bounce may hold what came back
# A mailbox that is not there; of all others the third counts.
NO_SUCH_ADDRESS = "5.1."
# Only those that left may come back.
LEFT = (
    MessageStatus.CLAIMED,
    MessageStatus.SENT,
    MessageStatus.NOT_KNOWN,
)


class Came(Enum):
    """What a mail turned out to be."""

    BOUNCED = "An address that does not work."
    RETURNED = "Came back for now."
    KNOWN = "Of a message that came back before."
    UNKNOWN = "Of none of our messages."
    NOTHING = "No bounce."


def read_bounce(raw):
    """Note what a mail, as bytes, tells of one of our messages; return what it was.

    The message is found by its Message-ID, else it is the last one to that address.
    """
    raw = raw[:MOST_READ]
    addresses = _addresses_in(raw)
    code = _code_in(raw)
    if code.startswith("2.") or not (addresses or FAILED.search(raw)):
        return Came.NOTHING
    message = _message_of(raw, addresses)
    if message is None:
        return Came.UNKNOWN
    return _note(message, code)


def _addresses_in(raw):
    """Those that a bounce says it could not reach; none where it is no bounce."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    try:
        found = scan_message(mail) or ()
    except Exception:
        return []  # some of its readers fail at mails that lack what every mail has
    return [one.decode(errors="replace").strip("<> ").lower() for one in found]


def _code_in(raw):
    """The enhanced code of why, 5.1.1 such as; "" where none is told."""
    found = FIELD.search(raw) or IN_WORDS.search(raw)
    return found[1].decode() if found else ""


def _message_of(raw, addresses):
    """The message that came back, or None."""
    emails = Message.objects.filter(channel=MessageChannel.EMAIL)
    ids = [one.decode(errors="replace") for one in MESSAGE_ID.findall(raw)]
    if found := emails.filter(message_id__in=ids).order_by("-pk").first():
        return found
    for address in addresses:
        left = emails.filter(to__iexact=address, status__in=MessageStatus.left())
        if found := left.order_by("-claimed_at", "-pk").first():
            return found
    return None


@transaction.atomic
def _note(message, code):
    """A mailbox that is not there counts at once, anything else the third time."""
    message = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if message.status not in LEFT:
        return Came.KNOWN
    returned = Message.objects.to(message.channel, message.to)
    before = returned.filter(status=MessageStatus.RETURNED).count()
    is_dead = code.startswith(NO_SUCH_ADDRESS) or before + 1 >= MOST_RETURNED
    message.status = MessageStatus.BOUNCED if is_dead else MessageStatus.RETURNED
    message.reply = code
    message.save(update_fields=["status", "reply"])
    MessageAttempt(message=message, status=message.status, code=code).save()
    return Came.BOUNCED if is_dead else Came.RETURNED
