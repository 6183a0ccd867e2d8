"""A calendar address: who has it reads one diary without signing in, until it ends."""

import logging

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from clinic.reports import PlainFormatter
from consultations.accounts.calendar_addresses import digest_of, renew, take_away
from consultations.models import CalendarAddress
from tests.admin.browsing import Browser, Page
from tests.factories import AppointmentFactory, CalendarAddressFactory

pytestmark = pytest.mark.django_db

PAGE = "/admin/your-calendar/"


def url_of(secret):
    return f"/calendar/{secret}.ics"


@pytest.fixture
def url(clinician):
    AppointmentFactory(practitioner=clinician)
    return url_of(renew(user=clinician))


def shown(answer):
    [field] = Page(answer).select("#calendar-address")
    return field["value"].removeprefix("http://testserver")


# Reading


def test_calendar_is_read_without_signing_in(client, url, django_assert_num_queries):
    with django_assert_num_queries(3):
        answer = client.get(url)
    told = ("Content-Type", "Content-Disposition", "Cache-Control", "Referrer-Policy")
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert {name: answer.headers[name] for name in (*told, "X-Robots-Tag")} == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'attachment; filename="diary.ics"',
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    assert not answer.cookies


def test_calendar_that_is_as_it_was_is_not_sent_again(client, url, clinician):
    first = client.get(url)
    again = client.get(url, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"
    AppointmentFactory(practitioner=clinician, minutes=60)
    changed = client.get(url, headers={"if-none-match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_head_is_answered_without_the_calendar(client, url):
    answer, whole = client.head(url), client.get(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND", "OPTIONS"])
def test_nothing_is_sent_to_a_calendar(url, method):
    client = Client(enforce_csrf_checks=True)
    assert client.generic(method, url).status_code == 405
    assert client.generic(method, url_of("unknown")).status_code == 405


def test_calendar_is_the_same_for_a_browser_on_its_way_to_a_code(client_for, url, settings, admin):
    settings.SECOND_FACTOR = ["all"]
    browser = client_for(admin)
    assert browser.get("/admin/").status_code == 302
    before = browser.session.items()
    answer = browser.get(url)
    assert (answer.status_code, dict(browser.session.items())) == (200, dict(before))
    assert not answer.cookies


# Ending


def test_renewed_ended_closed_and_unknown_addresses_are_answered_alike(client, url, clinician):
    unknown = client.get(url_of("unknown"))
    told = {name: unknown.headers[name] for name in unknown.headers}
    assert unknown.status_code == 404

    def is_gone(address):
        answer = client.get(address)
        return (answer.status_code, answer.content, dict(answer.headers)) == (
            404,
            unknown.content,
            told,
        )

    renewed = url_of(renew(user=clinician))
    assert is_gone(url)
    clinician.is_active = False
    clinician.save()
    assert is_gone(renewed)
    clinician.is_active, clinician.is_staff = True, False
    clinician.save()
    assert is_gone(renewed)
    clinician.is_staff = True
    clinician.save()
    assert client.get(renewed).status_code == 200
    take_away(user=clinician)
    assert is_gone(renewed)


def test_account_that_is_closed_and_opened_again_has_no_address(client, clinician, manager, url):
    boss, account = Browser(manager), reverse("admin:auth_user_change", args=[clinician.pk])
    boss.fill(account, {"is_active": None, "was_asked": "on"})
    assert not CalendarAddress.objects.exists()
    boss.fill(account, {"is_active": "on"})
    assert User.objects.get(pk=clinician.pk).is_active
    assert client.get(url).status_code == 404


# The page


def test_address_is_shown_once_and_its_secret_stored_nowhere(client, client_for, clinician):
    browser = client_for(clinician)
    assert "Make an address" in Page(browser.get(PAGE)).text
    address = shown(browser.post(PAGE))
    assert client.get(address).status_code == 200
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) == 43
    assert CalendarAddress.objects.get().digest == digest_of(secret)
    again = browser.get(PAGE)
    assert secret not in again.content.decode()
    assert "You made your address on" in Page(again).text


def test_address_is_renewed_by_its_owner(client, client_for, clinician, url):
    address = shown(client_for(clinician).post(PAGE))
    assert [client.get(one).status_code for one in (url, address)] == [404, 200]


def test_address_is_ended_by_its_owner(client, client_for, clinician, url):
    browser = client_for(clinician)
    answer = browser.post(PAGE, {"end": "1"}, follow=True)
    assert "The address is ended." in Page(answer).text
    assert client.get(url).status_code == 404
    answer = browser.post(PAGE, {"end": "1"}, follow=True)
    assert "There was no address to end." in Page(answer).text


def test_history_of_the_account_says_when_and_not_what(client_for, clinician):
    browser = client_for(clinician)
    secret = shown(browser.post(PAGE)).removeprefix("/calendar/").removesuffix(".ics")
    browser.post(PAGE, {"end": "1"})
    rows = clinician.history.order_by("history_id").values()
    assert [row["history_change_reason"] for row in rows][-2:] == [
        "New calendar address.",
        "Calendar address ended.",
    ]
    assert [row for row in rows if secret in str(row) or digest_of(secret) in str(row)] == []


def test_page_is_refused_a_form_from_elsewhere(clinician):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clinician)
    assert browser.post(PAGE).status_code == 403
    assert not CalendarAddress.objects.exists()


def test_manager_ends_the_address_of_a_colleague(client, client_for, manager, clinician, url):
    boss = client_for(manager)
    page = reverse("admin:auth_user_change", args=[clinician.pk])
    assert "End calendar address" in Page(boss.get(page)).text
    boss.post(reverse("admin:auth_user_end_calendar", args=[clinician.pk]))
    assert client.get(url).status_code == 404
    assert "End calendar address" not in Page(boss.get(page)).text
    latest = clinician.history.order_by("-history_id").first()
    assert latest.history_change_reason == "Calendar address ended"


# Logs


def test_no_log_holds_an_address():
    for words in ("Not Found: %s", "Internal Server Error: %s", '"GET %s HTTP/1.1" 200 12'):
        args = (url_of("secret"),)
        record = logging.LogRecord("django.request", logging.ERROR, "", 1, words, args, None)
        assert PlainFormatter().format(record) == words % "/calendar/-"


def test_factory_s_secret_opens(client):
    user = CalendarAddressFactory().user
    assert client.get(url_of(f"secret-{user.username}")).status_code == 200
