"""What is typed where one signs in is kept nowhere, and what an earlier version kept is gone."""

import io
import secrets
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from consultations.accounts.passwords import give_password
from consultations.models import GivenPassword
from tests.admin.browsing import Page
from tests.installations import all_rows, another_installation, migrated_to

from .signing_in import with_device

ATTEMPTS = """
CREATE TABLE axes_accessattempt (
    id integer PRIMARY KEY, username varchar(255), user_agent varchar(255), path_info varchar(255),
    get_data text NOT NULL, post_data text NOT NULL
)
"""
OTHERS = (
    "CREATE TABLE axes_accessattemptexpiration"
    " (access_attempt_id integer REFERENCES axes_accessattempt (id))",
    "CREATE TABLE axes_accessfailurelog (id integer PRIMARY KEY, username varchar(255))",
    "CREATE TABLE axes_accesslog (id integer PRIMARY KEY, username varchar(255))",
)
CANARIES = {"typed-n4me", "typed-s3cret", "typed-qu3ry", "typed-4gent"}


# Nothing that is typed is kept


def everything_kept():
    """Every row of every table and, on SQLite, every byte of the files of the database."""
    kept = repr(all_rows()).encode()
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        kept += b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))
    return kept + b"".join(
        path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()
    )


def typed_everywhere(canary, client):
    """Post a canary in every field of every page on which one signs in, until it is slowed."""
    pages = {
        "/admin/login/": ["username", "password", "next", "this_is_the_login_form"],
        "/admin/password_change/": ["old_password", "new_password1", "new_password2"],
        "/admin/second-factor/code/": ["code", "recovery_code", "next"],
        "/admin/second-factor/set-up/": ["code", "password", "next"],
        "/admin/second-factor/recovery-codes/": ["password"],
        "/admin/logout/": ["next"],
    }
    for path, fields in pages.items():
        for username in (canary, "clinician"):
            data = dict.fromkeys(fields, canary) | {"username": username}
            headers = {"HTTP_USER_AGENT": canary, "HTTP_REFERER": f"http://testserver/?{canary}"}
            for _time in range(7 if path != "/admin/logout/" else 1):
                yield client.post(f"{path}?q={canary}", data, **headers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["out", "password given", "code to come", "in"])
def test_nothing_typed_where_one_signs_in_is_kept(state, clinician, figure):
    canary, client = f"c4nary{secrets.token_hex(8)}", Client()
    if state != "out":
        client.force_login(clinician)
    if state == "password given":
        give_password(user=clinician)
    if state == "code to come":
        with_device(clinician)
    statuses = [answer.status_code for answer in typed_everywhere(canary, client)]
    assert 429 in statuses
    assert canary.encode() not in everything_kept()
    figure("posts", len(statuses))


@pytest.mark.django_db(transaction=True)
def test_the_new_password_beside_a_wrong_old_one_is_not_kept(clinician, client_for):
    client = client_for(clinician)
    new = {"new_password1": "Tr1cky-enough", "new_password2": "Tr1cky-enough"}
    client.post("/admin/password_change/", new | {"old_password": "wr0ng-secret"})
    client.post("/admin/password_change/", new | {"old_password": "password"})
    clinician.refresh_from_db()
    assert clinician.check_password("Tr1cky-enough")
    kept = everything_kept()
    assert not [word for word in (b"Tr1cky-enough", b"wr0ng-secret") if word in kept]


# What was kept is cleared


@contextmanager
def kept_by_an_earlier_version(folder):
    """A database before the migration, in which failed sign-ins were kept as they were typed."""
    with another_installation(folder):
        migrated_to("0011_sign_in_limits")
        # As then: accounts, and what failed.
        for name in ("clinician", "manager"):
            # Past the history, whose columns of today are not there yet.
            User.objects.bulk_create([User(username=name, password=make_password("password"))])
        with connection.cursor() as cursor:
            for table in (ATTEMPTS, *OTHERS):
                cursor.execute(table)
            for key, name in enumerate(["clinician", "typed-n4me", None]):
                row = [key, name, "typed-4gent", "/", "q=typed-qu3ry", "new_password1=typed-s3cret"]
                cursor.execute(
                    "INSERT INTO axes_accessattempt VALUES (%s, %s, %s, %s, %s, %s)", row
                )
            cursor.execute("INSERT INTO axes_accessattemptexpiration VALUES (1)")
            cursor.execute("INSERT INTO axes_accessfailurelog VALUES (1, 'typed-n4me')")
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied)"
                " VALUES ('axes', '0001_initial', '2026-01-01')"
            )
            cursor.execute(
                "INSERT INTO django_content_type (app_label, model) VALUES ('axes', 'accesslog')"
            )
        yield


def found(kept):
    return {canary for canary in CANARIES if canary.encode() in kept}


@pytest.mark.django_db(transaction=True)
def test_migrating_clears_what_was_kept_and_says_so(tmp_path, capsys):
    with kept_by_an_earlier_version(tmp_path):
        assert found(everything_kept()) == CANARIES
        models = migrated_to("0012_forget_failed_sign_ins")
        told = capsys.readouterr().out
        assert found(everything_kept()) == set()
        assert [name for name in all_rows() if name.startswith("axes")] == []
        assert "axes" not in repr(all_rows())
        given = models.get_model("consultations", "GivenPassword").objects
        assert list(given.values_list("user__username", "is_exposed")) == [("clinician", True)]
    assert "Backups made before today still hold them" in told
    assert "Must choose a new password when they next sign in: clinician." in told
    assert "Names typed that are no account's: 1." in told
    assert found(told.encode()) == set()


@pytest.mark.django_db(transaction=True)
def test_a_database_in_which_nothing_failed_is_told_nothing(capsys):
    forgetting = import_module("consultations.migrations.0012_forget_failed_sign_ins")
    with connection.schema_editor(atomic=False) as editor:
        forgetting.forget(apps, editor)
    assert capsys.readouterr().out == ""


@pytest.mark.django_db(transaction=True)
def test_a_backup_before_migrating_holds_nothing_of_it(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o700)
    with kept_by_an_earlier_version(tmp_path):
        out = io.StringIO()
        call_command("backup", str(folder), stdout=out, stderr=io.StringIO())
        path = Path(out.getvalue().splitlines()[0])
        call_command("verify_backup", str(path), stdout=io.StringIO())
    assert found(path.read_bytes()) == set()


@pytest.mark.django_db
def test_whoever_may_be_known_chooses_a_new_password(clinician):
    GivenPassword.objects.create(user=clinician, is_exposed=True)
    client = Client()
    client.post("/admin/login/", {"username": "clinician", "password": "password"})
    assert client.get("/admin/").headers["Location"] == "/admin/password_change/"
    page = Page(client.get("/admin/password_change/"))
    assert "Others may have read your password." in page.text
    data = {"old_password": "password"} | dict.fromkeys(
        ("new_password1", "new_password2"), "Tr1cky-enough"
    )
    client.post("/admin/password_change/", data)
    assert client.get("/admin/").status_code == 200
    assert not GivenPassword.objects.exists()
