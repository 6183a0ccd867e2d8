"""FollowUp: a contact that is due on a day, and stays due until somebody says what came of it."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import FollowUpKind

from .assessment import AreaAssessment
from .patient import Patient
from .plan import TreatmentPlan
from .record import Record, RecordQuerySet, user_key
from .referral import SurgicalReferral
from .session import TreatmentSession
from .spine import STANDING
from .text import NOTE_LENGTH, day_in_words

WAITING = STANDING & Q(done_on__isnull=True)


class FollowUpQuerySet(RecordQuerySet):
    def waiting(self):
        """Neither done nor entered in error, whenever it is due."""
        return self.filter(WAITING)

    def due(self, today=None):
        """Waiting, and due today or missed."""
        return self.waiting().filter(due_on__lte=today or timezone.localdate())

    def calls(self, day, days=1):
        """Waiting, and to be made at a time on a day, or on so many days from it on."""
        until = date.fromordinal(day.toordinal() + days)
        return self.waiting().filter(due_on__gte=day, due_on__lt=until, due_time__isnull=False)


class FollowUp(Record):
    """Scheduled by the program (infection watch after a session, review after a course) or by
    hand; `done_by` follows from who enters the outcome."""

    hangs_on = ("session", "plan", "referral", "patient")

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("patient")
    )
    session = models.ForeignKey(
        TreatmentSession,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("session"),
    )
    plan = models.ForeignKey(
        TreatmentPlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("plan"),
    )
    referral = models.ForeignKey(
        SurgicalReferral,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("referral"),
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=FollowUpKind, default=FollowUpKind.RECALL
    )
    due_on = models.DateField(_("due on"))
    # By the clinic's clock: a call moved to another day keeps its hour.
    due_time = models.TimeField(
        _("at"),
        null=True,
        blank=True,
        help_text=_("A call with a time stands in the diary."),
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = user_key(verbose_name=_("done by"), null=True, blank=True)
    # Tried and not reached: it stays open, for another try or for the person named.
    no_answer_on = models.DateField(_("no answer on"), null=True, blank=True, editable=False)
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("handed to"),
    )
    outcome = models.TextField(_("outcome"), blank=True, max_length=NOTE_LENGTH)

    objects = FollowUpQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [
            models.Index(fields=["-due_on", "-id"], name="follow_up_latest"),
            models.Index(fields=["due_on", "id"], condition=WAITING, name="follow_up_waiting"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="follow_up_done_says_who_when_what",
                condition=Q(done_on__isnull=True, done_by__isnull=True, outcome="")
                | Q(done_on__isnull=False, done_by__isnull=False) & ~Q(outcome=""),
                violation_error_code="outcome",
                violation_error_message=_("Say what came of it, and when."),
            ),
            models.CheckConstraint(
                name="follow_up_names_what_it_follows",
                condition=Q(
                    kind=FollowUpKind.INFECTION_WATCH,
                    session__isnull=False,
                    plan__isnull=True,
                    referral__isnull=True,
                )
                | Q(
                    kind=FollowUpKind.RESULT_REVIEW,
                    session__isnull=True,
                    plan__isnull=False,
                    referral__isnull=True,
                )
                | Q(
                    kind=FollowUpKind.REFERRAL_REPLY,
                    session__isnull=True,
                    plan__isnull=True,
                    referral__isnull=False,
                )
                | Q(kind=FollowUpKind.RECALL, session__isnull=True, referral__isnull=True),
                violation_error_code="kind",
                violation_error_message=_(
                    "An infection watch follows a session, a review a plan, a reply a referral."
                ),
            ),
            models.UniqueConstraint(
                fields=["session", "kind", "due_on"],
                condition=WAITING,
                name="follow_up_one_per_session_and_day",
                violation_error_code="due_on",
                violation_error_message=_("This session already has a follow-up on that day."),
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "due_on"],
                condition=WAITING,
                name="follow_up_one_per_plan_and_day",
                violation_error_code="due_on",
                violation_error_message=_("This plan already has a follow-up on that day."),
            ),
        ]

    def __str__(self):
        return _("%(kind)s of %(patient)s, due %(day)s") % {
            "kind": self.get_kind_display(),
            "patient": self.patient,
            "day": day_in_words(self.due_on),
        }

    @property
    def is_waiting(self):
        return self.done_on is None and not self.in_error

    @property
    def due_at(self):
        """The moment of a call that has a time; None of one that has not."""
        if self.due_time is None:
            return None
        return timezone.make_aware(datetime.combine(self.due_on, self.due_time))

    @property
    def assessment(self):
        """The assessed area it is about; None for a recall that follows no plan."""
        return self.nearest(AreaAssessment)
