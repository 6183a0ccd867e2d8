"""Messages to patients about their appointments: what is queued, replaced and withdrawn.

Called where appointments are booked, moved, called off and put back; `sending` sends what is due.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Appointment, ClinicSettings, Message, MessageAttempt
from consultations.models.message import MOST_RETURNED
from consultations.models.transactions import atomic
from consultations.summaries.calendars import is_off
from consultations.vocabulary import (
    AppointmentStatus,
    MessageChannel,
    MessageKind,
    MessageStatus,
)

from .locking import lock_patient_of

MORNING, EVENING = time(8), time(20)


# Whether and when


def email_is_on():
    """Whether e-mails can leave at all: EMAIL_URL is set."""
    return settings.EMAIL_IS_ON


def texts_are_on():
    """Whether text messages can leave: a gateway is set up, and the clinic wants them sent."""
    return bool(settings.SMS_URL) and ClinicSettings.objects.current().texts_on


def channels_of(patient):
    """The ways in which a patient said yes to be written to, each with the address."""
    if patient.why_ended:
        return {}
    found = {}
    if patient.email_reminders and patient.email and email_is_on():
        found[MessageChannel.EMAIL] = patient.email
    if patient.text_reminders and patient.phone and texts_are_on():
        found[MessageChannel.TEXT] = patient.phone
    return found


def is_to_come(appointment, now=None):
    """Whether an appointment is booked, and has not begun."""
    is_booked = appointment.status == AppointmentStatus.BOOKED and not appointment.in_error
    return is_booked and appointment.starts_at > (now or timezone.now())


def does_not_arrive(channel, address):
    """Whether an address is dead: refused, bounced, or come back too often. A new one is not."""
    known = Message.objects.to(channel, address)
    dead = (MessageStatus.REFUSED, MessageStatus.BOUNCED)
    if known.filter(status__in=dead).exists():
        return True
    return known.filter(status=MessageStatus.RETURNED).count() >= MOST_RETURNED


def out_of_the_night(moment):
    """The moment, or 20:00 before where it would be between 20:00 and 8:00 at the clinic."""
    local = timezone.localtime(moment)
    if MORNING <= local.time() < EVENING:
        return moment
    day = local.date() if local.time() >= EVENING else local.date() - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, EVENING))


# What happened to appointments


def booked(*appointments, by):
    """Confirm new appointments of one patient in one message, and remind of each in time."""
    to_come = [one for one in appointments if is_to_come(one)]
    if not to_come:
        return
    for channel in channels_of(to_come[0].patient):
        _queue(MessageKind.CONFIRMATION, to_come, channel, by)
    for one in to_come:
        remind(one, by=by)


def moved(appointment, *, by):
    """Tell a new time: in place of what has not left yet, or as an update of the same event."""
    told = _withdraw_waiting(appointment)
    comes = is_to_come(appointment)
    for channel in channels_of(appointment.patient):
        is_known = comes and _last_left(appointment, channel)
        if is_known:
            _queue(MessageKind.MOVED, [appointment], channel, by)
        is_new = comes and not is_known
        _queue(MessageKind.CONFIRMATION, [*([appointment] if is_new else []), *told], channel, by)
    if comes:
        remind(appointment, by=by)


def called_off(appointment, *, by):
    """Withdraw what waits; tell whoever was told of the appointment that it is cancelled, or was
    never meant."""
    with_it = _withdraw_waiting(appointment)
    channels = channels_of(appointment.patient)
    is_news = is_off(appointment) and appointment.starts_at > timezone.now()
    for channel in channels:
        _queue(MessageKind.CONFIRMATION, with_it, channel, by)
        last = _last_left(appointment, channel)
        if is_news and last and last.kind != MessageKind.CANCELLED:
            _queue(MessageKind.CANCELLED, [appointment], channel, by)


def put_back(appointment, *, by):
    """Tell that it stands again, whoever was told otherwise or nothing yet; remind in time."""
    told = _withdraw_waiting(appointment)
    comes = is_to_come(appointment)
    for channel in channels_of(appointment.patient):
        last = _last_left(appointment, channel)
        is_news = comes and (last is None or last.kind == MessageKind.CANCELLED)
        _queue(MessageKind.CONFIRMATION, [*([appointment] if is_news else []), *told], channel, by)
    if comes:
        remind(appointment, by=by)


def merged(other, keep, *, by):
    """Let a merged record's messages follow; what waited is decided anew for who goes on."""
    Message.objects.waiting().filter(patient=other).update(status=MessageStatus.WITHDRAWN)
    Message.objects.filter(patient=other).update(patient=keep)
    for one in Appointment.objects.holding().filter(patient=keep):
        if not Message.objects.about(one).waiting().exists():
            remind(one, by=by)


