"""Discount: what is taken off the price of a course, with a reason."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .money import MoneyField
from .payment import KeptEntry
from .plan import TreatmentPlan
from .record import Record
from .text import REASON_LENGTH


class Discount(KeptEntry):
    hangs_on = ("plan",)
    stands_with = ("plan", "plan__assessment", "plan__assessment__consultation")

    plan = models.ForeignKey(
        TreatmentPlan, on_delete=models.PROTECT, related_name="discounts", verbose_name=_("plan")
    )
    amount = MoneyField(_("amount"))
    reason = models.TextField(
        _("reason"), max_length=REASON_LENGTH, help_text=_("No health details here.")
    )

    class Meta(KeptEntry.Meta):
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="discount_above_nothing",
                condition=Q(amount__gt=0),
                violation_error_code="amount",
                violation_error_message=_("Type an amount above 0."),
            ),
            models.CheckConstraint(
                name="discount_says_why",
                condition=~Q(reason=""),
                violation_error_code="reason",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self):
        return _("Discount: %(plan)s") % {"plan": self.plan}
