"""The safety file on a laser's page: written by the manager, read by those who treat."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.models import AuthorisedUser, Laser, LaserIncident, LaserService
from tests.factories import (
    AuthorisedUserFactory,
    LaserFactory,
    LaserIncidentFactory,
    LaserServiceFactory,
    UserFactory,
)

from .browsing import Browser, add_row, add_url, change_url, list_url, words

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TRAINING = {"trained_on": "2025-03-03", "authorised_by": "The adviser"}
SERVICE = {"serviced_on": "2025-03-03", "serviced_by": "The maker", "work": "Checked."}
INCIDENT = {"happened_on": "2025-03-03", "what": "It stopped."}


@pytest.fixture
def browser(manager):
    return Browser(manager)


@pytest.fixture
def laser():
    return LaserFactory()


def add_card(browser, laser, prefix, **values):
    data = add_row(browser.open(change_url(laser)).form, prefix, **values)
    return browser.post(change_url(laser), data | {"_save": "1"})


def tomorrow():
    return (timezone.localdate() + DAY).isoformat()


def test_adviser_and_review_of_local_rules_are_kept(browser, laser):
    browser.fill(
        change_url(laser),
        {
            "protection_adviser": "Dr Light",
            "local_rules_reviewed_on": "2025-03-03",
            "local_rules_review_due_on": "2026-03-03",
        },
    )
    laser.refresh_from_db()
    kept = (laser.protection_adviser, laser.local_rules_review_due_on)
    assert kept == ("Dr Light", date(2026, 3, 3))


def test_review_to_come_is_not_one_that_was(browser, laser):
    page = browser.fill(change_url(laser), {"local_rules_reviewed_on": tomorrow()})
    assert page.errors == {"local_rules_reviewed_on": ["This date is in the future."]}


def test_authorised_user_is_added_on_the_page_of_the_laser(browser, laser, manager):
    person = UserFactory()
    add_card(browser, laser, "authorised_users", user=person.pk, **TRAINING)
    row = AuthorisedUser.objects.get()
    kept = (row.laser, row.user, row.trained_on, row.authorised_until, row.created_by)
    assert kept == (laser, person, date(2025, 3, 3), None, manager)


@pytest.mark.parametrize(
    ("prefix", "values", "field", "words"),
    [
        (
            "authorised_users",
            {"trained_on": "tomorrow", "authorised_by": "The adviser"},
            "trained_on",
            "This date is in the future.",
        ),
        (
            "authorised_users",
            TRAINING | {"authorised_until": "2025-03-02"},
            "authorised_until",
            "This is before the training.",
        ),
        (
            "services",
            SERVICE | {"serviced_on": "tomorrow"},
            "serviced_on",
            "This date is in the future.",
        ),
        (
            "services",
            SERVICE | {"next_due_on": "2025-03-02"},
            "next_due_on",
            "The next service comes after this one.",
        ),
        (
            "incidents",
            INCIDENT | {"happened_on": "tomorrow"},
            "happened_on",
            "This date is in the future.",
        ),
    ],
)
def test_wrong_day_is_refused_beside_its_field(browser, laser, prefix, values, field, words):
    values = {name: tomorrow() if value == "tomorrow" else value for name, value in values.items()}
    if prefix == "authorised_users":
        values["user"] = UserFactory().pk
    page = add_card(browser, laser, prefix, **values)
    assert page.errors == {f"{prefix}-0-{field}": [words]}


def test_training_that_is_on_the_list_is_refused(browser):
    row = AuthorisedUserFactory()
    values = TRAINING | {"trained_on": row.trained_on.isoformat(), "user": row.user_id}
    page = add_card(browser, row.laser, "authorised_users", **values)
    told = ["This person and day are already on the list."]
    assert page.errors == {"authorised_users-1-trained_on": told}


def test_training_typed_twice_at_once_is_refused(browser, laser):
    data, person = browser.open(change_url(laser)).form, UserFactory()
    for _number in range(2):
        data = add_row(data, "authorised_users", user=person.pk, **TRAINING)
    page = browser.post(change_url(laser), data)
    told = ["This person and day are already on the list."]
    assert page.errors == {"authorised_users-1-trained_on": told}
    assert not AuthorisedUser.objects.exists()


def test_card_of_somebody_on_the_list_keeps_who_it_is(browser):
    row = AuthorisedUserFactory()
    changes = {"authorised_users-0-user": UserFactory().pk}
    changes |= {"authorised_users-0-authorised_until": "2025-06-01"}
    browser.fill(change_url(row.laser), changes)
    stored = AuthorisedUser.objects.get()
    assert (stored.user, stored.authorised_until) == (row.user, date(2025, 6, 1))


def test_service_says_when_the_laser_is_due_and_the_day_is_no_longer_typed(browser, laser):
    assert "service_due_on" in browser.open(change_url(laser)).names()
    add_card(browser, laser, "services", **SERVICE, next_due_on="2026-03-03")
    assert Laser.objects.get(pk=laser.pk).service_due_on == date(2026, 3, 3)
    browser.fill(change_url(laser), {"service_due_on": "2030-01-01", "manufacturer": "Maker"})
    stored = Laser.objects.get(pk=laser.pk)
    assert (stored.service_due_on, stored.manufacturer) == (date(2026, 3, 3), "Maker")
    page = browser.open(change_url(laser))
    assert "service_due_on" not in page.names()
    assert "3 Mar 2026" in words(page.soup.select_one(".field-service_due_on"))


def test_service_on_its_own_page_is_followed_too(browser, laser):
    browser.fill(add_url("laserservice", laser=laser.pk), SERVICE | {"next_due_on": "2026-03-03"})
    service = LaserService.objects.get()
    browser.fill(change_url(service), {"next_due_on": "2026-09-03"})
    assert Laser.objects.get(pk=laser.pk).service_due_on == date(2026, 9, 3)


def test_incident_is_added_on_the_page_of_the_laser(browser, laser):
    add_card(browser, laser, "incidents", **INCIDENT, reported_to="The maker", reference="A-1")
    incident = LaserIncident.objects.get()
    assert (incident.laser, incident.what, incident.reference) == (laser, "It stopped.", "A-1")


def test_safety_file_is_folded_and_says_how_much_is_in_it(browser, laser):
    LaserServiceFactory.create_batch(2, laser=laser)
    page = browser.open(change_url(laser))
    folded = [words(one) for one in page.select("details.inline-folded:not([open]) > summary")]
    assert folded == ["Authorised users 0", "Laser services 2", "Laser incidents 0"]


def test_page_shows_the_latest_and_leads_to_the_rest(browser, laser):
    days = [date(2025, 1, 1) + number * DAY for number in range(14)]
    for day in days:
        LaserIncidentFactory(laser=laser, happened_on=day)
    page = browser.open(change_url(laser))
    titles = [words(one) for one in page.select("#incidents-group .inline_label a")]
    assert (len(titles), titles[0]) == (12, "Incident of 14 Jan 2025")
    assert page.soup.select_one("#incidents-group p a")["href"] == list_url("laserincident")
    add_card(browser, laser, "incidents", **INCIDENT)
    assert LaserIncident.objects.count() == 15


@pytest.mark.parametrize("role", ["practitioner", "clinician"])
def test_those_who_treat_read_the_file_and_write_nothing(role, request, laser):
    row = AuthorisedUserFactory(laser=laser, user__first_name="Ada")
    browser = Browser(request.getfixturevalue(role))
    page = browser.open(change_url(laser))
    assert str(row) in page.text
    assert page.select("textarea, [name=_save], [name$=trained_on]") == []
