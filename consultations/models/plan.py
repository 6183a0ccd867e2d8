"""TreatmentPlan: a course of sessions for one area, at least five unless a reason is given."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.rules.protocol import COURSE_SESSIONS
from consultations.vocabulary import (
    AppointmentKind,
    LaserType,
    Pace,
    PlanStatus,
    Rebook,
    SessionStatus,
    ShortCourseReason,
    Worth,
)

from .assessment import AreaAssessment
from .days import start_of
from .in_order import AskedOfEach, BesideOrder, DaysAfter
from .money import MoneyField
from .record import Record, RecordQuerySet
from .spine import STANDING
from .text import NOTE_LENGTH, day_in_words
from .transactions import InThisTransaction, note_saved

OVERDUE_AFTER = 7  # days that a session is due before its course is overdue
TO_BOOK_WITHIN = 14  # days before a session is due that somebody is told to book it
# A review, or a test patch, takes the place of no session.
TREATS = Q(appointment__kind=AppointmentKind.TREATMENT)
HOLDS = TREATS & Q(appointment__holds=1)
TO_BOOK_AGAIN = TREATS & Q(
    appointment__rebook=Rebook.OPEN, appointment__entered_in_error_at__isnull=True
)
NEEDS_REASON = (PlanStatus.PAUSED, PlanStatus.STOPPED)


def _appointments(condition):
    """The appointments of each plan of a list that meet a condition."""
    from .appointment_plan import AppointmentPlan  # the two records know each other

    return AppointmentPlan.objects.filter(STANDING, condition, plan=OuterRef("pk"))


class TreatmentPlanQuerySet(RecordQuerySet):
    def open(self):
        """Still to be gone on with: active or paused."""
        # By what it is not: asked for by status, SQLite reads every open plan of the clinic
        # instead of the few that the rest of the query is about.
        return self.standing().exclude(status__in=(PlanStatus.COMPLETED, PlanStatus.STOPPED))

    def overdue(self, today=None):
        """Active, due a week ago or earlier, and nothing booked, or only far ahead; without those
        whose last appointment is still to be dealt with."""
        today = today or timezone.localdate()
        far = DaysAfter(Value(start_of(today)), OuterRef("interval_days"))
        booked = _appointments(Q(HOLDS, appointment__starts_at__lt=far) | TO_BOOK_AGAIN)
        return self._due_by(today - timedelta(days=OVERDUE_AFTER)).exclude(AskedOfEach(booked))

    def to_book(self, today=None):
        """Active, due within two weeks or past, nothing booked, and not overdue yet."""
        today = today or timezone.localdate()
        due = self._due_by(today + timedelta(days=TO_BOOK_WITHIN))
        due = due.filter(next_due_on__gt=today - timedelta(days=OVERDUE_AFTER))
        return due.exclude(AskedOfEach(_appointments(HOLDS | TO_BOOK_AGAIN)))

    def _due_by(self, latest):
        is_due = LessThanOrEqual(BesideOrder("next_due_on"), latest)
        return self.filter(STANDING, is_due, status=PlanStatus.ACTIVE)


class TreatmentPlan(Record):
    hangs_on = ("assessment",)
    stands_with = ("assessment", "assessment__consultation")

    assessment = models.ForeignKey(
        AreaAssessment,
        on_delete=models.PROTECT,
        related_name="plans",
        verbose_name=_("assessed area"),
    )
    laser_type = models.CharField(_("laser"), max_length=30, choices=LaserType)
    pace = models.CharField(_("pace"), max_length=10, choices=Pace, default=Pace.GRADUAL)
    planned_sessions = models.PositiveSmallIntegerField(
        _("planned sessions"),
        default=COURSE_SESSIONS,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    short_course_reason = models.CharField(
        _("reason for a short course"),
        max_length=20,
        choices=ShortCourseReason,
        blank=True,
        help_text=_("Needed for fewer than five sessions."),
    )
    extension_reason = models.TextField(
        _("reason for extending"), blank=True, max_length=NOTE_LENGTH
    )
    interval_days = models.PositiveSmallIntegerField(
        _("days between sessions"), validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    price_per_session = MoneyField(_("price per session"), null=True, blank=True)
    course_price = MoneyField(
        _("price of the course"),
        null=True,
        blank=True,
        help_text=_("If blank, the planned sessions at the price per session."),
    )
    # As the issued quote fixed it; only a new quote changes these.
    quoted_at = models.DateTimeField(_("quoted at"), null=True, blank=True, editable=False)
    quoted_price = MoneyField(_("quoted price"), null=True, blank=True, editable=False)
    quoted_per_session = MoneyField(
        _("quoted price per session"), null=True, blank=True, editable=False
    )
    quoted_sessions = models.PositiveSmallIntegerField(
        _("quoted sessions"), null=True, blank=True, editable=False
    )
    quoted_worth = models.CharField(
        _("quoted worth of what was done"),
        max_length=10,
        choices=Worth,
        blank=True,
        editable=False,
    )
    status = models.CharField(
        _("status"), max_length=10, choices=PlanStatus, default=PlanStatus.ACTIVE
    )
    status_reason = models.TextField(_("reason for the status"), blank=True, max_length=NOTE_LENGTH)
    # The adverse event it was paused for, by the program; a clinician who clears it resumes it.
    paused_for = models.ForeignKey(
        "AdverseEvent",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("paused for"),
    )
    started_on = models.DateField(_("started on"), default=timezone.localdate)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)
    next_due_on = models.DateField(_("next due"), null=True, blank=True, editable=False)

    objects = TreatmentPlanQuerySet.as_manager()

    is_as_it_stands = InThisTransaction()  # read with its patient locked

    class Meta(Record.Meta):
        verbose_name = _("treatment plan")
        verbose_name_plural = _("treatment plans")
        indexes = [
            models.Index(fields=["status", "-id"], name="plan_by_status"),
            # Not a partial index: SQLite cannot tell that a bound status fits its condition.
            models.Index(
                fields=["status", "next_due_on", "id", "entered_in_error_at"],
                name="plan_by_due_date",
            ),
            # Holds all that courses are counted by.
            models.Index(
                fields=["started_on", "entered_in_error_at", "status"], name="plan_by_start"
            ),
            models.Index(fields=["completed_on", "entered_in_error_at"], name="plan_by_completion"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["assessment"],
                condition=STANDING,
                name="plan_one_per_assessment",
                violation_error_code="assessment",
                violation_error_message=_("This assessed area already has a plan."),
            ),
            models.CheckConstraint(
                name="plan_five_sessions_or_a_reason",
                condition=Q(planned_sessions__gte=COURSE_SESSIONS)
                | (Q(planned_sessions__gte=1) & ~Q(short_course_reason="")),
                violation_error_code="planned_sessions",
                violation_error_message=_(
                    "A course has at least five sessions; give a reason for fewer."
                ),
            ),
            models.CheckConstraint(
                name="plan_price_not_negative",
                condition=Q(price_per_session__isnull=True) | Q(price_per_session__gte=0),
                violation_error_code="price_per_session",
                violation_error_message=_("The price cannot be negative."),
            ),
            models.CheckConstraint(
                name="plan_course_price_not_negative",
                condition=Q(course_price__isnull=True) | Q(course_price__gte=0),
                violation_error_code="course_price",
                violation_error_message=_("The price cannot be negative."),
            ),
            models.CheckConstraint(
                name="plan_quote_is_whole",
                condition=Q(
                    quoted_at__isnull=True,
                    quoted_price__isnull=True,
                    quoted_per_session__isnull=True,
                    quoted_sessions__isnull=True,
                    quoted_worth="",
                )
                | Q(
                    quoted_at__isnull=False,
                    quoted_price__isnull=False,
                    quoted_price__gte=0,
                    quoted_sessions__isnull=False,
                    quoted_sessions__gte=1,
                )
                & ~Q(quoted_worth=""),
                violation_error_code="course_price",
                violation_error_message=_("A quote has a price, a number of sessions and a day."),
            ),
            models.CheckConstraint(
                name="plan_paused_or_stopped_says_why",
                condition=~Q(status__in=NEEDS_REASON) | ~Q(status_reason=""),
                violation_error_code="status_reason",
                violation_error_message=_("Say why the plan is paused or stopped."),
            ),
            models.CheckConstraint(
                name="plan_completed_has_a_date",
                condition=Q(status=PlanStatus.COMPLETED, completed_on__isnull=False)
                | ~Q(status=PlanStatus.COMPLETED) & Q(completed_on__isnull=True),
                violation_error_code="status",
                violation_error_message=_("A completed plan has its date; others have none."),
            ),
        ]

    def save(self, *args, **kwargs):
        """As Record.save; whoever opened the transaction can tell which courses it changed."""
        before = None if self._state.adding else self.version
        super().save(*args, **kwargs)
        note_saved(self, before)

    def __str__(self):
        return _("Plan: %(area)s") % {"area": self.assessment}

    @property
    def name(self):
        """Its area and first day, which tell it from another course of the same area."""
        return _("%(area)s, from %(day)s") % {
            "area": self.assessment.get_area_display(),
            "day": day_in_words(self.started_on),
        }

    @property
    def is_open(self):
        """Whether it is still to be gone on with, as in `open`."""
        return self.status in {PlanStatus.ACTIVE, PlanStatus.PAUSED}

    @property
    def area(self):
        return self.assessment.area

    def done_sessions(self):
        """The sessions that count, in the order of their numbers."""
        return self.sessions.standing().filter(status=SessionStatus.DONE).order_by("performed_on")
