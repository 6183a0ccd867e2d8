"""Payment: one entry of a course's ledger. Entries are never changed; a slip is countered."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import PaymentKind, PaymentMethod

from .money import MoneyField, shortest
from .plan import TreatmentPlan
from .record import Record, RecordQuerySet
from .text import REASON_LENGTH, day_in_words

TAKEN = (PaymentKind.DEPOSIT, PaymentKind.PAYMENT)
SAYS_WHY = (PaymentKind.REFUND, PaymentKind.CORRECTION)


class KeptEntry(Record):
    """A record that is written once: what was wrong is marked or countered, not written over."""

    class Meta(Record.Meta):
        abstract = True

    def save(self, *args, correcting=False, **kwargs):
        """As Record.save. Raises ValidationError once written, unless `correcting` the record as a
        whole (entered in error)."""
        if not correcting and not self._state.adding:
            raise ValidationError(_("What stands in the ledger is not changed."))
        super().save(*args, **kwargs)


class PaymentQuerySet(RecordQuerySet):
    def in_order(self):
        """As a ledger is read: by day, then as they were entered."""
        return self.order_by("paid_on", "pk")

    def held(self, plan):
        """What the clinic holds for a course: what was paid, less what was given back."""
        found = self.standing().filter(plan=plan).aggregate(held=Sum("amount"))["held"]
        return shortest(found or 0)


class Payment(KeptEntry):
    hangs_on = ("plan",)
    stands_with = ("plan", "plan__assessment", "plan__assessment__consultation")

    plan = models.ForeignKey(
        TreatmentPlan, on_delete=models.PROTECT, related_name="payments", verbose_name=_("plan")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=PaymentKind, default=PaymentKind.PAYMENT
    )
    paid_on = models.DateField(_("day"), default=timezone.localdate)
    # Below nothing where money goes back: the sum of the entries is what the clinic holds.
    amount = MoneyField(_("amount"))
    method = models.CharField(_("method"), max_length=10, choices=PaymentMethod)
    # One for all entries of one payment that was for several courses.
    receipt_number = models.CharField(_("receipt"), max_length=20, editable=False)
    above_balance = models.BooleanField(
        _("more than there is to pay"),
        default=False,
        help_text=_("The patient pays ahead; say why below."),
    )
    counters = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="countered_by",
        editable=False,
        verbose_name=_("counters"),
    )
    words = models.TextField(
        _("remark"), blank=True, max_length=REASON_LENGTH, help_text=_("No health details here.")
    )

    objects = PaymentQuerySet.as_manager()

    class Meta(KeptEntry.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = [
            models.Index(fields=["-paid_on", "-id"], name="payment_latest"),
            # Holds all that is added up of a span of days.
            models.Index(
                fields=["paid_on", "entered_in_error_at", "method", "kind", "counters", "amount"],
                name="payment_figures",
            ),
        ]
        permissions = [
            ("refund_payment", "Can refund payments"),
            ("correct_payment", "Can counter entries of everybody and of any day"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="payment_sign_follows_kind",
                condition=Q(kind__in=TAKEN, amount__gt=0)
                | Q(kind=PaymentKind.REFUND, amount__lt=0)
                | Q(kind=PaymentKind.CORRECTION) & ~Q(amount=0),
                violation_error_code="amount",
                violation_error_message=_("Type an amount above 0."),
            ),
            models.CheckConstraint(
                name="payment_correction_names_its_entry",
                condition=Q(kind=PaymentKind.CORRECTION, counters__isnull=False)
                | ~Q(kind=PaymentKind.CORRECTION) & Q(counters__isnull=True),
                violation_error_code="kind",
                violation_error_message=_("A correction names the entry that it counters."),
            ),
            models.CheckConstraint(
                name="payment_counters_another",
                condition=Q(counters__isnull=True) | ~Q(counters=F("id")),
                violation_error_code="kind",
                violation_error_message=_("An entry does not counter itself."),
            ),
            models.UniqueConstraint(
                fields=["counters"],
                condition=Q(counters__isnull=False),
                name="payment_countered_once",
                violation_error_code="kind",
                violation_error_message=_("This entry is already countered."),
            ),
            models.UniqueConstraint(
                fields=["plan", "receipt_number"],
                condition=~Q(receipt_number=""),
                name="payment_one_per_plan_and_receipt",
                violation_error_code="plan",
                violation_error_message=_("This receipt already has an entry for this course."),
            ),
            models.CheckConstraint(
                name="payment_out_of_the_ordinary_says_why",
                condition=~Q(words="") | Q(above_balance=False) & ~Q(kind__in=SAYS_WHY),
                violation_error_code="words",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self):
        return _("%(kind)s %(number)s, %(day)s") % {
            "kind": self.get_kind_display(),
            "number": self.receipt_number,
            "day": day_in_words(self.paid_on),
        }
