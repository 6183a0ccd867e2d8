"""Payments and discounts: what stands in a ledger stays, and always says what it is."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from consultations.vocabulary import PaymentKind
from tests.factories import DiscountFactory, PaymentFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def correction_of(payment, **values):
    fields = {"kind": PaymentKind.CORRECTION, "counters": payment, "words": "Slip."} | values
    return PaymentFactory.build(
        plan=payment.plan, amount=-payment.amount, created_by=payment.created_by, **fields
    )


@pytest.mark.parametrize(
    ("kind", "amount"), [("payment", -50), ("deposit", 0), ("payment", 0), ("refund", 50)]
)
def test_amount_that_is_not_of_its_kind(kind, amount):
    payment = PaymentFactory()
    breaks("payment_sign_follows_kind", payment, kind=kind, amount=Decimal(amount), words="Moved.")


def test_refund_is_below_nothing():
    refund = PaymentFactory(kind="refund", amount=Decimal(-50), words="Moved.")
    refund.refresh_from_db()
    assert str(refund.amount) == "-50.00"


def test_correction_of_nothing():
    breaks("payment_correction_names_its_entry", PaymentFactory(), kind="correction", words="Slip.")


def test_payment_that_counters_another():
    breaks("payment_correction_names_its_entry", PaymentFactory(), counters=PaymentFactory())


def test_correction_of_itself():
    payment = PaymentFactory()
    own = {"kind": "correction", "counters": payment, "words": "Slip."}
    breaks("payment_counters_another", payment, **own)


def test_entry_countered_twice():
    payment = PaymentFactory()
    keeps(correction_of(payment))
    breaks("payment_countered_once", correction_of(payment))


def test_two_entries_of_one_receipt_for_one_course():
    payment = PaymentFactory()
    again = PaymentFactory(plan=payment.plan)
    breaks("payment_one_per_plan_and_receipt", again, receipt_number=payment.receipt_number)


def test_one_receipt_for_two_courses():
    payment = PaymentFactory()
    PaymentFactory(receipt_number=payment.receipt_number)


@pytest.mark.parametrize(
    "changes",
    [{"kind": "refund", "amount": Decimal(-5)}, {"above_balance": True}],
)
def test_out_of_the_ordinary_without_words(changes):
    breaks("payment_out_of_the_ordinary_says_why", PaymentFactory(), **changes)


@pytest.mark.parametrize("amount", [0, -1])
def test_discount_of_nothing(amount):
    breaks("discount_above_nothing", DiscountFactory(), amount=Decimal(amount))


def test_discount_without_a_reason():
    breaks("discount_says_why", DiscountFactory(), reason="")


@pytest.mark.parametrize("factory", [PaymentFactory, DiscountFactory])
def test_what_stands_in_the_ledger_is_not_changed(factory, manager):
    entry = factory()
    entry.amount = Decimal(1)
    with pytest.raises(ValidationError) as refused:
        entry.save(by=manager)
    assert refused.value.messages == ["What stands in the ledger is not changed."]
    assert entry.history.count() == 1


def test_payment_says_its_receipt():
    payment = PaymentFactory(receipt_number="R-000001", paid_on="2025-03-03")
    payment.refresh_from_db()
    assert str(payment) == "Payment R-000001, 3 Mar 2025"
