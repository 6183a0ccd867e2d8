"""What a quote says of a course, and that its price stands from then on."""

from decimal import Decimal

import pytest

from consultations.documents.issuing import draft_of, issue, missing_of
from consultations.models import TreatmentPlan
from consultations.summaries.money import balance_of
from consultations.vocabulary import DocumentKind
from tests.factories import ClinicSettingsFactory, DiscountFactory, PlanFactory

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
    told = "The course: £1,000.00 Discount: −£100.00 To pay: £900.00 VAT included, 20 %: £150.00"
    assert told in text


def test_stopping_early_never_costs_more_than_the_course(clinic, clinician):
    plan = PlanFactory(by=clinician, price_per_session=Decimal(100), course_price=Decimal(400))
    text = words(by_poppler(draft_of(QUOTE, plan, clinician).pdf()))
    assert "at the price of a single session, at most the price of the course" in text


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
