"""Send what is due, each message at most once: claimed and committed first, marked sent after."""

import os
import socket
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from consultations.models import Message, MessageAttempt
from consultations.models.message import LONGEST_RUN
from consultations.summaries.message_words import words_for
from consultations.vocabulary import MessageStatus

from .delivery import deliver, domain_of
from .delivery_errors import NotKnownError, NotReachedError, RefusedError
from .messages import (
    channels_of,
    does_not_arrive,
    is_waiting_already,
    said_of,
    why_not_said,
)

AGAIN_AFTER = (5, 15, 60)  # minutes


def send_due():
    """Send all that is due, one after the other; return how many came to which status."""
    run, counts = this_run(), Counter()
    counts[MessageStatus.NOT_KNOWN] += give_up_claims_of_ended_runs()
    while (message := claim(run)) is not None:
        counts[send(message)] += 1
    return counts


# Claiming


def claim(run):
    """Take the next message that is due and still has something to say, in the words of now.

    None where there is none. It is committed before anything is handed over.
    """
    while True:
        with transaction.atomic(durable=True):
            message = _next_due()
            if message is None:
                return None
            if _is_worth_sending(message) and _take(message, run):
                return message


def _next_due():
    """The next one, which no other run can take: PostgreSQL skips what another run looks at,
    SQLite lets one run in at a time."""
    due = Message.objects.due(timezone.now()).select_related("patient", "appointment__laser")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    return due.first()


def _is_worth_sending(message):
    """Whether there is something to send; else the message is withdrawn or withheld."""
    if why_not_said(message):
        _settle(message, MessageStatus.WITHDRAWN)
        return False
    address = channels_of(message.patient)[message.channel]
    if does_not_arrive(message.channel, address):
        message.to = address
        _settle(message, MessageStatus.WITHHELD)
        return False
    return True


def _settle(message, status):
    message.status = status
    message.save(update_fields=["status", "to"])


def _take(message, run):
    """Write the message and take it; False where another run was quicker."""
    patient = message.patient
    words = words_for(
        kind=message.kind, channel=message.channel, appointments=said_of(message), patient=patient
    )
    written = {
        "status": MessageStatus.CLAIMED,
        "claimed_by": run,
        "claimed_at": timezone.now(),
        "attempts": message.attempts + 1,
        "to": channels_of(patient)[message.channel],
        "subject": words.subject,
        "body": words.body,
        "language": words.language,
        "message_id": message.message_id or f"<{uuid4()}@{domain_of(settings.DEFAULT_FROM_EMAIL)}>",
    }
    if not Message.objects.waiting().filter(pk=message.pk).update(**written):
        return False
    for name, value in written.items():
        setattr(message, name, value)
    MessageAttempt(message=message, status=message.status).save()
    return True


# Handing over, and marking


def send(message):
    """Hand a claimed message over, and mark what became of it; return its status."""
    try:
        deliver(message, said_of(message))
    except NotReachedError as error:
        return _put_off(message, error)
    except RefusedError as error:
        return mark(message, MessageStatus.REFUSED, error)
    except NotKnownError as error:
        return mark(message, MessageStatus.NOT_KNOWN, error)
    return mark(message, MessageStatus.SENT)


def _put_off(message, error):
    """Again after a while; after the last time somebody has to look after it."""
    if message.attempts > len(AGAIN_AFTER):
        return mark(message, MessageStatus.NOT_REACHED, error)
    if is_waiting_already(message):
        # It was moved while this was handed over: what says so waits.
        return mark(message, MessageStatus.WITHDRAWN, error)
    again = timezone.now() + timedelta(minutes=AGAIN_AFTER[message.attempts - 1])
    return mark(message, MessageStatus.WAITING, error, due_at=again)


@transaction.atomic
def mark(message, status, error=None, **values):
    """Write what became of a message that this run claimed."""
    values["reply"] = str(error)[:300] if error else ""
    if status == MessageStatus.SENT:
        values["sent_at"] = timezone.now()
    ours = Message.objects.filter(pk=message.pk, claimed_by=message.claimed_by)
    # Another run may have taken this one for ended; what really happened counts.
    taken = ours.filter(status__in=(MessageStatus.CLAIMED, MessageStatus.NOT_KNOWN))
    if taken.update(status=status, **values):
        code = getattr(error, "code", "")
        MessageAttempt(message=message, status=status, code=code).save()
    return status


# Runs


def this_run():
    """What tells this run from every other: the machine, the process, and when it began."""
    return f"{socket.gethostname()[:60]} {os.getpid()} {_began(os.getpid())}"


def _began(pid):
    """When a process began, in ticks; "" where there is none, "?" where nobody can tell."""
    if not Path("/proc/self/stat").exists():
        return "?"
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def has_ended(run, claimed_at):
    """Whether a run is over: its process is gone, or nobody has heard of it for long."""
    if claimed_at < timezone.now() - LONGEST_RUN:
        return True
    host, pid, began = run.rsplit(" ", 2)
    return host == socket.gethostname()[:60] and began != "?" and _began(pid) != began


def give_up_claims_of_ended_runs():
    """Nobody knows whether these were sent, and nobody sends them again by itself."""
    claimed = Message.objects.filter(status=MessageStatus.CLAIMED)
    left = [one for one in claimed if has_ended(one.claimed_by, one.claimed_at)]
    return sum(_give_up(message) for message in left)


@transaction.atomic
def _give_up(message):
    same = Q(pk=message.pk, status=MessageStatus.CLAIMED, claimed_by=message.claimed_by)
    given_up = Message.objects.filter(same).update(status=MessageStatus.NOT_KNOWN)
    if given_up:
        MessageAttempt(message=message, status=MessageStatus.NOT_KNOWN).save()
    return given_up
