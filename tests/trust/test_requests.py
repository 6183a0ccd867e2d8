"""Requests that no browser sends: odd methods, bodies, headers, hosts and addresses."""

from collections import Counter

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import RequestFactory

from clinic.wsgi import application
from consultations.models import AccessRecord
from tests.factories import UserFactory
from tests.sweeps.world import make_world

from .walking import Asking, addresses, dice, forms_of, pages_of

pytestmark = pytest.mark.django_db

READS = ("HEAD", "OPTIONS", "GET")
ODD = ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW", "get", "PROPFIND")
FORM = "application/x-www-form-urlencoded"
# Who looked is written while reading; nothing else is.
KEPT_WHILE_READING = {AccessRecord, Session}


@pytest.fixture
def world():
    return make_world(UserFactory(username="colleague"))


@pytest.fixture
def asking(admin):
    return Asking(admin)


def everything_stored():
    """Every row of every table, to compare with later."""
    models = [one for one in apps.get_models() if one not in KEPT_WHILE_READING]
    return {one: sorted(map(repr, one._base_manager.values_list())) for one in models}


def test_reading_writes_nothing(world, admin, figure):
    asking = Asking(admin, keeps=True)
    urls = [*pages_of(world)]
    for url in urls:
        asking.get(url)
    before = everything_stored()
    for method in READS:
        for url in urls:
            asking(method, url)
    asking.tell(figure)
    assert asking.broken == []
    after = everything_stored()
    assert {model for model in after if after[model] != before[model]} == set()


def test_odd_methods_are_answered_and_write_nothing(world, admin, seed, rounds, figure):
    """A few of them each address."""
    asking, chance = Asking(admin, keeps=True), dice(seed, "methods")
    before = everything_stored()
    for url in addresses(world).values():
        for method in chance.sample(ODD, min(rounds(2), len(ODD))):
            asking(method, url, b"reason=x&words=x&_save=1", FORM)
    asking.tell(figure)
    assert asking.broken == []
    after = everything_stored()
    assert {model for model in after if after[model] != before[model]} == set()


ENCODINGS = (
    *("zlib", "hex", "rot13", "idna", "punycode", "undefined", "base64"),
    *("utf-7", "utf-16", "unicode_escape", "mbcs", "latin-1", "nonsense"),
)
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="family_name"\r\n\r\n\xc3\xff\r\n--x--\r\n'
)
BROKEN_PARTS = (
    b"",
    b"--x",
    b"--x\r\n",
    b"--x\r\nContent-Disposition: form-data\r\n\r\n",
    b"x" * 100_000,
    b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--",
    b"--x\r\nContent-Disposition: form-data; name*=zlib''%ff\r\n\r\nx\r\n--x--",
)
HEADERS = {
    "Range": ("bytes=abc", "bytes=0-0,5-1"),
    "If-Modified-Since": ("x", "Mon, 99 Foo 99999 99:99:99 GMT"),
    "If-None-Match": ('"' * 50,),
    "Accept": ("x" * 9000, "application/json"),
    "Accept-Language": ("*," * 5000, "zz-ZZ;q=NaN"),
    "X-Forwarded-Host": ("evil.example",),
    "X-Forwarded-For": ("' OR 1=1", "1.2.3.4, <b>"),
    "X-Forwarded-Proto": ("javascript",),
    "X-HTTP-Method-Override": ("DELETE", "PUT"),
    "X-Method-Override": ("DELETE",),
    "Referer": ("https://[", "x" * 9000),
    "Origin": ("null", "https://["),
    "User-Agent": ("", "x" * 9000, "<script>"),
    "Authorization": ("Basic \xff",),
    "X-CSRFToken": ("\xff", "x" * 9000),
    "Content-Encoding": ("gzip",),
    "Content-Length": ("abc", "-1", "99999999999999"),
    "Cookie": (
        *('sessionid="abcdefgh\\000"', 'messages="\\000"', "csrftoken=\xff"),
        *("a;b;c=;=d", "x" * 9000),
    ),
    "Host": ("evil.example", "", "a b", "[::1", "testserver:x", "testserver\r\nX: 1"),
}
ADDRESSES = (
    "/static/../clinic/settings.py",
    "/static/..%2f..%2fclinic/settings.py",
    "/static//etc/passwd",
    "/static/%00",
    "/media/x",
    "//evil.example/admin",
    "/admin//evil.example",
    "/admin/..//evil.example/",
    "/admin/\\evil.example",
    "/%2f%2fevil.example",
    "/admin/%2f%2fevil.example",
    "/admin/consultations/patient/%0d%0aX-a:1",
    "/admin/%ff%fe",
    "/admin/login/?next=//evil.example",
    "/admin/login/?next=https://evil.example",
    "/admin/jsi18n/?language=../../etc",
    "/admin/" + "a/" * 5000,
    "/admin/consultations/patient/?q=" + "a" * 100_000,
)


