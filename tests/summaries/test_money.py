"""What a course costs and what is to pay: as quoted, extended, stopped early, paid and refunded."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.actions.money import fix_price, keep_payments
from consultations.actions.signing import mark_in_error
from consultations.models import ClinicSettings
from consultations.summaries.money import balance_of, balances_of, ledger_of, receipt_of
from consultations.vocabulary import PlanStatus
from tests.factories import (
    AssessmentFactory,
    ClinicSettingsFactory,
    DiscountFactory,
    PaymentFactory,
    PlanFactory,
    SessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def priced(each=100, course=None, **plan):
    prices = {"price_per_session": each, "course_price": course}
    prices = {name: price if price is None else Decimal(price) for name, price in prices.items()}
    return PlanFactory(**prices, **plan)


def change(plan, **values):
    for name, value in values.items():
        setattr(plan, name, value)
    plan.save(by=plan.created_by)
    return plan


def stop(plan):
    plan.refresh_from_db()
    return change(plan, status=PlanStatus.STOPPED, status_reason="Moved away.")


def quoted(plan):
    return fix_price(plan=plan, by=plan.created_by)


def done(plan, number, **session):
    return SessionFactory.create_batch(number, plan=plan, **session)


# The price


@pytest.mark.parametrize(
    ("each", "course", "words"),
    [
        (100, None, "£500.00 to pay"),
        (100, 450, "£450.00 to pay"),
        (None, 450, "£450.00 to pay"),
        (None, None, "No price yet"),
        (0, None, "Nothing to pay"),
        (100, 0, "Nothing to pay"),
    ],
)
def test_course_costs_its_own_price_or_so_many_sessions(each, course, words):
    assert balance_of(priced(each, course)).words == words


def test_discounts_come_off():
    plan = priced()
    DiscountFactory.create_batch(2, plan=plan, amount=Decimal("12.50"))
    DiscountFactory(
        plan=plan,
        entered_in_error_by=plan.created_by,
        entered_in_error_at=timezone.now(),
        entered_in_error_reason="A slip.",
    )
    balance = balance_of(plan)
    assert [balance.whole, balance.discounts, balance.course] == [500, 25, 475]


def test_discounts_never_make_a_price_below_nothing():
    plan = priced()
    DiscountFactory(plan=plan, amount=Decimal(500))
    change(plan, price_per_session=Decimal(50))
    assert balance_of(plan).words == "Nothing to pay"


def test_quoted_price_stays_until_it_is_quoted_anew():
    plan = quoted(priced())
    change(plan, price_per_session=Decimal(120))
    balance = balance_of(plan)
    assert [balance.course, balance.is_quoted, balance.needs_quote] == [500, True, True]
    balance = balance_of(quoted(plan))
    assert [balance.course, balance.needs_quote] == [600, False]


@pytest.mark.parametrize(
    ("each", "course", "planned", "expected"),
    [
        (100, 450, 7, 650),  # two more at the price of one
        (100, 450, 3, 450),  # fewer planned: no change but by a discount
        (None, 450, 6, 540),  # without a price of one: its share of the course
        (100, None, 6, 600),
    ],
)
def test_course_longer_or_shorter_than_quoted(each, course, planned, expected):
    plan = quoted(priced(each, course))
    change(plan, planned_sessions=planned, short_course_reason="patient_wish")
    balance = balance_of(plan)
    assert [balance.course, balance.needs_quote] == [expected, False]


# What was done is worth


def test_sessions_not_done_here_are_worth_nothing():
    plan = priced()
    done(plan, 2)
    SessionFactory(plan=plan, elsewhere=True)
    SessionFactory(plan=plan, booked=True)
    SessionFactory(plan=plan, missed=True)
    SessionFactory(
        plan=plan,
        entered_in_error_by=plan.created_by,
        entered_in_error_at=timezone.now(),
        entered_in_error_reason="A slip.",
    )
    balance = balance_of(plan)
    assert [balance.done, balance.worth_done, balance.outstanding] == [2, 200, 200]


@pytest.mark.parametrize(
    ("rule", "number", "expected"),
    [
        ("single", 2, "£200.00 to pay"),
        ("single", 4, "£350.00 to pay"),  # at most the course
        ("share", 2, "£140.00 to pay"),
        ("share", 4, "£280.00 to pay"),
        ("single", 0, "Nothing to pay"),
    ],
)
def test_stopped_course_costs_what_was_done_by_the_clinics_rule(rule, number, expected):
    ClinicSettingsFactory(worth_of_done=rule)
    plan = priced(100, 350)
    done(plan, number)
    assert balance_of(stop(plan)).words == expected


def test_share_of_a_course_is_rounded_half_up():
    ClinicSettingsFactory(worth_of_done="share")
    plan = priced(None, Decimal("99.99"), planned_sessions=6)
    done(plan, 1)
    assert balance_of(stop(plan)).owed == Decimal("16.67")
    done(plan, 2)
    assert balance_of(plan).owed == Decimal("50.00")  # 49.995


def test_share_in_a_currency_without_decimals():
    ClinicSettingsFactory(worth_of_done="share", currency="JPY")
    plan = priced(None, 10000, planned_sessions=6)
    done(plan, 1)
    assert balance_of(stop(plan)).words == "¥1,667 to pay"


def test_stopped_course_keeps_the_rule_of_its_quote():
    clinic = ClinicSettingsFactory(worth_of_done="share")
    plan = quoted(priced(100, 350))
    done(plan, 2)
    clinic.worth_of_done = "single"
    clinic.save(by=clinic.created_by)
    assert ClinicSettings.objects.current().worth_of_done == "single"
    assert balance_of(stop(plan)).words == "£140.00 to pay"


def test_share_of_an_extended_course_counts_all_of_it():
    ClinicSettingsFactory(worth_of_done="share")
    plan = quoted(priced(100, 450))
    change(plan, planned_sessions=6)
    done(plan, 3)
    assert balance_of(stop(plan)).owed == 275  # half of 450 + 100


# Paid and given back


def test_stopped_course_that_was_paid_is_in_credit():
    plan = priced()
    PaymentFactory(plan=plan, amount=Decimal(500))
    done(plan, 2)
    balance = balance_of(stop(plan))
    assert [balance.words, balance.due, balance.outstanding] == ["£300.00 in credit", -300, 0]


def test_paid_and_refunded_are_told_apart_and_corrections_belong_to_either():
    plan = priced()
    payment = PaymentFactory(plan=plan, amount=Decimal(300))
    refund = PaymentFactory(plan=plan, amount=Decimal(-50), kind="refund", words="Moved.")
    balance = balance_of(plan)
    assert [balance.paid, balance.refunded, balance.held] == [300, 50, 250]
    counters = {"plan": plan, "kind": "correction", "words": "Slip."}
    PaymentFactory(amount=Decimal(50), counters=refund, **counters)
    balance = balance_of(plan)
    assert [balance.paid, balance.refunded, balance.held] == [300, 0, 300]
    PaymentFactory(amount=Decimal(-300), counters=payment, **counters)
    balance = balance_of(plan)
    assert [balance.paid, balance.refunded, balance.held] == [0, 0, 0]


def test_small_coins_are_summed_exactly():
    plan = priced(Decimal("0.10"), planned_sessions=6)
    for amount in ("0.10", "0.20", "0.30"):
        PaymentFactory(plan=plan, amount=Decimal(amount))
    assert balance_of(plan).words == "Paid"


def test_balances_of_many_plans_take_one_query(django_assert_num_queries):
    plans = [priced(each) for each in (100, 200, None)]
    PaymentFactory(plan=plans[0])
    with django_assert_num_queries(1):
        balances = balances_of(plans)
    assert [balances[plan.pk].words for plan in plans] == [
        "£450.00 to pay",
        "£1,000.00 to pay",
        "No price yet",
    ]
    with django_assert_num_queries(0):
        assert balances_of([]) == {}


def test_ledger_runs_by_day():
    plan = priced()
    PaymentFactory(plan=plan, amount=Decimal(100), paid_on=date(2025, 3, 5))
    PaymentFactory(plan=plan, amount=Decimal(50), paid_on=date(2025, 3, 4))
    entries = ledger_of(plan).entries
    assert [(one.amount, one.held) for one in entries] == [
        ("£50.00", "£50.00"),
        ("£100.00", "£150.00"),
    ]


def test_receipt_of_two_courses():
    by = UserFactory()
    face = priced()
    consultation = face.assessment.consultation
    neck = priced(assessment=AssessmentFactory(consultation=consultation, area="neck"))
    payments = [
        PaymentFactory.build(plan=plan, amount=Decimal(amount), receipt_number="")
        for plan, amount in ((face, 100), (neck, 50))
    ]
    keep_payments(payments=payments, by=by)
    receipt = receipt_of("R-000001")
    lines = [(plan, amount, after.words) for plan, amount, after in receipt.lines]
    assert lines == [
        (face, Decimal("100.00"), "£400.00 to pay"),
        (neck, Decimal("50.00"), "£450.00 to pay"),
    ]
    assert [receipt.total, receipt.method, receipt.by] == [150, "card", by]
    assert receipt.day == timezone.localdate()


def paid(plan, amount):
    payment = PaymentFactory.build(plan=plan, amount=Decimal(amount), receipt_number="")
    return keep_payments(payments=[payment], by=plan.created_by)[0].receipt_number


def test_receipt_says_the_balance_as_it_stood_when_it_was_paid():
    ClinicSettingsFactory(worth_of_done="share")
    plan = priced(320)
    paid(plan, 300)
    number = paid(plan, Decimal("500.50"))
    DiscountFactory(plan=plan, amount=Decimal(100))
    paid(plan, 100)
    done(plan, 1)
    clinic = ClinicSettings.objects.current()
    clinic.worth_of_done = "single"
    clinic.save(by=clinic.created_by)
    assert balance_of(stop(plan)).words == "£580.50 in credit"
    [(_plan, _amount, after)] = receipt_of(number).lines
    assert [after.words, after.course, after.done, after.rule] == [
        "£799.50 to pay",
        1600,
        0,
        "share",
    ]


def test_discount_that_was_in_error_later_still_stood_on_the_receipt():
    plan = priced()
    discount = DiscountFactory(plan=plan, amount=Decimal(100))
    number = paid(plan, 50)
    mark_in_error(record=discount, by=plan.created_by, reason="A slip.")
    [(_plan, _amount, after)] = receipt_of(number).lines
    assert [balance_of(plan).words, after.words] == ["£450.00 to pay", "£350.00 to pay"]


@pytest.mark.parametrize("number", ["", "R-000009"])
def test_receipt_that_there_is_not(number):
    PaymentFactory()
    assert receipt_of(number) is None
