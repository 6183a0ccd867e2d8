"""Referral letters that wait, in one go: each its own document, and what could not be made said."""

import io
from pathlib import Path

import pytest
from django.urls import reverse
from pypdf import PdfReader

from consultations.admin.parts.documents import preview_url
from consultations.documents.batch import AT_ONCE, LETTER
from consultations.models import AccessRecord, IssuedDocument
from consultations.vocabulary import AccessKind
from tests.factories import ReferralFactory

from .browsing import Browser, add_url

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
    assert f"{AT_ONCE} of {AT_ONCE + 1}" in page.text
    assert [one["value"] for one in page.select("progress")] == [str(AT_ONCE)]
    page = browser.post(LETTERS, page.form)
    assert IssuedDocument.objects.count() == AT_ONCE + 1
    assert f"{AT_ONCE + 1} letters issued, 1 not." in page.text
    assert f"{nobody.patient.full_name} No surgeon is named." in page.text
    assert "Ms A. Okafor" not in browser.open(LETTERS).text


def test_letter_without_a_surgeon_is_not_counted_and_leads_to_naming_one(browser, clinician):
    nobody = ReferralFactory(by=clinician)
    page = browser.open(LETTERS)
    assert "Issue" not in page.text
    assert page.links["Send referral"] == add_url("referralsending", referral=nobody.pk)


def test_letters_of_a_run_are_printed_in_one_go_each_on_its_own_sheets(browser, clinician):
    for name in ("Ms A. Okafor", "Mr B. Sato"):
        ReferralFactory(by=clinician, surgeon=name)
    page = browser.post(LETTERS, browser.open(LETTERS).form)
    answer = browser.client.post(LETTERS, page.form | {"print": "1"})
    pages = PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages
    texts = [one.extract_text() for one in pages]
    letters = IssuedDocument.objects.order_by("pk")
    firsts = [next(at for at, text in enumerate(texts) if one.number in text) for one in letters]
    assert [at % 2 for at in firsts] == [0, 0]
    whole = [PdfReader(one.file.open()).pages for one in letters]
    for at, own in zip(firsts, whole, strict=True):
        kept = [one.extract_text() for one in own]
        assert [text.split() for text in texts[at : at + len(own)]] == [
            text.split() for text in kept
        ]
    opened = AccessRecord.objects.filter(kind=AccessKind.DOCUMENT)
    assert {one.object_id for one in opened} == {one.pk for one in letters}


def test_file_that_was_changed_is_not_printed(browser, clinician):
    ReferralFactory(by=clinician, surgeon="Ms A. Okafor")
    browser.post(LETTERS, browser.open(LETTERS).form)
    letter = IssuedDocument.objects.get()
    Path(letter.file.path).write_bytes(b"%PDF-1.7")
    assert browser.post(LETTERS, {"made": letter.pk, "print": "1"}).status == 404


def test_what_a_letter_cannot_say_stands_beside_it_with_the_preview(browser, clinician):
    consulted = {"height_cm": 170, "weight_kg": 70, "smoker": False}
    known = {f"assessment__consultation__{name}": value for name, value in consulted.items()}
    named = {"by": clinician, "surgeon": "Ms A. Okafor"}
    referrals = [ReferralFactory(**named), ReferralFactory(**named, **known)]
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
