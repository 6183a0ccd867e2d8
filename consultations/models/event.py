"""AdverseEvent: what went wrong after a session, until it has healed and a clinician clears it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import EventKind, EventSeverity, ReportedTo

from .record import Record, RecordQuerySet, user_key
from .session import TreatmentSession
from .spine import STANDING
from .text import NOTE_LENGTH, day_in_words, no_invisible_characters

STOPPING = (EventSeverity.MODERATE, EventSeverity.SEVERE)
NOT_CLEARED = Q(severity__in=STOPPING, cleared_at__isnull=True)
# By what it is not: SQLite finds the index of open events by a value, not by a list of them.
OPEN = STANDING & (
    Q(resolved_on__isnull=True) | Q(~Q(severity=EventSeverity.MILD), cleared_at__isnull=True)
)
TO_REPORT = STANDING & Q(severity=EventSeverity.SEVERE, reported_to="", not_reportable_reason="")


class AdverseEventQuerySet(RecordQuerySet):
    def open(self):
        """Not healed yet, or healed but not cleared; not those of somebody erased."""
        return self.filter(OPEN).standing_each().not_erased()

    def to_report(self):
        """Severe, and neither reported nor said not to be reportable; not those of somebody
        erased."""
        return self.filter(TO_REPORT).standing_each().not_erased()

    def stopping(self):
        """What keeps the laser off its area until a clinician clears it."""
        return self.standing().filter(NOT_CLEARED)


class AdverseEvent(Record):
    hangs_on = ("session",)
    stands_with = ("session",)

    session = models.ForeignKey(
        TreatmentSession,
        on_delete=models.PROTECT,
        related_name="adverse_events",
        verbose_name=_("session"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    severity = models.CharField(
        _("severity"), max_length=10, choices=EventSeverity, default=EventSeverity.MILD
    )
    onset_on = models.DateField(_("began on"), default=timezone.localdate)
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    action_taken = models.TextField(_("action taken"), blank=True, max_length=NOTE_LENGTH)
    clearance = models.TextField(
        _("clearance"),
        blank=True,
        max_length=NOTE_LENGTH,
        help_text=_("A clinician's note that this area may be treated again."),
    )
    cleared_by = user_key(verbose_name=_("cleared by"), null=True, blank=True)
    cleared_at = models.DateTimeField(_("cleared at"), null=True, blank=True, editable=False)
    reported_to = models.CharField(_("reported to"), max_length=20, choices=ReportedTo, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    report_reference = models.CharField(
        _("reference"),
        max_length=100,
        blank=True,
        validators=[no_invisible_characters],
        help_text=_("Reported to somebody else too: say so here."),
    )
    not_reportable_reason = models.TextField(
        _("why not reportable"),
        blank=True,
        max_length=NOTE_LENGTH,
        help_text=_("If it need not be reported: the reason."),
    )

    objects = AdverseEventQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("adverse event")
        verbose_name_plural = _("adverse events")
        indexes = [
            models.Index(fields=["-onset_on", "-id"], name="event_latest"),
            models.Index(fields=["onset_on", "id", "session"], condition=OPEN, name="event_open"),
            models.Index(
                fields=["onset_on", "id", "session"], condition=TO_REPORT, name="event_to_report"
            ),
        ]
        permissions = [("clear_adverseevent", "Can clear an area after an adverse event")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="event_clearance_says_who_when_why",
                condition=Q(cleared_by__isnull=True, cleared_at__isnull=True, clearance="")
                | Q(cleared_by__isnull=False, cleared_at__isnull=False) & ~Q(clearance=""),
                violation_error_code="clearance",
                violation_error_message=_("A clearance has a note, a name and a time."),
            ),
            models.CheckConstraint(
                name="event_resolved_after_onset",
                condition=Q(resolved_on__isnull=True) | Q(resolved_on__gte=F("onset_on")),
                violation_error_code="resolved_on",
                violation_error_message=_("It cannot be over before it began."),
            ),
            models.CheckConstraint(
                name="event_report_says_to_whom_and_when",
                condition=Q(reported_to="", reported_on__isnull=True, report_reference="")
                | ~Q(reported_to="") & Q(reported_on__isnull=False),
                violation_error_code="reported_to",
                violation_error_message=_("A report has whom it went to and a day."),
            ),
            models.CheckConstraint(
                name="event_reported_or_not_reportable",
                condition=Q(reported_to="") | Q(not_reportable_reason=""),
                violation_error_code="not_reportable_reason",
                violation_error_message=_("This is reported, so it was reportable."),
            ),
            models.CheckConstraint(
                name="event_reported_after_onset",
                condition=Q(reported_on__isnull=True) | Q(reported_on__gte=F("onset_on")),
                violation_error_code="reported_on",
                violation_error_message=_("It cannot be reported before it began."),
            ),
        ]

    def __str__(self):
        return _("%(kind)s since %(day)s, %(area)s") % {
            "kind": self.get_kind_display(),
            "day": day_in_words(self.onset_on),
            "area": self.session.plan.assessment.get_area_display().lower(),
        }

    @property
    def area(self):
        return self.session.plan.area

    @property
    def severity_word(self):
        """The severity without its explanation: Moderate."""
        return str(self.get_severity_display()).partition(" – ")[0]

    @property
    def is_stopping(self):
        """Whether it keeps the laser off its area."""
        return self.severity in STOPPING and self.cleared_at is None and not self.in_error

    @property
    def is_to_report(self):
        """Whether it is severe, and nobody has said that it is reported or need not be."""
        is_severe = self.severity == EventSeverity.SEVERE and not self.in_error
        return is_severe and not (self.reported_to or self.not_reportable_reason)

    @property
    def is_open(self):
        return not self.in_error and (self.resolved_on is None or self.is_stopping)
