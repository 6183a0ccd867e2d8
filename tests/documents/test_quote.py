"""What a quote says of a course: amounts as they are stored, none where there is no price."""

from decimal import Decimal

import pytest

from consultations.documents.issuing import draft_of, missing_of
from consultations.summaries.quote import quote_of
from consultations.vocabulary import DocumentKind
from tests.factories import PlanFactory

from .reading import by_poppler, words

pytestmark = pytest.mark.django_db
QUOTE = DocumentKind.PLAN_AND_QUOTE


def test_course_is_the_sessions_planned_at_the_price_of_one(clinic, clinician):
    plan = PlanFactory(by=clinician, price_per_session=Decimal("250.50"), planned_sessions=5)
    assert quote_of(plan).lines == (
        ("Price per session", "250.50"),
        ("Sessions planned", "5"),
        ("Course", "1252.50"),
    )
    text = words(by_poppler(draft_of(QUOTE, plan, clinician).pdf()))
    assert "Price per session: 250.50 Sessions planned: 5 Course: 1252.50" in text


def test_plan_without_a_price_says_so_before_it_is_issued(clinic, clinician):
    plan = PlanFactory(by=clinician)
    assert quote_of(plan).lines == ()
    assert missing_of(QUOTE, plan) == ["the price per session"]
