"""A full disk and a lost database: a plain page, nothing lost, and no hand work afterwards."""

import errno
import json
import os
import sqlite3
import time
from contextlib import contextmanager
from functools import partial

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from clinic.failures import is_unreachable
from consultations.models import (
    AreaAssessment,
    Consultation,
    Draft,
    Patient,
    Photo,
    SurgicalReferral,
)
from consultations.trust.backup.making import make_backup
from consultations.trust.backup.restoring import restore_backup
from tests.admin import answers
from tests.admin.browsing import Browser, add_url, form_data, list_url, page_url
from tests.factories import ConsentFactory, PatientFactory, PhotoFactory, UserFactory
from tests.installations import all_files, turned_to
from tests.pictures import picture, upload

from .cluster import Cluster, programs

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60
SAVED = (Consultation, AreaAssessment, SurgicalReferral)


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def browser():
    """Somebody who may do everything, and who is shown what went wrong."""
    browser = Browser(UserFactory(is_superuser=True))
    browser.client.raise_request_exception = False
    return browser


def counts():
    """How many rows there are of all that one save writes, history included."""
    return [
        manager.count() for model in SAVED for manager in (model.objects, model.history)
    ]  # fmt: skip


def form_on(page):
    """The fields of the form that the plain page keeps."""
    return form_data(page.soup.select_one("main form"))


@contextmanager
def disk_is_full():
    """The database itself finds no room; SQLite to the last page, PostgreSQL half-way in a save."""
    with full_sqlite() if connection.vendor == "sqlite" else full_postgresql():
        yield


@contextmanager
def full_sqlite():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ballast (content BLOB)")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(OperationalError, match="full"):
            fill(cursor)
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")
        cursor.execute("DROP TABLE ballast")


def fill(cursor):
    """Take every page that is left."""
    while True:
        cursor.execute("INSERT INTO ballast VALUES (zeroblob(3000))")


@contextmanager
def full_postgresql():
    table = AreaAssessment.history.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER no_room AFTER INSERT ON {table} EXECUTE FUNCTION no_room()")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION no_room CASCADE")


def test_save_on_a_full_disk_is_refused_whole_and_kept_once_when_sent_again(browser):
    url = add_url("consultation", patient=PatientFactory().pk)
    form = browser.open(url).form | answers.areas(("face", "mild"), ("neck", "severe"))
    form |= {"concern": "Loose « skin »\r\nsince spring", "_save": "1"}
    with disk_is_full():
        refused = browser.post(url, form)
        assert refused.status == 503
        assert counts() == [0] * len(counts())
    assert form_on(refused) == {name: str(value) for name, value in form.items()}
    assert refused.soup.select_one("main form")["action"] == url
    for _press in range(2):
        assert browser.post(url, form_on(refused)).status == 200
    assert counts() == [1, 1, 2, 2, 1, 1]
    assert Consultation.objects.get().concern == "Loose « skin »\nsince spring"


@contextmanager
def room_for(pages):
    """The disk has room for a few pages more; SQLite's, which may be taken by any write."""
    with full_sqlite():
        with connection.cursor() as cursor:
            limit = cursor.execute("PRAGMA max_page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {limit + pages}")
        yield


