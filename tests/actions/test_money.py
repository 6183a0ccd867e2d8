"""Money of a course: taken, given back, countered, taken off, and fixed by a quote."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.money import (
    counter,
    fix_price,
    give_discount,
    keep_payments,
    refuse_new_currency,
)
from consultations.actions.signing import mark_in_error
from consultations.models import Discount, Payment
from consultations.summaries.money import balance_of
from tests.factories import (
    ClinicSettingsFactory,
    DiscountFactory,
    PatientFactory,
    PaymentFactory,
    PlanFactory,
    TreatmentConsentFactory,
)

pytestmark = pytest.mark.django_db


def priced(**plan):
    return PlanFactory(price_per_session=Decimal(100), **plan)


def entry(plan, amount, **values):
    return PaymentFactory.build(plan=plan, amount=Decimal(amount), receipt_number="", **values)


def pay(plan, amount, by, **values):
    return keep_payments(payments=[entry(plan, amount, **values)], by=by)[0]


def refused(action, **arguments):
    with pytest.raises(ValidationError) as told:
        action(**arguments)
    return told.value.messages


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


def test_refused_payment_takes_no_receipt_number(clinician):
    plan = priced()
    words = ["£500.00 is to pay. If the patient pays ahead, say so below."]
    assert refused(keep_payments, payments=[entry(plan, 501)], by=clinician) == words
    assert pay(plan, 500, clinician).receipt_number == "R-000001"


def test_amounts_are_stored_rounded_half_up(clinician):
    ClinicSettingsFactory(currency="JPY")
    pay(priced(), "100.5", clinician)
    assert Payment.objects.get().amount == 101


def test_payment_for_two_patients_is_refused(clinician):
    payments = [entry(priced(), 10), entry(priced(), 10)]
    words = ["One payment is for the courses of one patient."]
    assert refused(keep_payments, payments=payments, by=clinician) == words


def test_payment_for_one_course_twice_is_refused(clinician):
    plan = priced()
    words = ["Each course stands once in a payment."]
    assert refused(keep_payments, payments=[entry(plan, 10)] * 2, by=clinician) == words


def test_payment_before_the_consultation_is_refused(clinician):
    plan = priced()
    day = plan.assessment.consultation.consulted_on - timedelta(days=1)
    payments = [entry(plan, 10, paid_on=day)]
    words = ["This is before the consultation."]
    assert refused(keep_payments, payments=payments, by=clinician) == words


def test_refund_before_its_payment_is_refused(manager):
    plan = priced()
    paid = pay(plan, 100, manager, paid_on=timezone.localdate())
    day = paid.paid_on - timedelta(days=1)
    payments = [entry(plan, -40, kind="refund", paid_on=day)]
    words = ["On this day the clinic held £0.00 for this course."]
    assert refused(keep_payments, payments=payments, by=manager) == words
    assert (
        pay(plan, -40, manager, kind="refund", paid_on=paid.paid_on, words="Moved.").amount == -40
    )


def test_payment_for_a_merged_record_is_refused(clinician):
    plan, kept = priced(), PatientFactory()
    patient = plan.patient
    patient.merged_into, patient.entered_in_error_by = kept, clinician
    patient.entered_in_error_at, patient.entered_in_error_reason = timezone.now(), "Twice."
    patient.save(by=clinician)
    plan.refresh_from_db()
    assert len(refused(keep_payments, payments=[entry(plan, 10)], by=clinician)) == 1
    assert not Payment.objects.exists()


def test_money_of_a_plan_in_error_is_refused(clinician):
    plan = priced()
    mark_in_error(record=plan, by=clinician, reason="Another area.")
    words = ["This plan was entered in error."]
    assert refused(keep_payments, payments=[entry(plan, 10)], by=clinician) == words
    discount = DiscountFactory.build(plan=plan)
    assert refused(give_discount, discount=discount, by=clinician) == words


def test_plan_with_money_is_not_marked_in_error(clinician):
    plan = priced()
    payment = pay(plan, 10, clinician)
    words = ["This plan has payments. Refund or correct those first."]
    assert refused(mark_in_error, record=plan, by=clinician, reason="Another area.") == words
    counter(payment=payment, by=clinician, reason="Another area.")
    plan.refresh_from_db()
    mark_in_error(record=plan, by=clinician, reason="Another area.")
    assert plan.in_error


def test_entry_is_not_marked_in_error(clinician):
    payment = PaymentFactory()
    words = ["An entry of the ledger stays. Correct it instead."]
    assert refused(mark_in_error, record=payment, by=clinician, reason="Slip.") == words


def test_counter_entry_of_a_refund_is_a_payment_again(manager):
    plan = priced()
    pay(plan, 100, manager)
    refund = pay(plan, -100, manager, kind="refund", words="Moved.")
    entry = counter(payment=refund, by=manager, reason="Stays.")
    assert [entry.amount, entry.receipt_number] == [Decimal("100.00"), "R-000003"]
    assert balance_of(plan).words == "£400.00 to pay"


def test_correction_is_not_corrected(manager):
    entry = counter(payment=pay(priced(), 100, manager), by=manager, reason="Slip.")
    words = ["A correction is not corrected. Enter the payment again."]
    assert refused(counter, payment=entry, by=manager, reason="Slip.") == words


def test_counter_entry_of_what_puts_in_credit_needs_no_yes(manager):
    """It takes back what was given back: nobody pays ahead."""
    plan = priced()
    pay(plan, 500, manager)
    refund = pay(plan, -100, manager, kind="refund", words="Moved.")
    give_discount(discount=DiscountFactory.build(plan=plan, amount=Decimal(50)), by=manager)
    counter(payment=refund, by=manager, reason="Stays.")
    assert balance_of(plan).words == "£50.00 in credit"


def test_discount_above_the_price_is_refused(clinician):
    discount = DiscountFactory.build(plan=priced(), amount=Decimal("500.01"))
    words = ["The course costs £500.00. No more can be taken off."]
    assert refused(give_discount, discount=discount, by=clinician) == words
    assert not Discount.objects.exists()


def test_quote_keeps_the_price_the_number_and_the_rule(clinician):
    ClinicSettingsFactory(worth_of_done="share")
    plan = fix_price(plan=priced(course_price=Decimal("450")), by=clinician)
    plan.refresh_from_db()
    assert [plan.quoted_price, plan.quoted_per_session, plan.quoted_sessions] == [450, 100, 5]
    assert [plan.quoted_worth, plan.history.first().history_change_reason] == ["share", "Quoted."]


def test_quote_without_a_price_is_refused(clinician):
    words = ["This course has no price yet."]
    assert refused(fix_price, plan=PlanFactory(), by=clinician) == words


@pytest.mark.parametrize("what", ["payment", "discount", "quote", "consent"])
def test_currency_stays_once_money_is_written(clinician, what):
    plan = priced(consented=False)
    refuse_new_currency("JPY")
    if what == "payment":
        pay(plan, 10, clinician)
    elif what == "discount":
        give_discount(discount=DiscountFactory.build(plan=plan), by=clinician)
    elif what == "consent":
        TreatmentConsentFactory(plan=plan)
    else:
        fix_price(plan=plan, by=clinician)
    refuse_new_currency("GBP")
    words = ["There are payments, discounts, quotes or consents in GBP already."]
    assert refused(refuse_new_currency, currency="JPY") == words


def quote(plan, by):
    plan = fix_price(plan=plan, by=by)
    return balance_of(plan).whole, plan


@pytest.mark.parametrize(
    ("prices", "sessions", "owed"),
    [
        ({"price_per_session": 120, "course_price": 500}, 7, 740),
        ({"price_per_session": 120}, 3, 600),
        ({"course_price": 500}, 3, 500),
    ],
)
def test_quote_issued_again_changes_no_price(clinician, prices, sessions, owed):
    _whole, plan = quote(PlanFactory(planned_sessions=5, **prices), clinician)
    plan.planned_sessions, plan.short_course_reason = sessions, "Abroad."
    plan.save(by=clinician)
    quoted_at = plan.quoted_at
    whole, plan = quote(plan, clinician)
    assert [whole, plan.quoted_sessions, plan.quoted_at] == [owed, 5, quoted_at]


def test_new_quote_after_another_price_counts_the_sessions_added(clinician):
    plan = PlanFactory(planned_sessions=5, price_per_session=120, course_price=500)
    plan = fix_price(plan=plan, by=clinician)
    plan.planned_sessions, plan.price_per_session = 7, Decimal(100)
    plan.save(by=clinician)
    whole, plan = quote(plan, clinician)
    assert [whole, plan.quoted_sessions, plan.course_price] == [700, 7, 700]
    assert not balance_of(plan).needs_quote


def test_quote_of_a_stopped_course_keeps_the_rule_of_its_day(clinician, manager):
    clinic = ClinicSettingsFactory(worth_of_done="single")
    plan = fix_price(plan=PlanFactory(price_per_session=120, course_price=500), by=clinician)
    plan.status, plan.status_reason = "stopped", "Moved away."
    plan.save(by=clinician)
    clinic.worth_of_done = "share"
    clinic.save(by=manager)
    assert fix_price(plan=plan, by=clinician).quoted_worth == "single"


def test_prices_are_in_the_coins_of_the_currency(clinician, manager):
    plan = PlanFactory(planned_sessions=5, price_per_session=Decimal("99.50"))
    ClinicSettingsFactory(currency="JPY")
    whole, plan = quote(plan, clinician)
    assert [whole, plan.quoted_per_session] == [500, 100]
    assert not balance_of(plan).needs_quote


def test_quote_of_more_than_can_be_stored_is_refused(clinician):
    plan = PlanFactory(planned_sessions=5, price_per_session=Decimal(9_999_999_999))
    assert refused(fix_price, plan=plan, by=clinician) == ["This is too much money."]
