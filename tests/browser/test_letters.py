"""Letters that wait, at the screen: one press, and the page goes on by itself to the last."""

import pytest
from django.urls import reverse

from consultations.documents.batch import AT_ONCE
from consultations.models import IssuedDocument
from tests.factories import ReferralFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_goes_on_by_itself(screen_of, clinician):
    for _number in range(AT_ONCE + 2):
        ReferralFactory(by=clinician, surgeon="Ms A. Okafor")
    screen = screen_of(clinician).open(reverse("admin:consultations_surgicalreferral_letters"))
    screen.page.click(f"text=Issue {AT_ONCE + 2} letters")
    screen.page.wait_for_selector(f"text={AT_ONCE + 2} of {AT_ONCE + 2}")
    assert screen.page.locator("#issued ~ ul li").count() == AT_ONCE + 2
    assert IssuedDocument.objects.count() == AT_ONCE + 2