@contextmanager
def no_room_for_the_session():
    """What was posted fits, and what the answer leaves in the session does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER no_room BEFORE UPDATE ON django_session EXECUTE FUNCTION no_room()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION no_room CASCADE")


def test_disk_that_fills_up_anywhere_in_a_save_is_told_and_the_form_is_kept(browser):
    """Up to the very last write, that of the session: it was once answered as a bad request."""
    url, stored = add_url("patient"), 0
    is_sqlite = connection.vendor == "sqlite"
    for number in range(30 if is_sqlite else 1):
        form = browser.open(url).form | {"family_name": f"Name{number}", "_save": "1"}
        form |= {"date_of_birth": "1980-05-17", "address": "x" * 400}
        before = Patient.objects.count()
        with room_for(number) if is_sqlite else no_room_for_the_session():
            answer = browser.post(url, form, follow=False)
        stored += Patient.objects.count() - before
        assert answer.status in {302, 503}
        if answer.status == 503:
            assert form_on(answer) == {name: str(value) for name, value in form.items()}
            assert browser.post(url, form_on(answer)).status == 200
        assert Patient.objects.filter(family_name=f"Name{number}").count() == 1
    assert stored > 0


class FullDisk:
    """Takes half of what is written to the file of this number, then has no room."""

    def __init__(self, number):
        self.left, self.open = number, os.fdopen

    def __call__(self, *arguments, **options):
        file = self.open(*arguments, **options)
        self.left -= 1
        if self.left == 0:
            file.write = partial(self.write, file, file.write)
        return file

    def write(self, file, write, content):
        write(content[: len(content) // 2])
        file.flush()
        raise OSError(errno.ENOSPC, "No space left on device")


def send_photo(browser, patient, **headers):
    data = {"photos": upload(picture()), "area": "face", "view": "front"}
    data["taken_on"] = "2025-03-03"
    return browser.send(page_url(patient, "photos"), data, headers=headers)


@pytest.mark.parametrize("number", [1, 2])
def test_photo_on_a_full_disk_leaves_no_file_and_no_row(browser, monkeypatch, number):
    patient = ConsentFactory().patient
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", FullDisk(number))
        answer = send_photo(browser, patient, accept="application/json")
    assert [answer.status, Photo.objects.count(), all_files()] == [503, 0, {}]
    assert "Nothing was saved" in json.loads(answer.response.content)["errors"][0]
    assert send_photo(browser, patient).status == 200
    assert [Photo.objects.count(), len(all_files())] == [1, 2]


def test_page_of_a_refused_photo_asks_to_go_back(browser, monkeypatch):
    patient = ConsentFactory().patient
    monkeypatch.setattr(os, "fdopen", FullDisk(1))
    answer = send_photo(browser, patient)
    assert [answer.status, answer.soup.select_one("main form")] == [503, None]


def test_folder_of_files_that_is_no_folder(browser, settings):
    photo = PhotoFactory(patient=ConsentFactory().patient)
    settings.MEDIA_ROOT = settings.MEDIA_ROOT / photo.image.name
    assert send_photo(browser, photo.patient).status == 503
    assert Photo.objects.count() == 1
    assert browser.open(page_url(photo, "image")).status == 404
    assert browser.open(page_url(photo.patient, "chart")).status == 200


def lost(*arguments):
    """In the place of what opens a connection."""
    raise OperationalError("connection refused") from OSError()


def addresses(patient):
    """One of each kind of page and answer."""
    return [
        reverse("admin:index"),
        list_url("patient"),
        list_url("patient", q="Okafor"),
        add_url("consultation", patient=patient.pk),
        page_url(patient, "chart"),
        page_url(patient, "photos"),
        reverse("admin:consultations_draft") + "?form=/admin/consultations/patient/add/",
    ]


def test_lost_database_is_a_plain_page_everywhere_until_it_is_back(browser, monkeypatch):
    patient = PatientFactory()

    connection.close()
    with monkeypatch.context() as patch:
        patch.setattr(connection, "get_new_connection", lost)
        for url in addresses(patient):
            answer = browser.client.get(url)
            assert [url, answer.status_code] == [url, 503]
            assert answer.headers["Retry-After"] == "10"
            assert "no-store" in answer.headers["Cache-Control"]
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert b"cannot be reached at the moment" in answer.content
            assert patient.family_name.encode() not in answer.content
    for url in addresses(patient):
        assert browser.open(url).status == 200


def test_draft_sent_to_a_lost_database_is_answered_in_json(browser, monkeypatch):
    data = {"form": add_url("patient"), "title": "New", "values": "{}"}
    url = reverse("admin:consultations_draft")

    connection.close()
    with monkeypatch.context() as patch:
        patch.setattr(connection, "get_new_connection", lost)
        answer = browser.client.post(url, data, headers={"accept": "application/json"})
        assert [answer.status_code, list(answer.json())] == [503, ["errors"]]
    assert browser.client.post(url, data).status_code == 200
    assert Draft.objects.count() == 1


def test_password_is_never_written_into_the_page(monkeypatch):
    UserFactory(username="somebody")
    client = Client(raise_request_exception=False)
    connection.close()

    monkeypatch.setattr(connection, "get_new_connection", lost)
    data = {"username": "somebody", "password": "canary-password"}
    answer = client.post(reverse("admin:login"), data)
    monkeypatch.undo()
    assert answer.status_code == 503
    assert b"canary-password" not in answer.content


def test_write_held_up_too_long_is_refused_and_goes_through_afterwards(browser):
    url = add_url("patient")
    form = browser.open(url).form | {"family_name": "Okafor", "date_of_birth": "1980-05-17"}
    with writes_held_up():
        assert browser.post(url, form).status == 503
    assert Patient.objects.count() == 0
    assert browser.post(url, form).status == 200
    assert Patient.objects.count() == 1


@contextmanager
def writes_held_up():
    """Another program holds the lock, longer than anybody waits."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
        connection.close()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        other = connection.copy("other")
        other.settings_dict = other.settings_dict | {"OPTIONS": {}}
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"LOCK TABLE {Patient._meta.db_table}")
            yield
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def test_killed_connections_are_not_noticed_by_the_next_request(browser):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections that could be killed")
    # Whatever other tests left in the pool.
    connection.close()
    connection.close_pool()
    assert browser.open(reverse("admin:index")).status == 200
    for _round in range(3):
        kill_others()
        connection.close()  # as at the end of a request
        assert browser.open(reverse("admin:index")).status == 200


