"""Every request and answer: from where it comes, what browsers are told, how long it is kept."""

import ipaddress

import pytest
from django.test import RequestFactory

from clinic import middleware
from tests.factories import PatientFactory

OUTSIDE = "203.0.113.9"


@pytest.fixture
def proxies(settings):
    settings.TRUSTED_PROXIES = [
        ipaddress.ip_network(one) for one in ("10.0.0.0/8", "2001:db8::/32")
    ]


def seen_from(caller, passed_on=None):
    headers = {} if passed_on is None else {"x-forwarded-for": passed_on}
    request = RequestFactory(REMOTE_ADDR=caller).get("/", headers=headers)
    middleware.know_the_address(lambda request: None)(request)
    return request.META["REMOTE_ADDR"] or None


def test_forwarded_address_is_ignored_without_trusted_proxies():
    assert seen_from("10.0.0.1", OUTSIDE) == "10.0.0.1"


@pytest.mark.parametrize(
    ("caller", "passed_on", "seen"),
    [
        ("198.51.100.1", OUTSIDE, "198.51.100.1"),  # no proxy of ours
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", OUTSIDE, OUTSIDE),
        ("10.0.0.1", f"1.1.1.1, {OUTSIDE}", OUTSIDE),  # what the caller wrote before it
        ("10.0.0.1", f"{OUTSIDE}, 10.0.0.2", OUTSIDE),  # through two proxies
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("2001:db8::1", "2001:DB9:0::7", "2001:db9::7"),
        ("::ffff:10.0.0.1", f"::ffff:{OUTSIDE}", OUTSIDE),
        ("fe80::1%eth0", OUTSIDE, "fe80::1"),
        ("10.0.0.1", f"{OUTSIDE}:51234", OUTSIDE),
        ("10.0.0.1", f"[{OUTSIDE}]", OUTSIDE),
        ("10.0.0.1", "[2001:db9::7]:443", "2001:db9::7"),
        ("10.0.0.1", "[2001:db9::7]", "2001:db9::7"),
        ("10.0.0.1", f"{OUTSIDE}, 10.0.0.2:443", OUTSIDE),
        ("10.0.0.1", f"{OUTSIDE}:", None),
        ("10.0.0.1", f"{OUTSIDE}:x", None),
        ("10.0.0.1", f"{OUTSIDE}, nonsense", None),
        ("10.0.0.1", "999.1.1.1", None),
        ("", OUTSIDE, None),  # a socket
        ("unix:", None, None),
        ("' OR 1=1", None, None),
    ],
)
def test_address_is_the_last_that_is_no_proxy_of_ours(proxies, caller, passed_on, seen):
    assert seen_from(caller, passed_on) == seen


@pytest.mark.parametrize("caller", ["", "nonsense", "\x00", "1.2.3.4.5", "9" * 400])
def test_address_that_cannot_be_read_is_no_error(client, clinician, caller):
    data = {"username": "clinician", "password": "wrong"}
    client.raise_request_exception = False
    statuses = [client.post("/admin/login/", data, REMOTE_ADDR=caller).status_code]
    data["password"] = "password"
    statuses.append(client.post("/admin/login/", data, REMOTE_ADDR=caller).status_code)
    statuses.append(client.get("/admin/", REMOTE_ADDR=caller).status_code)
    assert statuses == [200, 302, 200]


def test_header_with_a_null_is_refused(client, db):
    data = {"username": "nobody", "password": "wrong"}
    assert client.post("/admin/login/", data, HTTP_USER_AGENT="a\x00b").status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "/admin/login/",
        "/admin/",
        "/admin/nowhere/",
        "/admin/consultations/patient/",
        "/admin/consultations/patient/1/photos/\x00",
        "/admin/auth/user/add/",
    ],
)
def test_every_answer_is_kept_by_no_cache_and_by_nobody_else(client_for, client, clinician, url):
    PatientFactory()
    for one in (client, client_for(clinician)):
        headers = one.get(url).headers
        told = {
            name: headers.get(name)
            for name in (
                "Cache-Control",
                "Cross-Origin-Opener-Policy",
                "Cross-Origin-Resource-Policy",
                "Referrer-Policy",
                "X-Content-Type-Options",
            )
        }
        assert told == {
            "Cache-Control": "no-store, private",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
        assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"


def test_a_page_that_fails_is_kept_by_no_cache(client_for, clinician, monkeypatch):
    client = client_for(clinician)
    client.raise_request_exception = False
    monkeypatch.setattr("consultations.admin.pages.today.today", None)
    answer = client.get("/admin/")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (500, "no-store, private")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_form_from_elsewhere_is_refused_in_our_words(clinician):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clinician)
    answer = strict.post("/admin/consultations/patient/add/", {"family_name": "Smith"})
    assert answer.status_code == 403
    assert "This page is out of date" in answer.content.decode()
    assert "Smith" not in answer.content.decode()
