"""Message: what a patient is told of an appointment; and what became of each attempt to send it.

No record: the program writes it, and nobody edits it. Its attempts are sealed.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import MessageChannel, MessageKind, MessageStatus

from .append_only import Kept
from .appointment import Appointment
from .languages import languages
from .patient import Patient
from .record import user_key
from .spine import Spine, SpineQuerySet

# A run that was not heard of for so long has ended, on whatever machine.
LONGEST_RUN = timedelta(minutes=10)
MOST_RETURNED = 3  # so often a message to an address comes back before it counts as dead


class MessageQuerySet(SpineQuerySet):
    def standing(self):
        """As of records: no message is ever in error."""
        return self

    def about(self, appointment):
        """Those about an appointment, be it among others."""
        shared = Message.others.through.objects.filter(appointment=appointment)
        return self.filter(Q(appointment=appointment) | Q(pk__in=shared.values("message")))

    def waiting(self):
        return self.filter(status=MessageStatus.WAITING)

    def left(self):
        """Those that may have reached the patient."""
        return self.filter(status__in=MessageStatus.left())

    def due(self, now):
        return self.waiting().filter(due_at__lte=now).order_by("due_at", "pk")

    def to_look_after(self, now=None):
        """Those that did not reach the patient, or nobody knows, of appointments still to come."""
        return self.filter(
            status__in=MessageStatus.to_look_after(),
            appointment__starts_at__gt=now or timezone.now(),
            patient__entered_in_error_at__isnull=True,
            patient__erased_at__isnull=True,
        )

    def to(self, channel, address):
        return self.filter(channel=channel, to__iexact=address)


class Message(Spine, models.Model):
    hangs_on = ("patient",)

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="messages", verbose_name=_("patient")
    )
    # Of a course that was booked together, the first; the others stand beside it.
    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        related_name="messages",
        verbose_name=_("appointment"),
    )
    others = models.ManyToManyField(
        Appointment, related_name="+", blank=True, verbose_name=_("other appointments")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MessageKind)
    channel = models.CharField(_("by"), max_length=10, choices=MessageChannel)
    to = models.CharField(_("to"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    created_by = user_key(verbose_name=_("created by"), null=True)
    due_at = models.DateTimeField(_("to be sent at"), default=timezone.now)
    status = models.CharField(
        _("status"), max_length=20, choices=MessageStatus, default=MessageStatus.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Which run hands it over, or did, and since when.
    claimed_by = models.CharField(max_length=100, blank=True)
    claimed_at = models.DateTimeField(_("handed over at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    message_id = models.CharField(_("message ID"), max_length=150, blank=True)
    reply = models.CharField(_("what the server said"), max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["status", "due_at", "id"], name="message_due"),
            models.Index(fields=["to"], name="message_to"),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_claimed_says_by_whom_when",
                condition=~Q(status=MessageStatus.CLAIMED)
                | ~Q(claimed_by="") & Q(claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_sent_says_when",
                condition=~Q(status=MessageStatus.SENT) | Q(sent_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["appointment", "kind", "channel"],
                condition=Q(status=MessageStatus.WAITING),
                name="message_waits_once",
            ),
            models.UniqueConstraint(
                fields=["message_id"], condition=~Q(message_id=""), name="message_id_once"
            ),
        ]

    def __str__(self):
        return _("%(kind)s by %(channel)s") % {
            "kind": self.get_kind_display(),
            "channel": self.get_channel_display().lower(),
        }

    @property
    def appointments(self):
        """What it is about, in the order of time."""
        others = list(self.others.all()) if self.pk else []
        return sorted([self.appointment, *others], key=lambda one: (one.starts_at, one.pk))

    @property
    def is_to_look_after(self):
        return self.status in MessageStatus.to_look_after()


class MessageAttempt(Spine, Kept):
    """One step of a message: claimed, sent, put off, refused, come back, or sent again by whom.

    Holds neither address nor words.
    """

    hangs_on = ("message",)

    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, related_name="steps", verbose_name=_("message")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    status = models.CharField(_("what"), max_length=20, choices=MessageStatus)
    code = models.CharField(_("code of the server"), max_length=20, blank=True)
    by = user_key(verbose_name=_("who"), null=True)

    class Meta:
        verbose_name = _("attempt to send")
        verbose_name_plural = _("attempts to send")

    def __str__(self):
        return f"{self.get_status_display()}, {self.at:%Y-%m-%d %H:%M}"