def kill_others():
    """End every connection to this database, pooled ones included."""
    other = connection.copy("killer")
    other.settings_dict = other.settings_dict | {"OPTIONS": {}}
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.close()


@pytest.fixture
def own_server():
    if connection.vendor != "postgresql" or programs() is None:
        pytest.skip("needs PostgreSQL in DATABASE_URL, and initdb for a server of its own")
    cluster = Cluster()
    try:
        cluster.make()
        yield cluster
    finally:
        cluster.remove()


def test_server_that_stops_and_starts_is_found_again(own_server, tmp_path, figure):
    PatientFactory(family_name="Okafor", by=UserFactory(username="boss", is_superuser=True))
    (tmp_path / "backups").mkdir()
    path, _manifest = make_backup(tmp_path / "backups")
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"] | {"timeout": 2}
    place = {
        "HOST": "127.0.0.1",
        "PORT": own_server.port,
        "NAME": "postgres",
        "OPTIONS": {"pool": pool},
    }
    with turned_to(**place):
        restore_backup(path)
        browser = Browser(get_user_model().objects.get(username="boss"))
        browser.client.raise_request_exception = False
        assert "Okafor" in browser.open(list_url("patient")).text
        own_server.crash()
        for _request in range(2):
            connection.close()  # as at the end of a request
            assert browser.open(list_url("patient")).status == 503
        own_server.start()
        since = time.monotonic()
        while (page := browser.open(list_url("patient"))).status == 503:
            assert time.monotonic() - since < PATIENCE
        assert "Okafor" in page.text
        figure("seconds until the server was found again", round(time.monotonic() - since, 1))


@pytest.mark.parametrize(
    ("error", "outside"),
    [
        (OSError(errno.ENOSPC, "full"), True),
        (OSError(errno.EDQUOT, "over quota"), True),
        (PermissionError(errno.EACCES, "not ours"), True),
        (FileNotFoundError(errno.ENOENT, "a fault of the program"), False),
        (DatabaseError("a fault of the program"), False),
        (ValueError("a fault of the program"), False),
    ],
)
def test_only_what_comes_from_outside_is_called_so(error, outside):
    assert is_unreachable(error) is outside


def test_fault_of_the_program_is_no_lost_database():
    """A statement that cannot be understood is our fault, and is shown as one."""
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert not is_unreachable(caught.value)
