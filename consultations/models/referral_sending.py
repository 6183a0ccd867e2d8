"""ReferralSending: one time that a referral went to a surgeon, and what the surgeon answered."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import SendingMethod, SurgeonAnswer

from .document import IssuedDocument
from .record import Record
from .referral import SurgicalReferral
from .surgeon import Surgeon
from .text import day_in_words, no_invisible_characters


class ReferralSending(Record):
    """Never edited: what went wrong is marked as entered in error. The answer follows from the
    referral."""

    hangs_on = ("referral",)
    stands_with = (
        "referral",
        "referral__assessment",
        "referral__assessment__consultation",
    )

    referral = models.ForeignKey(
        SurgicalReferral,
        on_delete=models.PROTECT,
        related_name="sendings",
        verbose_name=_("referral"),
    )
    surgeon = models.ForeignKey(
        Surgeon, on_delete=models.PROTECT, related_name="sendings", verbose_name=_("surgeon")
    )
    how = models.CharField(
        _("sent by"), max_length=10, choices=SendingMethod, default=SendingMethod.POST
    )
    words = models.CharField(
        _("how it went"),
        max_length=200,
        blank=True,
        validators=[no_invisible_characters],
        help_text=_("Which letter was sent, and how: “Own letter, to the practice’s fax”."),
    )
    sent_on = models.DateField(_("sent on"), default=timezone.localdate)
    document = models.ForeignKey(
        IssuedDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sendings",
        verbose_name=_("letter"),
        help_text=_("The letter that was issued here, if one went."),
    )
    photographs = models.BooleanField(
        _("photos go along, as the patient agreed"), null=True, blank=True
    )
    answer = models.CharField(
        _("answer"), max_length=10, choices=SurgeonAnswer, blank=True, editable=False
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("sent referral")
        verbose_name_plural = _("sent referrals")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="referralsending_says_how_it_went",
                condition=Q(document__isnull=False) & ~Q(how=SendingMethod.OTHER) | ~Q(words=""),
                violation_error_code="words",
                violation_error_message=_("Choose the letter, or say what was sent and how."),
            ),
            models.CheckConstraint(
                name="referralsending_answer_has_its_day",
                condition=Q(answer="", answered_on__isnull=True)
                | ~Q(answer="") & Q(answered_on__isnull=False),
                violation_error_message=_("An answer has a day."),
            ),
            models.CheckConstraint(
                name="referralsending_answered_once_sent",
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("sent_on")),
                violation_error_message=_("The answer is from before it was sent."),
            ),
        ]

    def __str__(self):
        return _("%(referral)s, sent to %(surgeon)s on %(day)s") % {
            "referral": self.referral,
            "surgeon": self.surgeon,
            "day": day_in_words(self.sent_on),
        }
