"""Where photos are used outside the record: added, listed, and taken down."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.models import PhotoUse
from tests.factories import ConsentFactory, PatientFactory, PhotoFactory, PhotoUseFactory

from .browsing import Browser, add_url, change_url, list_url, page_url, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    """Of a patient who agrees to photos and to their use in advertising."""
    photo = PhotoFactory(patient=ConsentFactory().patient)
    ConsentFactory(patient=photo.patient, wording__kind="publicity")
    return photo


def consent_of(photo):
    return photo.patient.consents.get(wording__kind="publicity")


def add_links(page):
    return [one["href"] for one in page.select("#uses a[href*='/photouse/add/']")]


def listed(page, heading):
    """What stands on the card under this heading."""
    return [words(one.find("a")) for one in page.select(f"section[aria-labelledby={heading}] li")]


def test_use_is_added_from_the_page_of_a_photo(practitioner, photo):
    browser = Browser(practitioner)
    [link] = add_links(browser.open(change_url(photo)))
    page = browser.fill(link, {"where": "Clinic’s website"})
    use = PhotoUse.objects.get()
    assert [use.photo, use.where, use.since] == [photo, "Clinic’s website", timezone.localdate()]
    assert page.path == change_url(photo)
    assert listed(page, "uses-title") == ["Clinic’s website"]


def test_without_consent_there_is_no_way_to_add_one(practitioner):
    photo = PhotoFactory(patient=ConsentFactory().patient)
    browser = Browser(practitioner)
    page = browser.open(change_url(photo))
    assert add_links(page) == []
    assert "Without the patient’s consent" in page.text
    page = browser.fill(add_url("photouse", photo=photo.pk), {"where": "A leaflet"})
    assert "The patient has not agreed to photos in advertising." in page.text
    assert page.form["where"] == "A leaflet"
    assert not PhotoUse.objects.exists()


def test_wrong_answers_are_told_beside_their_fields(practitioner, photo):
    today = timezone.localdate()
    typed = {"where": "…", "since": today, "down_on": today - timedelta(days=1)}
    page = Browser(practitioner).fill(add_url("photouse", photo=photo.pk), typed)
    assert page.errors == {
        "where": ["Write at least one letter."],
        "down_on": ["It cannot be taken down before it was up."],
    }


def test_manager_adds_none(manager, photo):
    assert add_links(Browser(manager).open(change_url(photo))) == []
    assert Browser(manager).open(add_url("photouse", photo=photo.pk)).status == 403


def test_withdrawing_lists_at_once_what_must_come_down(practitioner, photo):
    down = {"where": "A leaflet", "down_on": date(2025, 4, 1)}
    up, _down = PhotoUseFactory(photo=photo), PhotoUseFactory(photo=photo, **down)
    browser, consents = Browser(practitioner), page_url(photo.patient, "consents")
    assert listed(browser.open(consents), "to-take-down") == []
    page = browser.fill(page_url(consent_of(photo), "withdraw"), {})
    assert page.path == consents
    assert listed(page, "to-take-down") == [up.where]


def take_down(browser, use, **data):
    return browser.post(page_url(use, "taken_down"), {"version": use.version} | data)


def test_each_is_taken_down_with_one_press(practitioner):
    one, other = PhotoUseFactory(), PhotoUseFactory(where="A leaflet")
    browser = Browser(practitioner)
    page = browser.open(page_url(one.patient, "consents"))
    [form] = page.select(f"form[action='{page_url(one, 'taken_down')}']")
    assert words(form.find("button")) == f"Taken down today {one.where}"
    page = take_down(browser, one, next=page_url(one.patient, "consents"))
    assert page.messages == ["Taken down today."]
    assert listed(page, "to-take-down") == []
    assert list(PhotoUse.objects.to_take_down()) == [other]


def test_taken_down_twice_is_told(practitioner):
    use = PhotoUseFactory()
    take_down(Browser(practitioner), use)
    use.refresh_from_db()
    page = take_down(Browser(practitioner), use)
    assert page.messages == ["This was taken down already."]


@pytest.mark.parametrize("role", ["practitioner", "clinician", "manager"])
def test_stands_in_today_until_it_is_down(request, role):
    user, use = request.getfixturevalue(role), PhotoUseFactory()
    browser = Browser(user)
    [panel] = browser.open("/admin/").select(".panel-to_take_down")
    assert use.where in words(panel)
    assert panel.select(f"form[action='{page_url(use, 'taken_down')}']")
    take_down(browser, use)
    [panel] = browser.open("/admin/").select(".panel-to_take_down")
    assert "No photo is up without consent." in words(panel)


def test_reception_is_told_of_no_photos(reception):
    use = PhotoUseFactory()
    browser = Browser(reception)
    for url in ("/admin/", page_url(use.patient, "consents")):
        page = browser.open(url)
        assert (page.status, use.where in page.text) == (200, False)
    assert take_down(browser, use).status == 403


def test_uses_are_listed_and_found(practitioner):
    use = PhotoUseFactory(photo__patient=PatientFactory(family_name="Núñez"))
    agreed = PhotoUseFactory()
    ConsentFactory(patient=agreed.patient, wording__kind="publicity")
    PhotoUseFactory(down_on=date(2025, 4, 1))
    browser = Browser(practitioner)
    rows = browser.open(list_url("photouse")).rows
    assert [row[-1] for row in rows] == ["taken down on 1 Apr 2025", "up", "up"]
    assert len(browser.open(list_url("photouse", state="up")).rows) == 2
    found = list_url("photouse", state="to_take_down", q="nunez")
    [[where, who, *_rest]] = browser.open(found).rows
    assert [where, who] == [use.where, f"{use.patient.full_name} {use.patient.record_number}"]


def test_what_is_still_up_is_named_before_erasing(manager):
    use = PhotoUseFactory()
    PhotoUseFactory(photo=use.photo, where="A leaflet", down_on=date(2025, 4, 1))
    page = Browser(manager).open(page_url(use.patient, "erase"))
    assert listed(page, "still-up") == [use.where]
