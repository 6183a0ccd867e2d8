"""What a quote says of a course, and that its price stands from then on."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.quotes import QUOTED
from consultations.actions.signing import mark_in_error
from consultations.documents.issuing import draft_of, issue, missing_of
from consultations.models import TreatmentPlan
from consultations.models.text import day_in_words
from consultations.summaries.consent_reading import reading_of
from consultations.summaries.money import balance_of
from consultations.vocabulary import DocumentKind
from tests.factories import ClinicSettingsFactory, DiscountFactory, PaymentFactory, PlanFactory
from tests.factories.consent import TreatmentConsentFactory

from .reading import by_poppler, words

pytestmark = pytest.mark.django_db
QUOTE = DocumentKind.PLAN_AND_QUOTE


def test_course_is_the_sessions_planned_at_the_price_of_one(clinic, clinician):
    plan = PlanFactory(by=clinician, price_per_session=Decimal("250.50"), planned_sessions=5)
    text = words(by_poppler(draft_of(QUOTE, plan, clinician).pdf()))
    assert "Price of a single session: £250.50 The course: £1,252.50 If you stop early" in text


def test_discounts_and_vat_are_told(clinician):
    ClinicSettingsFactory(vat_rate=Decimal("20"))
    plan = PlanFactory(by=clinician, course_price=Decimal(1000))
    DiscountFactory(by=clinician, plan=plan, amount=Decimal(100))
    text = words(by_poppler(draft_of(QUOTE, plan, clinician).pdf()))
    told = "The course: £1,000.00 Discount: −£100.00 The course after the discount: £900.00"
    assert f"{told} VAT included (20%): £150.00" in text


def test_stopping_early_never_costs_more_than_the_course(clinic, clinician):
    plan = PlanFactory(by=clinician, price_per_session=Decimal(100), course_price=Decimal(400))
    text = words(by_poppler(draft_of(QUOTE, plan, clinician).pdf()))
    assert "at the price of a single session, at most the price of the course" in text


def balance_told(plan, clinician):
    today = day_in_words(timezone.localdate())
    text = words(by_poppler(draft_of(QUOTE, plan, clinician).pdf()))
    return text.partition(f"Balance on {today} ")[2].partition(" Before you decide")[0]


def test_quote_says_the_balance(clinic, clinician):
    plan = PlanFactory(by=clinician, price_per_session=Decimal(320), course_price=Decimal(1600))
    assert balance_told(plan, clinician) == "Paid: £0.00 Balance: £1,600.00 to pay"
    PaymentFactory(by=clinician, plan=plan, amount=Decimal("800.50"))
    PaymentFactory(by=clinician, plan=plan, amount=-50, kind="refund", words="Too much.")
    DiscountFactory(by=clinician, plan=plan, amount=Decimal(100))
    told = "Paid: £800.50 Refunded: £50.00 Balance: £749.50 to pay"
    assert balance_told(plan, clinician) == told
    plan.status, plan.status_reason = "stopped", "Moved away."
    plan.save(by=clinician)
    assert balance_told(plan, clinician) == (
        "Stopped: owed for what was done: £0.00 Paid: £800.50 Refunded: £50.00 "
        "Balance: £750.50 in credit"
    )


def test_new_quote_says_the_balance_of_its_own_price(clinic, clinician):
    plan = PlanFactory(by=clinician, course_price=Decimal(1000))
    issue(QUOTE, plan, clinician)
    plan.refresh_from_db()
    plan.course_price = Decimal(1200)
    plan.save(by=clinician)
    PaymentFactory(by=clinician, plan=plan, amount=Decimal(200))
    assert balance_told(plan, clinician) == "Paid: £200.00 Balance: £1,000.00 to pay"


def test_quote_of_a_course_that_ended_says_so(clinic, clinician):
    plan = PlanFactory(
        by=clinician, course_price=1000, status="stopped", status_reason="Moved away."
    )
    assert "Plan Status: Stopped Area: Face" in words(
        by_poppler(draft_of(QUOTE, plan, clinician).pdf())
    )


def test_quote_and_consent_say_the_same_of_the_days_between_sessions(clinic, clinician):
    plan = PlanFactory(by=clinician, interval_days=28)
    quote = words(by_poppler(draft_of(QUOTE, plan, clinician).pdf()))
    assert "Between sessions: at least 28 days" in quote
    assert "at least 28 days apart" in f"{reading_of(plan).sections}"


def test_issued_quote_fixes_the_price(clinic, clinician):
    plan = PlanFactory(by=clinician, price_per_session=Decimal(100))
    issue(QUOTE, plan, clinician)
    quoted = TreatmentPlan.objects.get(pk=plan.pk)
    assert (quoted.quoted_price, quoted.quoted_sessions) == (Decimal(500), 5)
    assert balance_of(quoted).is_quoted


def test_plan_without_a_price_says_so_before_it_is_issued(clinic, clinician):
    plan = PlanFactory(by=clinician)
    assert missing_of(QUOTE, plan) == ["the price"]
    issue(QUOTE, plan, clinician)
    assert not balance_of(plan).is_quoted


def withdraw(document, clinician):
    return mark_in_error(record=document, by=clinician, reason="Wrong.")


def test_quote_in_error_leaves_the_price_to_the_plan(clinic, clinician):
    plan = PlanFactory(by=clinician, price_per_session=Decimal(100))
    withdraw(issue(QUOTE, plan, clinician), clinician)
    plan.refresh_from_db()
    assert {name: getattr(plan, name) for name in QUOTED} == {
        **dict.fromkeys(QUOTED),
        "quoted_worth": "",
    }
    latest = plan.history.first()
    assert (latest.history_user, latest.history_change_reason) == (clinician, "Wrong.")


def test_quote_in_error_leaves_the_price_to_the_quote_that_stands(clinic, clinician):
    plan = PlanFactory(by=clinician, course_price=Decimal(100))
    quotes = []
    for price in (100, 200, 300):
        plan.refresh_from_db()
        plan.course_price = Decimal(price)
        plan.save(by=clinician)
        quotes.append(issue(QUOTE, plan, clinician))
    for quote, left in ((quotes[1], 300), (quotes[2], 100)):
        withdraw(quote, clinician)
        plan.refresh_from_db()
        assert plan.quoted_price == left


@pytest.mark.parametrize(
    ("factory", "told"),
    [
        (PaymentFactory, "The course was paid for as quoted."),
        (TreatmentConsentFactory, "The patient signed for the course as quoted."),
    ],
)
def test_quote_that_somebody_relied_on_stays(factory, told, clinic, clinician):
    plan = PlanFactory(by=clinician, price_per_session=Decimal(100), consented=False)
    quote = issue(QUOTE, plan, clinician)
    factory(by=clinician, plan=plan)
    with pytest.raises(ValidationError, match=told):
        withdraw(quote, clinician)
    plan.refresh_from_db()
    assert plan.quoted_price == Decimal(500)
