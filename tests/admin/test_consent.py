"""Consents are withdrawn, never rewritten; wordings get a next edition."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Consent, ConsentWording
from consultations.models.first_wordings import PHOTO
from tests.factories import ConsentFactory, ConsentWordingFactory

from .browsing import Browser, add_url, change_url, list_url, page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(practitioner):
    return Browser(practitioner)


def test_consent_shows_what_was_signed(browser):
    consent = ConsentFactory(wording__text="These words.")
    page = browser.open(change_url(consent))
    for part in ("These words.", "Given Family", "3 Mar 2025", "unchanged since it was signed"):
        assert part in page.text
    assert page.select("input[name=_save]") == []


def test_consent_that_was_altered_says_so(browser):
    consent = ConsentFactory()
    Consent.objects.update(signed_name="Somebody Else")
    assert "not what was signed" in browser.open(change_url(consent)).text


def test_consent_is_withdrawn(browser, practitioner):
    consent, today = ConsentFactory(), timezone.localdate()
    withdraw = browser.open(change_url(consent)).links["Withdraw"]
    page = browser.fill(withdraw, {"withdrawn_on": today})
    consent.refresh_from_db()
    assert (consent.withdrawn_on, consent.is_as_signed) == (today, True)
    assert consent.history.latest().history_user == practitioner
    assert page.path == page_url(consent.patient, "consents")


@pytest.mark.parametrize(
    ("days", "told"),
    [(1, "This date is in the future."), (-9999, "This is before the consent was given.")],
)
def test_impossible_day_of_withdrawal_is_refused(browser, days, told):
    consent, day = ConsentFactory(), timezone.localdate() + timedelta(days=days)
    page = browser.fill(page_url(consent, "withdraw"), {"withdrawn_on": day})
    assert page.errors == {"withdrawn_on": [told]}


def test_what_was_signed_cannot_be_posted(browser):
    consent = ConsentFactory()
    assert browser.post(change_url(consent), {"signed_name": "Somebody Else"}).status == 403
    consent.refresh_from_db()
    assert (consent.signed_name, consent.is_as_signed) == ("Given Family", True)


def test_withdrawn_consent_stays_withdrawn(browser):
    consent = ConsentFactory(withdrawn_on="2025-04-01")
    assert "Withdraw" not in browser.open(change_url(consent)).links
    page = browser.post(page_url(consent, "withdraw"), {"withdrawn_on": timezone.localdate()})
    assert page.messages == ["This consent does not stand any more."]
    consent.refresh_from_db()
    assert str(consent.withdrawn_on) == "2025-04-01"


def test_consents_are_listed_with_their_state(browser):
    ConsentFactory(withdrawn_on="2025-04-01")
    ConsentFactory()
    rows = browser.open(list_url("consent")).rows
    assert [row[-1] for row in rows] == ["in force", "withdrawn on 1 Apr 2025"]


def test_manager_writes_the_next_edition(manager):
    ConsentWordingFactory(edition=4)
    data = {"kind": "photo", "text": "New words."}
    Browser(manager).fill(add_url("consentwording"), data)
    wording = ConsentWording.objects.latest("pk")
    assert (wording.edition, wording.text, wording.created_by) == (5, "New words.", manager)


def test_wording_in_use_is_not_changed(manager):
    wording = ConsentFactory().wording
    page = Browser(manager).fill(change_url(wording), {"text": "Other words."})
    [told] = page.errors["text"]
    assert told.startswith("Consents were given in these words")
    wording.refresh_from_db()
    assert wording.text == "I agree."


def test_wording_not_in_use_is_changed(manager):
    wording = ConsentWordingFactory()
    Browser(manager).fill(change_url(wording), {"text": "Other words."})
    wording.refresh_from_db()
    assert wording.text == "Other words."


def test_first_wording_starts_from_the_words_in_use_without_one(manager):
    browser = Browser(manager)
    first = browser.open(add_url("consentwording")).form
    assert [first["kind"], first["text"]] == ["photo", PHOTO]
    ConsentWordingFactory()
    assert browser.open(add_url("consentwording")).form["text"] == ""


def test_wording_for_photos_has_no_laser_type(manager):
    data = {"kind": "photo", "text": "Words.", "laser_type": "ablative_full"}
    page = Browser(manager).fill(add_url("consentwording"), data)
    assert page.errors == {"laser_type": ["Only a consent to treatment is for a laser type."]}


def test_practitioner_reads_wordings(browser):
    page = browser.open(change_url(ConsentWordingFactory(text="Words to read.")))
    assert "Words to read." in page.text
    assert page.select("input[name=_save]") == []
