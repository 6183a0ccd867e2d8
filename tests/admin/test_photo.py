"""A photo's own page: put right what it shows, never the photo itself."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.actions.photos import keep_photo
from tests.factories import ConsentFactory, PatientFactory, PhotoFactory, PhotoUseFactory
from tests.pictures import picture, upload

from .browsing import Browser, change_url, list_url, page_url, words

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
    assert "This photo is hidden" in page.text


def test_manager_reads_a_photos_page(manager, photo):
    page = Browser(manager).open(change_url(photo))
    assert (page.status, page.select("input[name=_save]")) == (200, [])


def test_photos_are_listed_and_found_by_patient(browser):
    patient = PatientFactory(family_name="Núñez")
    PhotoFactory(patient=patient, area="neck")
    PhotoFactory()
    assert len(browser.open(list_url("photo")).rows) == 2
    [[area, who, *_rest]] = browser.open(list_url("photo", q="nunez")).rows
    assert (area, who) == ("Neck", f"{patient.full_name} {patient.record_number}")
    assert len(browser.open(list_url("photo", area="neck")).rows) == 1


def test_photo_in_error_is_struck_through_and_no_longer_shown(clinician, photo):
    browser = Browser(clinician)
    browser.fill(page_url(photo, "entered_in_error"), {"reason": "Wrong patient."})
    assert browser.open(page_url(photo.patient, "photos")).select("#gallery img") == []
    assert browser.open(list_url("photo")).select("s.in-error")


@pytest.fixture
def shot(practitioner):
    """A real picture of 64 by 48 pixels."""
    where = {"area": "face", "view": "front", "taken_on": date(2025, 3, 3), "by": practitioner}
    return keep_photo(patient=ConsentFactory().patient, file=upload(picture()), **where)


def turn(browser, photo, degrees="90", version=None):
    data = {"degrees": degrees, "version": version or photo.version}
    return browser.post(page_url(photo, "turn"), data)


def test_photo_is_turned_from_its_page(browser, shot):
    page = browser.open(change_url(shot))
    [form] = page.select(f"form[action='{page_url(shot, 'turn')}']")
    buttons = page.select(f"button[form={form['id']}]")
    told = {words(button): button["value"] for button in buttons}
    assert told == {"Turn left": "270", "Turn right": "90", "Turn upside down": "180"}
    page = turn(browser, shot)
    assert page.messages == ["Turned. The photo as it was is kept, marked as entered in error."]
    assert page.path == page_url(shot.patient, "photos")
    [image] = page.select("#gallery .photo img")
    assert (image["width"], image["height"]) == ("48", "64")


def test_where_a_photo_is_used_goes_along_when_it_is_turned(browser, shot):
    use = PhotoUseFactory(photo=shot)
    turn(browser, shot)
    use.refresh_from_db()
    assert use.photo == shot.patient.photos.standing().get()


@pytest.mark.parametrize("degrees", ["", "45", "x", "9" * 30])
def test_odd_turn_is_refused(browser, shot, degrees):
    assert turn(browser, shot, degrees).messages == ["Choose which way to turn the photo."]


def test_page_of_before_turns_nothing(browser, shot):
    turn(browser, shot)
    assert turn(browser, shot, version=1).status == 403
    assert shot.patient.photos.count() == 2


def test_who_may_not_change_photos_is_not_offered_to_turn_them(manager, shot):
    assert Browser(manager).open(change_url(shot)).select("[name=degrees]") == []
    assert turn(Browser(manager), shot).status == 403


def test_list_leads_to_the_other_photos_of_the_view(browser, photo):
    [link] = browser.open(list_url("photo")).select(".field-compare a")
    assert link["href"] == page_url(photo.patient, "photos") + "#face-front"
