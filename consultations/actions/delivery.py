"""Hand one message over: an e-mail by Django's backend, a text by the clinic's gateway.

Whoever hands over says how it went: nothing raised is sent, NotReachedError was not taken and may
be tried again, RefusedError never will be, and of NotKnownError nobody can tell.
"""

import smtplib
from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.utils.module_loading import import_string

from consultations.models import ClinicSettings
from consultations.summaries.patient_event import event_of
from consultations.vocabulary import MessageChannel

from .delivery_errors import NotKnownError, NotReachedError, RefusedError


def deliver(message, appointments):
    """Hand a claimed message over. Raises DeliveryError."""
    if message.channel == MessageChannel.EMAIL:
        deliver_email(message, appointments)
    else:
        gateway = import_string(settings.SMS_GATEWAY)()
        gateway.send(message.to, message.body, message.message_id)


def deliver_email(message, appointments):
    """Hand over an e-mail. What fails before the server is ready was not taken."""
    try:
        # Django would write another address in place of one with letters that mail does not take.
        validate_email(message.to)
        email = email_of(message, appointments)
    except (ValidationError, ValueError) as error:
        raise RefusedError("This is no address that mail can be sent to.") from error
    backend = get_connection()
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotReachedError(_said(error), getattr(error, "smtp_code", "")) from error
    _hand_over(backend, email)


def _hand_over(backend, email):
    try:
        backend.send_messages([email])
    except (ValueError, smtplib.SMTPNotSupportedError) as error:
        # An address that cannot be written as the server asks.
        raise RefusedError(_said(error)) from error
    except smtplib.SMTPRecipientsRefused as error:
        [(code, words)] = error.recipients.values()
        _raise_answer(code, f"{code} {_text(words)}", error)
    except smtplib.SMTPSenderRefused as error:
        # Of our own address, not of the patient's: the set-up is wrong, and will be mended.
        raise NotReachedError(_said(error), error.smtp_code) from error
    except smtplib.SMTPResponseException as error:
        _raise_answer(error.smtp_code, _said(error), error)
    except (OSError, smtplib.SMTPException) as error:
        raise NotKnownError(_said(error)) from error
    finally:
        _close(backend)


def _close(backend):
    """What is wrong with saying goodbye does not matter any more."""
    with suppress(OSError, smtplib.SMTPException):
        backend.close()


def _raise_answer(code, words, error):
    if code < 400:  # no answer that means anything
        raise NotKnownError(words, code) from error
    kind = RefusedError if code >= 500 else NotReachedError
    raise kind(words, code) from error


def _said(error):
    """What a server said, or what went wrong, in a line."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return " ".join(str(error).split()) or type(error).__name__


def _text(words):
    words = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return " ".join(words.split())


def email_of(message, appointments):
    """The e-mail of a message, with the event of each appointment for calendars."""
    email = EmailMultiAlternatives(
        message.subject,
        message.body,
        to=[message.to],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    clinic, sender = ClinicSettings.objects.current(), parseaddr(email.from_email)[1]
    events = [event_of(one, clinic=clinic, sender=sender, to=message.to) for one in appointments]
    for number, (event, method) in enumerate(events, start=1):
        if len(events) == 1:
            email.attach_alternative(event.decode(), f"text/calendar; method={method}")
        name = "appointment.ics" if len(events) == 1 else f"appointment-{number}.ics"
        email.attach(name, event, "application/ics")
    return email


def domain_of(address):
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"
