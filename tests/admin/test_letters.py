"""Referral letters that wait, in one go: each its own document, and what could not be made said."""

import pytest
from django.urls import reverse

from consultations.admin.parts.documents import preview_url
from consultations.documents.batch import AT_ONCE, LETTER
from consultations.models import IssuedDocument
from tests.factories import ReferralFactory

from .browsing import Browser

pytestmark = pytest.mark.django_db
LETTERS = reverse("admin:consultations_surgicalreferral_letters")


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def test_letters_are_issued_a_few_at_a_time_and_counted(browser, clinician):
    for _number in range(AT_ONCE + 1):
        ReferralFactory(by=clinician, surgeon="Ms A. Okafor")
    nobody = ReferralFactory(by=clinician)
    page = browser.open(LETTERS)
    page = browser.post(LETTERS, page.form)
    assert f"{AT_ONCE} of {AT_ONCE + 2}" in page.text
    assert [one["value"] for one in page.select("progress")] == [str(AT_ONCE)]
    page = browser.post(LETTERS, page.form)
    assert IssuedDocument.objects.count() == AT_ONCE + 1
    assert f"{nobody.patient.full_name} The referral does not say to whom." in page.text
    assert page.form == {}
    assert "Ms A. Okafor" not in browser.open(LETTERS).text


def test_what_a_letter_cannot_say_stands_beside_it_with_the_preview(browser, clinician):
    consulted = {"height_cm": 170, "weight_kg": 70, "smoker": False}
    known = {f"assessment__consultation__{name}": value for name, value in consulted.items()}
    referrals = [ReferralFactory(by=clinician), ReferralFactory(by=clinician, **known)]
    first, second = browser.open(LETTERS).select("ul.listed li")
    told = (("height, weight, smoking, blood thinner", first), ("wants, blood thinner", second))
    for lacks, listed in told:
        assert lacks in listed.select_one("p").get_text()
    previews = [one.select("a")[-1]["href"] for one in (first, second)]
    for referral, url in zip(referrals, previews, strict=True):
        assert url == preview_url(LETTER, referral, referral.patient)
        assert browser.open(url).status == 200


def test_nothing_waits(browser):
    assert "No letter waits." in browser.open(LETTERS).text


def test_letter_is_not_issued_twice(browser, clinician):
    ReferralFactory(by=clinician, surgeon="Ms A. Okafor")
    form = browser.open(LETTERS).form
    browser.post(LETTERS, form)
    browser.post(LETTERS, form)
    assert IssuedDocument.objects.count() == 1


@pytest.mark.parametrize("forged", [{"after": "x"}, {"total": "-1"}, {"made": "9" * 30}])
def test_forged_step_is_refused(forged, browser):
    assert browser.post(LETTERS, forged).status == 400
