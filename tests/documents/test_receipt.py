"""The receipt names every course that was paid for at once, and what came in for it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from consultations.actions.money import counter, keep_payments
from consultations.documents.issuing import draft_of, issue
from consultations.documents.kinds import may_issue
from consultations.models import Payment
from consultations.models.money import vat_in
from consultations.vocabulary import Area, DocumentKind
from tests.factories import PlanFactory

from .reading import by_poppler, words

pytestmark = pytest.mark.django_db
RECEIPT = DocumentKind.RECEIPT
FACE, NECK = (f"Course of treatment: {one}, from 3 Mar 2025" for one in ("Face", "Neck"))


@pytest.fixture
def payments(clinic, clinician):
    face = PlanFactory(by=clinician, price_per_session=100)
    neck = PlanFactory(
        by=clinician,
        price_per_session=50,
        assessment__consultation__patient=face.patient,
        assessment__area=Area.NECK,
    )
    amounts = ((face, 200), (neck, 75))
    made = [Payment(plan=one, amount=amount, method="card") for one, amount in amounts]
    return keep_payments(payments=made, by=clinician)


def test_receipt_adds_up_what_was_paid_at_once(payments, clinician):
    text = words(by_poppler(draft_of(RECEIPT, payments[0], clinician).pdf()))
    assert f"Receipt: {payments[0].receipt_number}" in text
    assert f"{FACE}: £200.00 {NECK}: £75.00" in text
    assert "Total: £275.00" in text


def test_receipt_says_what_is_left_of_each_course(payments, clinician):
    later = Payment(plan=payments[0].plan, amount=50, method="cash")
    keep_payments(payments=[later], by=clinician)
    text = words(by_poppler(draft_of(RECEIPT, payments[0], clinician).pdf()))
    left = f"Balance after this {FACE}: £300.00 to pay"
    assert f"{left} {NECK}: £175.00 to pay" in text


def test_receipt_of_a_deposit_says_so(payments, clinician):
    deposit = Payment(plan=payments[0].plan, kind="deposit", amount=300, method="cash")
    [deposit] = keep_payments(payments=[deposit], by=clinician)
    text = words(by_poppler(draft_of(RECEIPT, deposit, clinician).pdf()))
    assert "Kind: Deposit" in text
    assert f"Balance after this {FACE}: Paid" in text


def test_refund_is_given_back_and_not_paid(payments, clinician):
    refund = Payment(
        plan=payments[0].plan, kind="refund", amount=-40, method="cash", words="Moves away."
    )
    [refund] = keep_payments(payments=[refund], by=clinician)
    text = words(by_poppler(draft_of(RECEIPT, refund, clinician).pdf()))
    assert "Kind: Refund" in text
    assert "Given back by: Cash Entered by: clinician" in text
    assert f"{FACE}: £40.00 Given back: £40.00" in text
    assert f"{FACE}: £340.00 to pay" in text
    assert "Paid by" not in text


def test_correction_names_the_receipt_it_corrects(payments, clinician):
    entry = counter(payment=payments[1], by=clinician, reason="A slip.")
    text = words(by_poppler(draft_of(RECEIPT, entry, clinician).pdf()))
    assert f"Corrects receipt: {payments[1].receipt_number}" in text
    assert "Total: −£75.00" in text


@pytest.mark.parametrize(
    ("amount", "rate", "currency", "vat"),
    [
        ("275", "20", "GBP", "45.83"),
        ("0.03", "20", "GBP", "0.01"),
        ("1.10", "10", "JPY", "0"),
        ("1100", "10", "JPY", "100"),
        ("-40", "20", "GBP", "-6.67"),
        ("1", "5", "KWD", "0.048"),
    ],
)
def test_vat_is_the_part_of_the_price_that_is_tax(amount, rate, currency, vat):
    assert vat_in(Decimal(amount), Decimal(rate), currency) == Decimal(vat)


def test_receipt_says_the_vat_in_its_total(payments, clinic, clinician):
    clinic.vat_rate = Decimal("7.5")
    clinic.save(by=clinician)
    text = words(by_poppler(draft_of(RECEIPT, payments[0], clinician).pdf()))
    assert "Total: £275.00 VAT included (7.5%): £19.19" in text


def test_manager_may_issue_receipts_and_no_other_handouts(payments, manager):
    assert {one for one in DocumentKind if may_issue(manager, one)} == {RECEIPT, DocumentKind.CHART}


def test_receipt_is_kept_beside_its_payment(payments, reception):
    made = issue(RECEIPT, payments[0], reception)
    assert (made.payment, made.patient, made.created_by) == (
        payments[0],
        payments[0].plan.patient,
        reception,
    )


def test_line_that_was_countered_is_marked_and_not_counted(payments, clinician, manager):
    entry = counter(payment=payments[1], by=manager, reason="Typed wrong.")
    text = words(by_poppler(draft_of(RECEIPT, payments[0], clinician).pdf()))
    assert f"{NECK}: £75.00 – countered by {entry}" in text
    assert "Total: £200.00" in text


def test_receipt_of_which_nothing_stands_names_what_countered_it(payments, clinician, manager):
    entries = [counter(payment=one, by=manager, reason="Typed wrong.") for one in payments]
    with pytest.raises(ValidationError) as told:
        draft_of(RECEIPT, payments[0], clinician)
    assert told.value.messages == [f"This was countered by {entries[1]}."]
    assert draft_of(RECEIPT, entries[0], clinician).data["title"] == "Correction of a receipt"
