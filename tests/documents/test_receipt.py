"""The receipt names every course that was paid for at once, and what came in for it."""

import pytest
from django.core.exceptions import ValidationError

from consultations.actions.money import counter, keep_payments
from consultations.documents.issuing import draft_of, issue
from consultations.models import Payment
from consultations.vocabulary import Area, DocumentKind
from tests.factories import PlanFactory

from .reading import by_poppler, words

pytestmark = pytest.mark.django_db
RECEIPT = DocumentKind.RECEIPT


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
    assert "Course of treatment: face: £200.00 Course of treatment: neck: £75.00" in text
    assert "Total: £275.00" in text


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
    assert f"neck: £75.00 – countered by {entry}" in text
    assert "Total: £200.00" in text


def test_receipt_of_which_nothing_stands_names_what_countered_it(payments, clinician, manager):
    entries = [counter(payment=one, by=manager, reason="Typed wrong.") for one in payments]
    with pytest.raises(ValidationError) as told:
        draft_of(RECEIPT, payments[0], clinician)
    assert told.value.messages == [f"This was countered by {entries[1]}."]
    assert draft_of(RECEIPT, entries[0], clinician).data["title"] == "Correction of a receipt"
