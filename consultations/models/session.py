"""TreatmentSession: one area treated once. Who comes when is an Appointment; former rows that were
booked, missed or cancelled stay as they were, and count nowhere."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.rules.readiness.settings import SETTINGS
from consultations.vocabulary import (
    Anaesthesia,
    Cooling,
    GlobalImprovement,
    SessionStatus,
)

from .assessment import HALF_STEPS, grade_field
from .health import AreaCheck, HealthScreen, yes_no
from .laser import MOST_PASSES, LaserMode, setting_field
from .plan import TreatmentPlan
from .record import RecordQuerySet, SignedRecord, late_to_sign, user_key
from .spine import STANDING
from .text import NOTE_LENGTH, day_in_words

UNDONE = (SessionStatus.MISSED, SessionStatus.CANCELLED)


def score_field(label):
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(10)]
    )


def _score_to_ten(name):
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0, f"{name}__lte": 10})


class TreatmentSessionQuerySet(RecordQuerySet):
    def done(self):
        # By what they are not: asked for by status, SQLite reads all done sessions there are.
        return self.standing().exclude(status__in=(SessionStatus.BOOKED, *UNDONE))

    def to_sign(self):
        """Done here and not signed yet; what was missed, cancelled or done elsewhere, nobody signs,
        and has no operator."""
        unsigned = self.filter(STANDING, signed_at__isnull=True, operator__isnull=False)
        return unsigned.exclude(status__in=(SessionStatus.BOOKED, *UNDONE)).standing_each()

    def to_sign_by(self, user):
        """What this person has done and not signed yet."""
        own = self.to_sign().filter(operator=user, day__lte=timezone.localdate())
        return own.not_erased()

    def late_of_others(self, user):
        """What anybody else has done two days ago or earlier and not signed yet."""
        return self.to_sign().filter(day__lte=late_to_sign()).exclude(operator=user)


class TreatmentSession(HealthScreen, AreaCheck, SignedRecord):
    hangs_on = ("plan",)
    stands_with = ("plan",)

    plan = models.ForeignKey(
        TreatmentPlan, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("plan")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=SessionStatus, default=SessionStatus.DONE
    )
    status_reason = models.TextField(_("reason"), blank=True, max_length=NOTE_LENGTH)
    booked_for = models.DateTimeField(_("booked for"), null=True, blank=True)
    performed_on = models.DateField(_("performed on"), null=True, blank=True)
    # The day it was, or is to be: what lists are ordered by and bookings are looked up by.
    day = models.DateField(_("day"), editable=False)
    performed_elsewhere = models.CharField(
        _("performed elsewhere"),
        max_length=200,
        blank=True,
        help_text=_(
            "The other clinic's name. Counts; of the past, without booking, operator or laser."
        ),
    )
    # False for what was stored before `session_elsewhere_is_history` was promised.
    elsewhere_checked = models.BooleanField(default=True, editable=False)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("operator"),
    )
    laser_mode = models.ForeignKey(
        LaserMode,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("laser and mode"),
    )

    fluence_j_cm2 = setting_field("fluence_j_cm2")
    pulse_energy_mj = setting_field("pulse_energy_mj")
    power_w = setting_field("power_w")
    pulse_duration_us = setting_field("pulse_duration_us")
    spot_size_mm = setting_field("spot_size_mm")
    density_percent = setting_field("density_percent")
    passes = setting_field("passes")
    repetition_rate_hz = setting_field("repetition_rate_hz")
    pulse_count = models.PositiveIntegerField(
        _("pulse count"), null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )
    cooling = models.CharField(_("cooling"), max_length=10, choices=Cooling, blank=True)
    anaesthesia = models.CharField(_("anaesthesia"), max_length=12, choices=Anaesthesia, blank=True)

    eyewear_worn = yes_no(_("eyewear worn"))
    antiviral_given = yes_no(_("antiviral given"))
    aftercare_given = yes_no(_("aftercare given"))
    endpoint = models.CharField(_("endpoint"), max_length=200, blank=True)
    pain = score_field(_("pain, 0–10"))
    reaction = models.CharField(_("reaction"), max_length=200, blank=True)

    grade = grade_field(_("grade today"))
    global_improvement = models.CharField(
        _("global improvement"), max_length=20, choices=GlobalImprovement, blank=True
    )
    satisfaction = score_field(_("satisfaction, 0–10"))

    findings = models.JSONField(_("findings"), default=list, editable=False)
    rulebook = models.CharField(_("rulebook"), max_length=20, blank=True, editable=False)
    override_reason = models.TextField(
        _("reason to go ahead"),
        blank=True,
        max_length=NOTE_LENGTH,
        help_text=_("A clinician may override what stops the session, with a reason."),
    )
    overridden_by = user_key(verbose_name=_("overridden by"), null=True, blank=True)
    overridden_at = models.DateTimeField(_("overridden at"), null=True, blank=True, editable=False)
    notes = models.TextField(_("notes"), blank=True, max_length=NOTE_LENGTH)

    objects = TreatmentSessionQuerySet.as_manager()

    # What readiness judges: changed, a done session is judged anew.
    JUDGED_FIELDS = (
        "plan_id",
        "performed_on",
        "operator_id",
        "laser_mode_id",
        "override_reason",
        *HealthScreen.ANSWERS,
        *AreaCheck.CHECK_FIELDS,
        *SETTINGS,
        "eyewear_worn",
        "antiviral_given",
    )
    SETTINGS = (*SETTINGS, "pulse_count", "cooling", "anaesthesia")

    class Meta(SignedRecord.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(fields=["-day", "-id"], name="session_latest"),
            models.Index(fields=["status", "-day", "-id"], name="session_by_status"),
            # With the status: else SQLite prefers to read all sessions of one status. With the
            # day: else all bookings from a day on. With where it was and its grade: figures are
            # counted plan by plan.
            models.Index(
                fields=[
                    "plan",
                    "status",
                    "day",
                    "entered_in_error_at",
                    "performed_elsewhere",
                    "grade",
                ],
                name="session_of_plan",
            ),
            models.Index(
                fields=["-day", "-id"],
                condition=Q(signed_at__isnull=True, entered_in_error_at__isnull=True),
                name="session_unsigned",
            ),
            # Without what nobody signs, and with all that is asked of the rest.
            models.Index(
                fields=[
                    "day",
                    "id",
                    "plan",
                    "status",
                    "operator",
                    "signed_at",
                    "entered_in_error_at",
                ],
                condition=Q(
                    signed_at__isnull=True,
                    entered_in_error_at__isnull=True,
                    operator__isnull=False,
                ),
                name="session_awaits_signature",
            ),
            models.Index(
                fields=[
                    "operator",
                    "day",
                    "id",
                    "plan",
                    "status",
                    "signed_at",
                    "entered_in_error_at",
                ],
                condition=Q(signed_at__isnull=True, entered_in_error_at__isnull=True),
                name="session_to_sign",
            ),
            # A laser's register is read by the month.
            models.Index(fields=["laser_mode", "day", "id"], name="session_of_laser_mode"),
            # Days are counted, and bookings read in their order, without reading the wide rows. Not
            # partial: SQLite would walk all of
            # it to count what is not signed. Without the plan: it would read all done sessions to
            # count those of one plan.
            models.Index(
                fields=["status", "day", "booked_for", "id", "entered_in_error_at"],
                name="session_by_day",
            ),
            # Holds all that figures are counted by.
            models.Index(
                fields=[
                    "status",
                    "day",
                    "entered_in_error_at",
                    "performed_elsewhere",
                    "laser_mode",
                    "operator",
                    "plan",
                    "satisfaction",
                ],
                name="session_figures",
            ),
        ]
        permissions = [
            ("sign_treatmentsession", "Can sign sessions"),
            ("override_treatmentsession", "Can override what stops a session"),
        ]
        constraints = [
            *SignedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["plan", "performed_on"],
                condition=STANDING & Q(status=SessionStatus.DONE),
                name="session_one_done_per_plan_and_day",
                violation_error_code="performed_on",
                violation_error_message=_("A session on this day is already recorded."),
            ),
            models.UniqueConstraint(
                fields=["plan", "booked_for"],
                condition=STANDING & Q(status=SessionStatus.BOOKED),
                name="session_one_booking_per_plan_and_time",
                violation_error_code="booked_for",
                violation_error_message=_("This session is already booked for that time."),
            ),
            models.CheckConstraint(
                name="session_done_has_a_date",
                condition=~Q(status=SessionStatus.DONE) | Q(performed_on__isnull=False),
                violation_error_code="performed_on",
                violation_error_message=_("Say when the session was performed."),
            ),
            models.CheckConstraint(
                name="session_booked_has_a_time",
                condition=~Q(status=SessionStatus.BOOKED) | Q(booked_for__isnull=False),
                violation_error_code="booked_for",
                violation_error_message=_("Say when the session is booked for."),
            ),
            models.CheckConstraint(
                name="session_done_has_an_operator",
                condition=~Q(status=SessionStatus.DONE)
                | ~Q(performed_elsewhere="")
                | Q(operator__isnull=False),
                violation_error_code="operator",
                violation_error_message=_("Say who performed the session."),
            ),
            models.CheckConstraint(
                name="session_done_has_a_laser_mode",
                condition=~Q(status=SessionStatus.DONE)
                | ~Q(performed_elsewhere="")
                | Q(laser_mode__isnull=False),
                violation_error_code="laser_mode",
                violation_error_message=_("Say which laser and mode was used."),
            ),
            models.CheckConstraint(
                name="session_elsewhere_is_history",
                condition=Q(performed_elsewhere="")
                | Q(elsewhere_checked=False)
                | Q(
                    status=SessionStatus.DONE,
                    booked_for__isnull=True,
                    operator__isnull=True,
                    laser_mode__isnull=True,
                ),
                violation_error_code="performed_elsewhere",
                violation_error_message=_(
                    "A session at another clinic is history: done, and without a booking, an "
                    "operator or a laser of ours."
                ),
            ),
            models.CheckConstraint(
                name="session_missed_or_cancelled_says_why",
                condition=~Q(status__in=UNDONE) | ~Q(status_reason=""),
                violation_error_code="status_reason",
                violation_error_message=_("Say why the session was missed or cancelled."),
            ),
            models.CheckConstraint(
                name="session_override_says_who_when_why",
                condition=Q(overridden_by__isnull=True, overridden_at__isnull=True)
                & Q(override_reason="")
                | Q(overridden_by__isnull=False, overridden_at__isnull=False)
                & ~Q(override_reason=""),
                violation_error_code="override_reason",
                violation_error_message=_("An override has a reason, a name and a time."),
            ),
            models.CheckConstraint(
                name="session_pain_to_ten",
                condition=_score_to_ten("pain"),
                violation_error_code="pain",
                violation_error_message=_("Pain goes from 0 to 10."),
            ),
            models.CheckConstraint(
                name="session_satisfaction_to_ten",
                condition=_score_to_ten("satisfaction"),
                violation_error_code="satisfaction",
                violation_error_message=_("Satisfaction goes from 0 to 10."),
            ),
            models.CheckConstraint(
                name="session_passes_one_to_twenty",
                condition=Q(passes__isnull=True) | Q(passes__gte=1, passes__lte=MOST_PASSES),
                violation_error_code="passes",
                violation_error_message=_("Passes go from 1 to 20."),
            ),
            models.CheckConstraint(
                name="session_grade_in_half_steps",
                condition=Q(grade__isnull=True) | Q(grade__in=HALF_STEPS),
                violation_error_code="grade",
                violation_error_message=_("The grade goes from 0 to 4 in half steps."),
            ),
        ]

    def __str__(self):
        return _("%(patient)s, session of %(day)s, %(status)s") % {
            "patient": self.patient,
            "day": day_in_words(self.day),
            "status": self.get_status_display().lower(),
        }

    def save(self, *args, **kwargs):
        """Raises ValueError for a new session that was not done: who comes when is an
        appointment."""
        if self._state.adding and self.status != SessionStatus.DONE:
            raise ValueError("a session is what was done; book an appointment")
        self.day = self.day_of_session()
        super().save(*args, **kwargs)

    def day_of_session(self):
        if self.performed_on and self.status != SessionStatus.BOOKED:
            return self.performed_on
        return timezone.localdate(self.booked_for or self.created_at)

    @property
    def is_former(self):
        """Whether it is a booking of before there was a diary, and no session."""
        return self.status != SessionStatus.DONE

    def is_of(self, user):
        """Whether it is this person's own work: done by them or, where nobody is named, written by
        them."""
        return (self.operator_id or self.created_by_id or user.pk) == user.pk

    @property
    def is_done(self):
        return self.status == SessionStatus.DONE and not self.in_error
