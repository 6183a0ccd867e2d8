"""A payment of £50.00 by card, and a discount of £10.00."""

from decimal import Decimal

import factory

from consultations.models import Discount, Payment
from consultations.vocabulary import PaymentMethod

from .plan import PlanFactory
from .record import RecordFactory, part


class PaymentFactory(RecordFactory):
    class Meta:
        model = Payment

    plan = part(PlanFactory)
    amount = Decimal("50.00")
    method = PaymentMethod.CARD
    receipt_number = factory.Sequence(lambda number: f"T-{number:06d}")


class DiscountFactory(RecordFactory):
    class Meta:
        model = Discount

    plan = part(PlanFactory)
    amount = Decimal("10.00")
    reason = "Member of staff"
