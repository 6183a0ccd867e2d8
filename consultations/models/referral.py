"""SurgicalReferral: a severe area on its way to a surgeon and back."""

from itertools import combinations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import Closure, ReferralStatus, Urgency

from .assessment import AreaAssessment
from .record import Record, RecordQuerySet
from .spine import STANDING
from .surgeon import Surgeon
from .text import NOTE_LENGTH, no_invisible_characters

STEPS = ("sent_on", "accepted_on", "operated_on", "recovered_on", "closed_on")
# What may follow on each status, by a form or in one press. A step that was left out is nothing
# unusual, as is one step back, to correct a slip; a closed referral is reopened as it was.
MAY_FOLLOW = {
    ReferralStatus.TO_SEND: ("sent", "operated", "recovered", "closed"),
    ReferralStatus.SENT: ("accepted", "operated", "recovered", "closed"),
    ReferralStatus.ACCEPTED: ("sent", "operated", "recovered", "closed"),
    ReferralStatus.OPERATED: ("accepted", "recovered", "closed"),
    ReferralStatus.RECOVERED: ("operated", "closed"),
    ReferralStatus.CLOSED: ("to_send", "sent", "accepted", "operated", "recovered"),
}


def _in_order(earlier, later):
    return (
        Q(**{f"{earlier}__isnull": True})
        | Q(**{f"{later}__isnull": True})
        | Q(**{f"{earlier}__lte": F(later)})
    )


def _all_in_order():
    condition = Q()
    for earlier, later in combinations(STEPS, 2):
        condition &= _in_order(earlier, later)
    return condition


class SurgicalReferralQuerySet(RecordQuerySet):
    def open(self):
        return self.standing().exclude(status=ReferralStatus.CLOSED)

    def waiting(self, status):
        """Those that wait with this status."""
        return self.filter(status=status).standing_each()

    def given_back(self):
        """Those that an assessment for touch-up may follow."""
        returned = Q(closure=Closure.RETURNED_FOR_TOUCH_UP)
        return self.standing().filter(returned | Q(status=ReferralStatus.RECOVERED))


class SurgicalReferral(Record):
    hangs_on = ("assessment",)
    stands_with = ("assessment", "assessment__consultation")

    assessment = models.ForeignKey(
        AreaAssessment,
        on_delete=models.PROTECT,
        related_name="referrals",
        verbose_name=_("assessed area"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ReferralStatus, default=ReferralStatus.TO_SEND
    )
    urgency = models.CharField(
        _("urgency"), max_length=10, choices=Urgency, default=Urgency.ROUTINE
    )
    surgeon = models.CharField(
        _("surgeon"), max_length=200, blank=True, validators=[no_invisible_characters]
    )
    # Whom a letter is written to. Once it was sent, `surgeon` is the name as it was then.
    addressed_to = models.ForeignKey(
        Surgeon,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("addressed to"),
        help_text=_("Whom the letter is written to."),
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    operated_on = models.DateField(_("operated on"), null=True, blank=True)
    recovered_on = models.DateField(_("recovered on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closure = models.CharField(_("closure"), max_length=25, choices=Closure, blank=True)
    closure_words = models.CharField(
        _("in words"),
        max_length=200,
        blank=True,
        validators=[no_invisible_characters],
        help_text=_("Where it ended otherwise."),
    )
    notes = models.TextField(_("notes"), blank=True, max_length=NOTE_LENGTH)

    objects = SurgicalReferralQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [
            # With what is asked of those that wait: counted without reading the wide rows.
            models.Index(
                fields=["status", "-id", "entered_in_error_at"], name="referral_by_status"
            ),
            models.Index(
                fields=["status", "sent_on", "id", "entered_in_error_at"],
                name="referral_by_day_sent",
            ),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["assessment"],
                condition=STANDING,
                name="referral_one_per_assessment",
                violation_error_code="assessment",
                violation_error_message=_("This area already has a referral."),
            ),
            models.CheckConstraint(
                name="referral_closed_with_closure",
                condition=Q(status=ReferralStatus.CLOSED, closed_on__isnull=False) & ~Q(closure="")
                | ~Q(status=ReferralStatus.CLOSED) & Q(closed_on__isnull=True, closure=""),
                violation_error_code="closure",
                violation_error_message=_(
                    "A closed referral says how it ended and when; an open one does not."
                ),
            ),
            models.CheckConstraint(
                name="referral_closed_otherwise_in_words",
                condition=Q(closure=Closure.OTHER) & ~Q(closure_words="")
                | ~Q(closure=Closure.OTHER) & Q(closure_words=""),
                violation_error_code="closure_words",
                violation_error_message=_(
                    "Say in words how it ended, where it ended otherwise and only there."
                ),
            ),
            models.CheckConstraint(
                name="referral_dates_in_order",
                condition=_all_in_order(),
                violation_error_code="status",
                violation_error_message=_(
                    "The dates are out of order: sent, accepted, operated, recovered, closed."
                ),
            ),
        ]

    def __str__(self):
        return _("Referral: %(area)s") % {"area": self.assessment}

    @property
    def operated_by(self):
        """The first day on which the area is known to have been operated; None where it is not."""
        back_on = self.closed_on if self.closure == Closure.RETURNED_FOR_TOUCH_UP else None
        return self.operated_on or self.recovered_on or back_on

    @property
    def is_open(self):
        return self.status != ReferralStatus.CLOSED and not self.in_error

    @property
    def closure_in_words(self):
        """How it ended, in the middle of a sentence; "" while it is open."""
        return self.closure_words or self.get_closure_display().lower()

    def sendings_latest_first(self):
        """All of its sendings, those in error too: as a page has read them, or else as stored."""
        return sorted(self.sendings.all(), key=lambda one: (one.sent_on, one.pk), reverse=True)

    def latest_sending(self):
        """What was sent last and stands, or None."""
        return next((one for one in self.sendings_latest_first() if not one.in_error), None)
