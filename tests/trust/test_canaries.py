"""Names and answers in no path, no line of the log, no error report: canaries, and nobody finds
one."""

import io
import itertools
import logging
import random
import re
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import get_resolver, reverse

from clinic.reports import PlainFormatter
from consultations.models import Patient
from tests.admin.browsing import Browser, add_url, change_url, list_url, page_url
from tests.factories import ConsultationFactory, PatientFactory
from tests.sweeps.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def canary(seed):
    """A word that is nowhere else."""
    chance = random.Random(seed)
    return "Zq" + "".join(chance.choice("bcdfghjklmnpqrstvwxz") for _letter in range(10))


@pytest.fixture
def log():
    """All that every logger tells at its most talkative, as the real handlers write it."""
    told = io.StringIO()
    streams = {one: one.setStream(told) for one in handlers() if hasattr(one, "setStream")}
    levels = {name: logging.getLogger(name).level for name in loggers()}
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield told
    for one, stream in streams.items():
        one.setStream(stream)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def loggers():
    return ["", *logging.root.manager.loggerDict]


def handlers():
    """Those of the settings, each once."""
    found = itertools.chain.from_iterable(logging.getLogger(name).handlers for name in loggers())
    return {one for one in found if isinstance(one.formatter, PlainFormatter)}


def crash(request, *args, **kwargs):
    """A page that fails with a patient in its hands, as a database would put it."""
    name = request.POST.get("family_name") or request.GET.get("q", "")
    patient = Patient(family_name=name)
    try:
        raise IntegrityError(f"DETAIL:  Key (family_name)=({patient.family_name}) already exists.")
    except IntegrityError as error:
        raise ValueError(f"{patient.family_name}: {error}") from error


def test_there_is_a_handler_to_listen_to(log):
    logging.getLogger("django.request").warning("Not Found: %s", "/a/?q=x")
    logging.getLogger("anything.else").debug("said %s", "quietly")
    assert "WARNING django.request: Not Found: /a/\n" in log.getvalue()
    assert "DEBUG anything.else: said quietly\n" in log.getvalue()
    assert len(handlers()) >= 2


def test_a_day_of_work_and_of_failures_leaves_no_name_behind(
    log, canary, clinician, manager, admin, monkeypatch, settings, figure
):
    settings.ADMINS = [("Ann", "ann@clinic.example")]
    requests = 0
    for act in (register, search, draft, refuse, lose, sign_in, refuse_forgery):
        requests += act(canary, clinician)
    requests += fail(canary, admin, monkeypatch)
    lines = log.getvalue()
    told = "".join(one.subject + one.body for one in mail.outbox)
    assert lines.count("Internal Server Error") >= 4
    assert len(mail.outbox) >= 4
    assert "builtins.ValueError" in told
    found = [line for line in f"{lines}{told}".splitlines() if canary.lower() in line.lower()]
    figure("requests with a canary", requests)
    figure("lines of the log", lines.count("\n"))
    figure("mails", len(mail.outbox))
    figure("canaries found", len(found))
    assert found == []


def register(canary, user):
    browser = Browser(user)
    changes = {"family_name": canary, "date_of_birth": "1980-01-31", "allergies": canary}
    browser.fill(add_url("patient"), changes)
    assert Patient.objects.filter(family_name=canary).exists()
    browser.fill(add_url("patient"), changes)  # the same person again
    return 4


def search(canary, user):
    browser, autocomplete = Browser(user), reverse("admin:autocomplete")
    urls = [f"{list_url(model)}?q={canary}" for model in ("patient", "consultation", "photo")]
    urls += [f"{reverse('admin:consultations_patient_find')}?q={canary}"]
    urls += [f"{list_url('patient')}?q=x&{canary}={canary}&o={canary}&p={canary}"]
    urls += [
        f"{autocomplete}?app_label=consultations&model_name=consultation&field_name=patient"
        f"&term={canary}"
    ]
    for url in urls:
        browser.open(url)
    posts = [{"q": canary}, {"q": canary, "box": "1"}, {"q": canary, "box": "1", "new": "1"}]
    for data in posts:
        browser.post(list_url("patient"), data)
    return len(urls) + len(posts)


def draft(canary, user):
    client = Client()
    client.force_login(user)
    url = reverse("admin:consultations_draft")
    for form in ("/admin/consultations/patient/add/", f"/nowhere/?q={canary}"):
        client.post(url, {"form": form, "values": f'{{"a": "{canary}"}}', "title": canary})
        client.get(f"{url}?{urlencode({'form': form})}")
    return 4


def refuse(canary, user):
    browser = Browser(user)
    browser.fill(add_url("patient"), {"family_name": canary, "date_of_birth": canary})
    patient = ConsultationFactory(by=user).patient
    browser.fill(change_url(patient), {"version": "0", "medicines": canary})
    browser.post(page_url(patient, "entered_in_error"), {"reason": canary})
    browser.send(
        page_url(patient, "photos"), {"files": io.BytesIO(canary.encode()), "area": canary}
    )
    return 4