def test_encodings_that_are_none(asking, figure):
    for name in ENCODINGS:
        for kind in (FORM, "multipart/form-data; boundary=x", "text/plain"):
            body = MULTIPART if "multipart" in kind else b"family_name=\xc3\xa9\xff"
            for url in ("/admin/login/", "/admin/consultations/patient/add/"):
                answer = asking("POST", url, body, f"{kind}; charset={name}")
                assert (answer.status_code, b"<h1" in answer.content) == (400, True)
    asking.tell(figure)


def test_encodings_that_are_none_behind_a_query(figure):
    """As a server hands them over: Django reads the query while it makes the request."""
    kinds = [f"{kind}; charset={name}" for kind in (FORM, "text/plain") for name in ENCODINGS]
    answers, told = Counter(), []
    for kind in kinds:
        environ = RequestFactory().post("/admin/login/?q=x").environ | {"CONTENT_TYPE": kind}
        page = application(environ, lambda status, headers: told.append(status))
        answers[told[-1], b"<h1" in b"".join(page)] += 1
        page.close()
    figure("requests", len(kinds))
    assert answers == {("400 Bad Request", True): len(kinds)}


def test_bodies_that_are_no_form(asking, figure):
    url = "/admin/consultations/patient/add/"
    for boundary in (
        "",
        "; boundary=",
        "; boundary=x",
        "; boundary=" + "x" * 500,
        "; boundary=\xe9",
    ):
        for body in BROKEN_PARTS:
            asking("POST", url, body, f"multipart/form-data{boundary}")
    for kind in ("application/json", "text/xml", "application/octet-stream", "", "x", FORM):
        for body in (b'{"family_name": "x"}', b"<x/>", b"\xff\xfe\x00", b"=&=&%%%", b"a=%ff%zz"):
            asking("POST", url, body, kind)
    too_much = (b"notes=" + b"x" * 3_000_000, b"&".join(b"a%d=1" % one for one in range(1200)))
    refused = [asking("POST", url, body, FORM) for body in too_much]
    assert [(one.status_code, b"<h1" in one.content) for one in refused] == [(400, True)] * 2
    asking.tell(figure)
    assert asking.broken == []


def test_headers_and_addresses_of_others(asking, figure):
    urls = ("/admin/consultations/patient/", "/static/consultations/theme.css", "/admin/login/")
    for name, values in HEADERS.items():
        for value in values:
            for url in urls:
                asking.get(url, **{name: value})
            asking("POST", urls[0] + "add/", b"family_name=x", FORM, **{name: value})
    answers = {url: asking.get(url) for url in ADDRESSES}
    asking.tell(figure)
    assert asking.broken == []
    assert asking.strays == []
    assert not any(
        b"SECRET_KEY" in one.content or b"root:" in one.content for one in answers.values()
    )


def test_nothing_is_taken_without_its_token(world, admin, asking, figure):
    """Every form, sent from another site: refused, and nothing written."""
    forms = forms_of(asking, pages_of(world))
    strict = Asking(admin, keeps=True)
    strict.client.handler.enforce_csrf_checks = True
    before = everything_stored()
    answers = {form.route: strict.post(form.action, form.filled()).status_code for form in forms}
    strict.tell(figure)
    assert {route: one for route, one in answers.items() if one != 403} == {}
    assert everything_stored() == before
