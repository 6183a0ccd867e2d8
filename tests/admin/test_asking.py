"""Signing with questions that were not asked takes a second press, which names their number."""

import pytest

from consultations.models import Consultation
from tests.factories import PatientFactory, SessionFactory

from . import answers
from .browsing import Browser, add_url, change_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.fixture
def add():
    return add_url("consultation", patient=PatientFactory().pk)


def test_blanks_are_signed_by_a_second_press_that_names_their_number(browser, add):
    page = browser.fill(add, answers.areas(("face", "mild")), button="_sign")
    consultation = Consultation.objects.get()
    assert (consultation.is_signed, page.form["unasked"]) == (False, "34")
    assert "Saved, not signed: 34 questions were not asked." in " ".join(page.messages)
    assert page.select("input[name=_sign]")[0]["value"] == "Sign with 34 not asked"
    assert page.select(".verdict .chip")[1].text.strip() == "34 not asked"
    browser.fill(page.path, {"smoker": "false"}, button="_sign")
    consultation.refresh_from_db()
    assert (consultation.is_signed, consultation.smoker) == (True, False)


def test_more_blanks_than_were_named_ask_again(browser, add):
    page = browser.fill(add, answers.areas(("face", "mild")) | {"smoker": "true"}, button="_sign")
    assert page.form["unasked"] == "33"
    page = browser.fill(page.path, {"smoker": "unknown"}, button="_sign")
    assert (page.form["unasked"], Consultation.objects.get().is_signed) == ("34", False)


def test_number_to_sign_without_counts_questions_of_the_person_once(browser, add):
    page = browser.fill(add, answers.areas(("face", "mild"), ("neck", "mild")), button="_sign")
    assert page.form["unasked"] == "41"


def test_session_is_signed_by_one_press_when_all_was_asked(practitioner):
    session = SessionFactory(by=practitioner, **answers.ALL_OF_THE_DAY)
    page = Browser(practitioner).fill(change_url(session), button="_sign")
    assert page.messages == ["Signed. It is now read-only."]


def test_session_with_blanks_is_signed_by_a_second_press(practitioner):
    session = SessionFactory(by=practitioner)
    browser = Browser(practitioner)
    page = browser.fill(change_url(session), {"notes": "Red."}, button="_sign")
    session.refresh_from_db()
    assert (session.notes, session.is_signed) == ("Red.", False)
    assert "Saved, not signed: 12 questions were not asked." in " ".join(page.messages)
    assert page.select("input[name=_sign]")[0]["value"] == "Sign with 12 not asked"
    assert browser.fill(page.path, button="_sign").messages == ["Signed. It is now read-only."]