def lose(canary, user):
    """What is not there, not allowed and not readable."""
    client = Client()
    client.force_login(user)
    for url in (
        f"/admin/nowhere/?q={canary}",
        f"/admin/consultations/patient/0/chart/?q={canary}",
        f"/admin/auth/user/?q={canary}",
        f"/admin/?q={canary}%00",
        f"/admin/login/?next=/admin/?q={quote(canary)}",
    ):
        client.get(url)
    client.get(f"/admin/?q={canary}", HTTP_HOST="elsewhere.example")
    return 6


def sign_in(canary, user):
    """Somebody types a password, or a patient, in the wrong place, until they are locked out."""
    for _time in range(6):
        data = {"username": canary, "password": canary, "next": f"/admin/?q={canary}"}
        Client().post(f"/admin/login/?next=/admin/%3Fq={canary}", data)
    client = Client()
    client.post("/admin/login/", {"username": user.username, "password": "password"})
    client.post("/admin/logout/")
    return 8


def refuse_forgery(canary, user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    client.post(
        f"{add_url('patient')}?q={canary}",
        {"family_name": canary},
        secure=True,
        HTTP_REFERER=f"https://elsewhere.example/?q={canary}",
    )
    return 1


def fail(canary, user, monkeypatch):
    """A page, a search and a save that crash with a name in every place there is."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    monkeypatch.setattr("consultations.admin.pages.today.today", crash)
    monkeypatch.setattr("consultations.admin.pages.find.words_searched", crash)
    monkeypatch.setattr(
        "consultations.admin.patient.keep_patient", lambda **_kept: duplicate(canary)
    )
    statuses = [
        client.get(f"/admin/?q={canary}").status_code,
        client.post(f"/admin/?q={canary}", {"family_name": canary}).status_code,
        client.get(f"/admin/consultations/patient/find/?q={canary}").status_code,
    ]
    monkeypatch.setattr("consultations.admin.base.saving.TOO_LATE", ())
    data = Browser(user).open(add_url("patient")).form
    data |= {"family_name": canary, "date_of_birth": "1980-01-30", "_save": "1"}
    statuses.append(client.post(add_url("patient"), data).status_code)
    assert statuses == [500] * 4
    return 5


def duplicate(canary):
    """What the database itself says of a row that is there already."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE canaries (name varchar(50) UNIQUE)")
        for _time in range(2):
            cursor.execute("INSERT INTO canaries VALUES (%s)", [canary])


def test_the_server_of_the_demo_logs_no_query(log, canary):
    handler = WSGIRequestHandler.__new__(WSGIRequestHandler)
    handler.request, handler.client_address = None, ("127.0.0.1", 1)
    for line in (f"GET /admin/?q={canary} HTTP/1.1", f"GET /?q=O'{canary} x HTTP/1.1"):
        handler.log_message('"%s" %s %s', line, "200", "12")
    handler.log_message("code %d, message %s", 400, f"Bad request syntax ('GET /?q={canary} x')")
    assert '"GET /admin/ HTTP/1.1" 200 12' in log.getvalue()
    assert canary not in log.getvalue()


def test_no_address_has_room_for_a_name(clinician):
    """What identifies a record in a path is its key, the name of a model or of a template, or a
    random secret."""
    rooms = set()

    def walk(patterns, before=""):
        for one in patterns:
            path = before + str(one.pattern)
            rooms.update(re.findall(r"<(?:\w+:)?(\w+)>", path))
            walk(getattr(one, "url_patterns", ()), path)

    walk(get_resolver().url_patterns)
    named = {"app_label", "status", "target", "url", "secret"}
    assert rooms <= {"object_id", "id", "key", "content_type_id"} | named
    world = make_world(clinician, family_name="Zqcanary")
    urls = [world.url(model, "change") for model in ("patient", "consultation", "photo", "consent")]
    assert "zqcanary" not in str(urls).lower()


def test_no_cookie_holds_a_name(canary, clinician):
    """What the program says of a save waits on the server."""
    client = Client()
    client.force_login(clinician)
    data = Browser(clinician).open(add_url("patient")).form
    client.post(add_url("patient"), data | {"family_name": canary, "date_of_birth": "1980-01-31"})
    assert Patient.objects.filter(family_name=canary).exists()
    assert canary not in client.cookies.output()
    assert configured.MESSAGE_STORAGE.endswith("SessionStorage")


def test_a_page_asks_for_nothing_elsewhere_and_says_to_nobody_where_it_was(client_for, clinician):
    patient = PatientFactory()
    answer = client_for(clinician).get(page_url(patient, "chart"))
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.content.decode())
