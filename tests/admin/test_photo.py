"""A photo's own page: put right what it shows, never the photo itself."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories import ConsentFactory, PatientFactory, PhotoFactory

from .browsing import Browser, change_url, list_url, page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    return PhotoFactory(patient=ConsentFactory().patient)


@pytest.fixture
def browser(practitioner):
    return Browser(practitioner)


def test_area_view_and_day_are_put_right(browser, photo):
    changes = {"area": "legs", "view": "back", "taken_on": "2025-03-04"}
    page = browser.fill(change_url(photo), changes)
    photo.refresh_from_db()
    assert (photo.area, photo.view, photo.taken_on) == ("legs", "back", date(2025, 3, 4))
    assert page.path == page_url(photo.patient, "photos")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"view": "back"}, {"view": ["This area has no such view."]}),
        ({"taken_on": "1970-01-01"}, {"taken_on": ["This is before the patient was born."]}),
        (
            {"taken_on": lambda: timezone.localdate() + timedelta(days=1)},
            {"taken_on": ["This date is in the future."]},
        ),
    ],
)
def test_what_cannot_be_is_refused(browser, photo, changes, told):
    # Today is asked for when it is typed: a run of all tests may go past midnight.
    changes = {name: value() if callable(value) else value for name, value in changes.items()}
    assert browser.fill(change_url(photo), changes).errors == told


def test_photo_is_shown_above_the_form(browser, photo):
    page = browser.open(change_url(photo))
    assert [image["src"] for image in page.select("#content img")] == [page_url(photo, "image")]


def test_photo_without_consent_is_not_shown(browser):
    page = browser.open(change_url(PhotoFactory()))
    assert page.select("#content img") == []
    assert "This photo is not shown" in page.text


def test_manager_reads_a_photos_page(manager, photo):
    page = Browser(manager).open(change_url(photo))
    assert (page.status, page.select("input[name=_save]")) == (200, [])


def test_photos_are_listed_and_found_by_patient(browser):
    patient = PatientFactory(family_name="Núñez")
    PhotoFactory(patient=patient, area="neck")
    PhotoFactory()
    assert len(browser.open(list_url("photo")).rows) == 2
    [[area, who, *_rest]] = browser.open(list_url("photo", q="nunez")).rows
    assert (area, who) == ("Neck", str(patient))
    assert len(browser.open(list_url("photo", area="neck")).rows) == 1


def test_photo_in_error_is_struck_through_and_no_longer_shown(clinician, photo):
    browser = Browser(clinician)
    browser.fill(page_url(photo, "entered_in_error"), {"reason": "Wrong patient."})
    assert browser.open(page_url(photo.patient, "photos")).select("#gallery img") == []
    assert browser.open(list_url("photo")).select("s.in-error")
