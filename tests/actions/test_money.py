"""Money of a course: taken, given back, countered, taken off, and fixed by a quote."""

from decimal import Decimal

import pytest

from consultations.actions.money import keep_payments
from consultations.models import Payment
from consultations.summaries.money import balance_of
from tests.factories import PaymentFactory, PlanFactory

pytestmark = pytest.mark.django_db


def priced(**plan):
    return PlanFactory(price_per_session=Decimal(100), **plan)


def pay(plan, amount, by, **values):
    payment = PaymentFactory.build(plan=plan, amount=Decimal(amount), receipt_number="", **values)
    return keep_payments(payments=[payment], by=by)[0]


def test_course_paid_in_two(clinician):
    plan = priced()
    assert balance_of(plan).words == "£500.00 to pay"
    pay(plan, 200, clinician, kind="deposit")
    assert balance_of(plan).words == "£300.00 to pay"
    pay(plan, 300, clinician)
    assert balance_of(plan).words == "Paid"
    assert list(Payment.objects.values_list("receipt_number", "amount")) == [
        ("R-000001", Decimal("200.00")),
        ("R-000002", Decimal("300.00")),
    ]
