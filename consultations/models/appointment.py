"""Appointment: who comes when, to whom, in which room, with which laser; and what became of it."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import AppointmentKind, AppointmentStatus, ReasonOf, Rebook

from .absence import Absence
from .days import ends_of, start_of
from .laser import Laser
from .opening import ClosedDay
from .patient import Patient
from .record import Record, RecordQuerySet, user_key
from .room import Room
from .spine import STANDING
from .text import NOTE_LENGTH, REASON_LENGTH, moment_in_words, no_invisible_characters

HOLDING = AppointmentStatus.holding()
CALLED_OFF = (AppointmentStatus.MISSED, AppointmentStatus.CANCELLED)
HERE = (AppointmentStatus.ARRIVED, AppointmentStatus.IN_ROOM)
LONGEST = timedelta(hours=12)


class AppointmentQuerySet(RecordQuerySet):
    def holding(self):
        """Those that hold their slot: to come, or under way."""
        return self.filter(holds=1)

    def of_courses(self, plans):
        """Those that are for one of these courses."""
        return self.filter(courses__plan__in=plans, courses__entered_in_error_at__isnull=True)

    def on(self, day, days=1):
        """Those that start on a day, or on so many days from it on."""
        start, end = ends_of(day, days)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def within(self, starts_at, ends_at):
        """Those that hold a part of this span."""
        return self.holding().filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def not_written_down(self, today=None):
        """Of earlier days, and nobody wrote what became of them."""
        return self.holding().filter(starts_at__lt=start_of(today or timezone.localdate()))

    def to_move(self, today=None):
        """To come, and its practitioner is away or the clinic closed, as was entered later."""
        to_come = self.holding().filter(starts_at__gte=start_of(today or timezone.localdate()))
        to_come = to_come.annotate(
            on=TruncDate("starts_at"), agreed_at=Coalesce("overbooked_at", "created_at")
        )
        later = Q(entered_in_error_at__isnull=True, changed_at__gt=OuterRef("agreed_at"))
        away = Absence.objects.filter(
            later,
            user=OuterRef("practitioner"),
            starts_at__lt=OuterRef("ends_at"),
            ends_at__gt=OuterRef("starts_at"),
        )
        closed = ClosedDay.objects.filter(later, day=OuterRef("on"))
        return to_come.filter(Exists(away) | Exists(closed))

    def attended(self):
        """Those that the patient came to."""
        return self.filter(STANDING, status=AppointmentStatus.DONE)

    def waiting(self):
        """To come, of patients who would come earlier."""
        return self.holding().filter(would_come_earlier=True)

    def to_book_again(self):
        """Missed or cancelled, and the patient is still to be asked for another time."""
        return self.filter(STANDING, rebook=Rebook.OPEN)


class Appointment(Record):
    hangs_on = ("patient",)

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("patient")
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=AppointmentKind, default=AppointmentKind.TREATMENT
    )
    # Half open. Both are stored: PostgreSQL takes no sum of a time and a length into a constraint.
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("practitioner"),
    )
    room = models.ForeignKey(
        Room,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("room"),
    )
    laser = models.ForeignKey(
        Laser,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("laser"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=AppointmentStatus,
        default=AppointmentStatus.BOOKED,
        editable=False,
    )
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True, editable=False)
    # Why it was missed or cancelled: as chosen, whose it was (blank where nobody was asked, before
    # there was a diary), and what was said beside it.
    reason = models.CharField(_("reason"), max_length=100, blank=True, editable=False)
    reason_of = models.CharField(
        _("whose reason"), max_length=10, choices=ReasonOf, blank=True, editable=False
    )
    reason_words = models.TextField(
        _("more about the reason"), blank=True, max_length=NOTE_LENGTH, editable=False
    )
    cancelled_late = models.BooleanField(_("cancelled late"), default=False, editable=False)
    rebook = models.CharField(
        _("to book again"), max_length=10, choices=Rebook, blank=True, editable=False
    )
    booked_again = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("booked again as"),
    )
    declined_reason = models.TextField(
        _("why not booked again"), blank=True, max_length=REASON_LENGTH, editable=False
    )
    would_come_earlier = models.BooleanField(
        _("would come earlier"),
        default=False,
        help_text=_("Offered a time that is cancelled."),
    )
    note = models.TextField(
        _("note"),
        blank=True,
        max_length=NOTE_LENGTH,
        help_text=_("No health details here: reception reads this."),
    )
    overbooked_reason = models.CharField(
        _("booked over others because"),
        max_length=200,
        blank=True,
        validators=[no_invisible_characters],
    )
    overbooked_by = user_key(verbose_name=_("overbooked by"), null=True, blank=True)
    overbooked_at = models.DateTimeField(_("overbooked at"), null=True, blank=True, editable=False)
    # Moved here from sessions that overlapped: they may, until they are dealt with.
    before_diary = models.BooleanField(_("booked before the diary"), default=False, editable=False)
    # What calendars know it by, and how often it was moved or cancelled.
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    # Whether it holds its slot: lists of what is to come are read in their order by it.
    holds = models.GeneratedField(
        expression=Case(
            When(status__in=HOLDING, entered_in_error_at__isnull=True, then=1), default=0
        ),
        # A number: SQLite looks up no truth in an index.
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [
            models.Index(fields=["starts_at", "id"], name="appointment_by_time"),
            models.Index(fields=["holds", "starts_at", "id"], name="appointment_to_come"),
            models.Index(
                fields=["status", "starts_at", "id", "entered_in_error_at"],
                name="appointment_by_status",
            ),
            # Not a partial index: SQLite cannot tell that a bound value fits its condition.
            models.Index(fields=["rebook", "starts_at", "id"], name="appointment_to_book_again"),
        ]
        permissions = [
            ("overbook_appointment", "Can book over a practitioner, a room or the hours"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="appointment_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_code="ends_at",
                violation_error_message=_("An appointment takes some time."),
            ),
            models.CheckConstraint(
                name="appointment_called_off_says_why",
                condition=Q(status__in=CALLED_OFF) & ~Q(reason="")
                | ~Q(status__in=CALLED_OFF)
                & Q(reason="", reason_of="", reason_words="", rebook="", cancelled_late=False),
                violation_error_code="reason",
                violation_error_message=_("Say why it was missed or cancelled."),
            ),
            models.CheckConstraint(
                name="appointment_here_since",
                condition=~Q(status__in=HERE) | Q(arrived_at__isnull=False),
                violation_error_message=_("Who is here has arrived."),
            ),
            models.CheckConstraint(
                name="appointment_booked_again_says_which",
                condition=Q(rebook=Rebook.BOOKED, booked_again__isnull=False)
                | ~Q(rebook=Rebook.BOOKED) & Q(booked_again__isnull=True),
                violation_error_message=_("Say which appointment took its place."),
            ),
            models.CheckConstraint(
                name="appointment_declined_says_why",
                condition=Q(rebook=Rebook.DECLINED) & ~Q(declined_reason="")
                | ~Q(rebook=Rebook.DECLINED) & Q(declined_reason=""),
                violation_error_code="declined_reason",
                violation_error_message=_("Say why not."),
            ),
            models.CheckConstraint(
                name="appointment_overbooked_says_who_when_why",
                condition=Q(
                    overbooked_reason="", overbooked_by__isnull=True, overbooked_at__isnull=True
                )
                | Q(overbooked_by__isnull=False, overbooked_at__isnull=False)
                & ~Q(overbooked_reason=""),
                violation_error_code="overbooked_reason",
                violation_error_message=_("Booking over others has a reason, a name and a time."),
            ),
        ]

    def __str__(self):
        return _("%(kind)s of %(patient)s, %(when)s") % {
            "kind": self.get_kind_display(),
            "patient": self.patient,
            "when": moment_in_words(self.starts_at),
        }

    @property
    def day(self):
        """The day it starts on, at the clinic."""
        return timezone.localdate(self.starts_at)

    @property
    def minutes(self):
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_holding(self):
        """Whether it holds its slot: to come, or under way."""
        return self.status in HOLDING and not self.in_error

    @property
    def is_called_off(self):
        return self.status in CALLED_OFF