def _withdraw_waiting(appointment):
    """Withdraw what waits to be said of an appointment; return the others that it was also about,
    as far as they are still to come."""
    waiting = Message.objects.about(appointment).waiting()
    with_it = {one for message in waiting for one in message.appointments} - {appointment}
    waiting.update(status=MessageStatus.WITHDRAWN)
    return sorted(filter(is_to_come, with_it), key=lambda one: one.starts_at)


def _last_left(appointment, channel):
    """The last message about an appointment that may have reached the patient this way."""
    about = Message.objects.about(appointment).left().filter(channel=channel)
    return about.order_by("pk").last()


def remind(appointment, *, by):
    """Queue the one reminder, unless its moment is past: what was just said says it all."""
    hours = ClinicSettings.objects.current().reminder_hours
    due_at = out_of_the_night(appointment.starts_at - timedelta(hours=hours))
    if not hours or due_at <= timezone.now():
        return
    for channel in channels_of(appointment.patient):
        _queue(MessageKind.REMINDER, [appointment], channel, by, due_at=due_at)


def _queue(kind, appointments, channel, by, due_at=None):
    """Keep a message to be sent; one to a dead address is not, and somebody looks after it."""
    if not appointments:
        return
    first, *others = sorted(appointments, key=lambda one: (one.starts_at, one.pk))
    patient = first.patient
    address = channels_of(patient)[channel]
    # A reminder waits for its time: the address may have changed by then.
    is_dead = due_at is None and does_not_arrive(channel, address)
    message = Message.objects.create(
        patient=patient,
        appointment=first,
        kind=kind,
        channel=channel,
        to=address,
        language=patient.language,
        due_at=due_at or timezone.now(),
        created_by=by,
        status=MessageStatus.WITHHELD if is_dead else MessageStatus.WAITING,
    )
    message.others.set(others)


# By hand


@atomic()
def send_again(*, message, by):
    """Send a message that did not arrive, or of which nobody knows, once more, in the words of now.

    Raises ValidationError if there is nothing to send any more, or nowhere to.
    """
    patient = lock_patient_of(message)
    message = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if not message.is_to_look_after:
        words = _("This message is %(status)s already.")
        raise ValidationError(words % {"status": message.get_status_display().lower()})
    if why_not := why_not_said(message):
        raise ValidationError(why_not)
    if is_waiting_already(message):
        raise ValidationError(_("The same message is waiting to be sent already."))
    address = channels_of(patient)[message.channel]
    if does_not_arrive(message.channel, address):
        words = _("Nothing arrives at %(to)s. Change the address, or ring.")
        raise ValidationError(words % {"to": address})
    message.to = address
    message.status, message.due_at = MessageStatus.WAITING, timezone.now()
    message.attempts, message.claimed_at, message.sent_at = 0, None, None
    message.claimed_by = message.message_id = message.reply = ""
    message.save()
    MessageAttempt(message=message, status=message.status, by=by).save()
    return message


def is_waiting_already(message):
    """Whether another message about the same waits to be sent."""
    same = Message.objects.waiting().filter(
        appointment=message.appointment_id, kind=message.kind, channel=message.channel
    )
    return same.exclude(pk=message.pk).exists()


def why_not_said(message, now=None):
    """Why a message has nothing to say any more, in words; "" where it has."""
    appointments = said_of(message, now)
    if not appointments:
        return _("The appointment has begun, is called off or was changed. Nothing is sent.")
    if message.channel not in channels_of(message.patient):
        return _("The patient is not to be written to in this way. Nothing is sent.")
    return ""


def said_of(message, now=None):
    """The appointments of a message that it may still be sent about."""
    now = now or timezone.now()
    return [
        one
        for one in message.appointments
        if one.patient_id == message.patient_id and _is_said_of(one, message.kind, now)
    ]


def _is_said_of(appointment, kind, now):
    if kind != MessageKind.CANCELLED:
        return is_to_come(appointment, now)
    return is_off(appointment) and appointment.starts_at > now
