"""Settings from the environment: safe with nothing set, refused in plain words where wrong."""

import json
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

import clinic
from clinic.apps import refuse_unknown_roles
from consultations.permissions import ROLES
from tests.installations import turned_to

KEY = "k3y-" + "abcdefghij0123456789" * 3
AUDIT_KEY = KEY.upper()
PUBLIC = {"ALLOWED_HOSTS": "clinic.example", "SECRET_KEY": KEY, "AUDIT_KEY": AUDIT_KEY}
ASK_SQLITE = """
import json
from django.db import connection
with connection.cursor() as cursor:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    print(json.dumps([cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names]))
"""
LOSE_THE_RACE = """
import os
link = os.link
def too_late(draft, path):
    path.write_text("the other one's key")
    link(draft, path)
os.link = too_late
import clinic.settings
print(clinic.settings.SECRET_KEY)
"""


@pytest.fixture
def house(tmp_path):
    """A copy of the settings, so that the key they make is not the real one."""
    shutil.copytree(Path(clinic.__file__).parent, tmp_path / "clinic")
    return tmp_path


def run(house, code, **environment):
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=house,
        env=inherited | {"DJANGO_SETTINGS_MODULE": "clinic.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def read(house, *names, **environment):
    """The named settings under this environment; None for one that is not set."""
    code = (
        "import json, clinic.settings as s;"
        f"print(json.dumps([getattr(s, name, None) for name in {names!r}], default=str))"
    )
    ran = run(house, code, **environment)
    assert ran.stderr == ""
    return json.loads(ran.stdout)


def refusal(house, **environment):
    """The last line of what stops the program, without the name of the error."""
    ran = run(house, "import clinic.settings", **environment)
    assert ran.returncode == 1
    error, _, words = ran.stderr.strip().splitlines()[-1].partition(": ")
    assert error == "django.core.exceptions.ImproperlyConfigured"
    return words


def test_nothing_set_is_for_this_computer_only(house):
    assert read(house, "DEBUG", "ALLOWED_HOSTS", "LOCAL_ONLY", "SECURE_SSL_REDIRECT") == [
        False,
        ["localhost", "127.0.0.1", "[::1]"],
        True,
        None,
    ]


def test_empty_hosts_are_the_default(house):
    found = read(house, "ALLOWED_HOSTS", "LOCAL_ONLY", ALLOWED_HOSTS="")
    assert found == [["localhost", "127.0.0.1", "[::1]"], True]


def test_nothing_set_keeps_records_in_the_data_folder(house):
    [databases, media] = read(house, "DATABASES", "MEDIA_ROOT")
    assert databases["default"]["NAME"] == str(house / ".data/db.sqlite3")
    assert media == str(house / ".data/media")


def test_key_is_made_once_and_is_private(house):
    [first] = read(house, "SECRET_KEY")
    [second] = read(house, "SECRET_KEY")
    path = house / ".data/secret_key"
    assert first == second == path.read_text()
    assert len(first) == 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_audit_key_is_made_when_it_is_first_used(house):
    path = house / ".data/audit_key"
    read(house, "SECRET_KEY")
    assert not path.exists()
    [first], [second] = read(house, "AUDIT_KEY"), read(house, "AUDIT_KEY")
    assert first == second == path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read(house, "AUDIT_KEY", AUDIT_KEY="of the environment") == ["of the environment"]


def test_key_is_made_whole_or_not_at_all(house):
    """Another process puts its key there first: that one is used, and nothing is left over."""
    ran = run(house, LOSE_THE_RACE)
    assert [ran.stderr, ran.stdout] == ["", "the other one's key\n"]
    assert [path.name for path in (house / ".data").iterdir()] == ["secret_key"]


def test_processes_that_start_together_share_one_key(house):
    with ThreadPoolExecutor(4) as starts:
        keys = list(starts.map(lambda _: read(house, "SECRET_KEY"), range(4)))
    assert keys == [[(house / ".data/secret_key").read_text()]] * 4


def test_empty_key_file_is_refused(house):
    read(house, "DEBUG")
    path = house / ".data/secret_key"
    path.write_text("")
    assert refusal(house) == f"{path} is empty; delete it to have a new key made."


@pytest.mark.parametrize("host", ["clinic.example", "*", "192.0.2.7", "localhost,clinic.example"])
def test_host_beyond_this_computer_without_a_key_is_refused(house, host):
    assert refusal(house, ALLOWED_HOSTS=host) == (
        "ALLOWED_HOSTS names a host beyond this computer, so SECRET_KEY must be set: "
        "50 random characters or more, kept secret, the same on every start."
    )
    assert not (house / ".data").exists()


PROXIED = {
    "CSRF_TRUSTED_ORIGINS": ("https://clinic.example", "names a host beyond this computer"),
    "TRUSTED_PROXIES": ("127.0.0.1", "names a proxy"),
    "FORWARDED_ALLOW_IPS": ("10.0.0.1", "names a proxy"),
}


@pytest.mark.parametrize("name", PROXIED)
def test_any_sign_of_a_public_origin_is_public(house, name):
    value, words = PROXIED[name]
    public = {name: value}
    assert refusal(house, **public) == (
        f"{name} {words}, so SECRET_KEY must be set: "
        "50 random characters or more, kept secret, the same on every start."
    )
    public |= {"SECRET_KEY": KEY, "AUDIT_KEY": AUDIT_KEY}
    assert refusal(house, **public, DEBUG="1") == (
        f"DEBUG shows patients' data on error pages: it is refused while {name} {words}."
    )
    names = ("SECOND_FACTOR", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE")
    assert read(house, *names, **public) == [["all"], True, 31_536_000, True]


@pytest.mark.parametrize("origin", ["http://localhost:8080", "https://127.0.0.1", "http://[::1]"])
def test_an_origin_on_this_computer_is_not_public(house, origin):
    assert read(house, "LOCAL_ONLY", CSRF_TRUSTED_ORIGINS=origin) == [True]


@pytest.mark.parametrize("origin", ["https://*.clinic.example", "https://192.0.2.7:8443", "x"])
def test_an_origin_that_cannot_be_read_is_public(house, origin):
    assert read(
        house, "LOCAL_ONLY", **PUBLIC | {"ALLOWED_HOSTS": ""}, CSRF_TRUSTED_ORIGINS=origin
    ) == [False]


def test_host_beyond_this_computer_without_an_audit_key_is_refused(house):
    assert refusal(house, **PUBLIC | {"AUDIT_KEY": ""}) == (
        "ALLOWED_HOSTS names a host beyond this computer, so AUDIT_KEY must be set: "
        "50 random characters or more, kept secret, the same on every start."
    )
    assert not (house / ".data").exists()


@pytest.mark.parametrize("name", ["SECRET_KEY", "AUDIT_KEY"])
@pytest.mark.parametrize("key", ["short", "a" * 60])
def test_short_or_plain_key_is_refused(house, name, key):
    assert refusal(house, **PUBLIC | {name: key}) == (
        f"{name} is too short or too plain: 50 random characters."
    )


def test_one_key_for_both_is_refused(house):
    assert refusal(house, **PUBLIC | {"AUDIT_KEY": KEY}) == (
        "AUDIT_KEY must be another key than SECRET_KEY."
    )


def test_public_host_with_a_key_is_served_over_https_alone(house):
    names = (
        "SECRET_KEY",
        "AUDIT_KEY",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
    )
    found = read(house, *names, **PUBLIC)
    assert found == [KEY, AUDIT_KEY, True, 31_536_000, True, True]
    assert not list((house / ".data").glob("*_key"))


def test_debug_on_a_public_host_is_refused(house):
    words = refusal(house, **PUBLIC, DEBUG="1")
    assert words == (
        "DEBUG shows patients' data on error pages: it is refused while ALLOWED_HOSTS names "
        "a host beyond this computer."
    )


def test_second_factor_is_for_all_as_soon_as_others_can_call(house):
    assert read(house, "SECOND_FACTOR") == [["none"]]
    assert read(house, "SECOND_FACTOR", **PUBLIC) == [["all"]]
    found = read(house, "SECOND_FACTOR", SECOND_FACTOR="Clinician, manager", **PUBLIC)
    assert found == [["Clinician", "manager"]]


def test_trusted_proxies_are_addresses_and_networks(house):
    assert read(house, "TRUSTED_PROXIES") == [[]]
    found = read(house, "TRUSTED_PROXIES", TRUSTED_PROXIES="10.0.0.7,fd00::/8", **PUBLIC)
    assert found == [["10.0.0.7/32", "fd00::/8"]]


@pytest.mark.parametrize(
    ("value", "debug"), [("1", True), ("True", True), ("off", False), ("", False)]
)
def test_debug(house, value, debug):
    assert read(house, "DEBUG", DEBUG=value) == [debug]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DEBUG", "maybe", "DEBUG is 'maybe'; write 1 or 0."),
        (
            "TIME_ZONE",
            "Mars/Base",
            "TIME_ZONE 'Mars/Base' is not known; write one like Europe/London.",
        ),
        (
            "LANGUAGE_CODE",
            "klingon",
            "LANGUAGE_CODE is 'klingon', and Turgor is not translated into that; write en-gb.",
        ),
        (
            "LANGUAGE_CODE",
            "de-at",
            "LANGUAGE_CODE is 'de-at', and Turgor is not translated into that; write en-gb.",
        ),
        *(
            (
                "RETENTION_FLOOR_YEARS",
                value,
                f"RETENTION_FLOOR_YEARS is {value!r}; write a whole number from 1 to 100.",
            )
            for value in ("0", "101", "-8", "ten", "²")
        ),
        (
            "TRUSTED_PROXIES",
            "10.0.0.1/8",
            "TRUSTED_PROXIES cannot be read: 10.0.0.1/8 has host bits set.",
        ),
        (
            "DATABASE_URL",
            "somewhere",
            "DATABASE_URL cannot be read; write sqlite:////path/to/file or "
            "postgres://user:password@host:5432/name.",
        ),
        (
            "DATABASE_URL",
            "mysql://user@host/name",
            "DATABASE_URL must name a SQLite or a PostgreSQL database.",
        ),
    ],
)
def test_wrong_value_is_refused_in_plain_words(house, name, value, words):
    assert refusal(house, **{name: value}) == words


def test_folder_that_cannot_be_made_is_refused_in_plain_words(house):
    (house / "file").touch()
    words = refusal(house, DATABASE_URL=f"sqlite:///{house}/file/kept/records.sqlite3")
    assert words == f"{house}/file/kept cannot be made: Not a directory."


def test_data_folder_that_cannot_be_made_is_refused_in_plain_words(house):
    (house / ".data").touch()
    assert refusal(house) == f"{house}/.data cannot be made: File exists."


def test_sqlite_is_tuned_for_many_writers(house):
    ran = run(house, ASK_SQLITE, DATABASE_URL=f"sqlite:///{house}/kept/records.sqlite3")
    assert json.loads(ran.stdout) == ["wal", 2, 1, 20000]
    assert stat.S_IMODE((house / "kept").stat().st_mode) == 0o700


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite is a file")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_there", [False, True])
def test_the_database_is_its_owners_alone_in_a_folder_that_is_not(tmp_path, is_there):
    path = tmp_path / "records.sqlite3"
    if is_there:
        path.touch(mode=0o644)
    with turned_to(NAME=str(path)), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE a (b)")
        modes = {one.name: oct(one.stat().st_mode & 0o777) for one in tmp_path.iterdir()}
    assert modes == dict.fromkeys(
        ["records.sqlite3", "records.sqlite3-wal", "records.sqlite3-shm"], "0o600"
    )


def test_cookies_of_a_public_host_belong_to_it_alone(house):
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "KNOWN_BROWSER_COOKIE_NAME")
    assert read(house, *names) == ["sessionid", "csrftoken", "known_browser"]
    assert read(house, *names, **PUBLIC) == [
        "__Host-sessionid",
        "__Host-csrftoken",
        "__Host-known_browser",
    ]


def test_a_place_on_the_browsers_preload_list_is_asked_for(house):
    assert read(house, "SECURE_HSTS_PRELOAD", **PUBLIC) == [False]
    assert read(house, "SECURE_HSTS_PRELOAD", **PUBLIC, HSTS_PRELOAD="1") == [True]


def test_sqlite_takes_the_write_lock_at_the_start(house):
    [databases] = read(house, "DATABASES")
    options = databases["default"]["OPTIONS"]
    assert [options["transaction_mode"], options["timeout"]] == ["IMMEDIATE", 20]


def test_postgresql_gets_a_pool(house):
    [databases] = read(house, "DATABASES", DATABASE_URL="postgres://ann:pw@db.example:5433/clinic")
    found = databases["default"]
    assert [found["ENGINE"], found["HOST"], found["PORT"], found["NAME"]] == [
        "django.db.backends.postgresql",
        "db.example",
        5433,
        "clinic",
    ]
    assert found["OPTIONS"]["pool"] == {
        "min_size": 1,
        "max_size": 8,
        "timeout": 10,
        "reconnect_timeout": 10,
    }
    assert found["OPTIONS"]["options"] == "-c jit=off"
    assert found["CONN_HEALTH_CHECKS"]
    assert found["CONN_MAX_AGE"] == 0


def test_least_time_to_keep_records(house):
    assert read(house, "RETENTION_FLOOR_YEARS") == [8]
    assert read(house, "RETENTION_FLOOR_YEARS", RETENTION_FLOOR_YEARS="25") == [25]


def test_language_and_time_zone(house):
    assert read(house, "LANGUAGE_CODE", "TIME_ZONE") == ["en-gb", "Europe/London"]
    assert read(house, "TIME_ZONE", TIME_ZONE="Asia/Tokyo") == ["Asia/Tokyo"]


@pytest.mark.parametrize("code", ["en-gb", "EN-GB", "en", "en-us", "en-au"])
def test_every_english_is_taken_and_writes_days_day_first(house, code):
    assert read(house, "LANGUAGE_CODE", LANGUAGE_CODE=code) == ["en-gb"]


@pytest.mark.parametrize("names", [["clinicain"], ["all", "Boss"]])
def test_misspelt_role_is_refused(names):
    with pytest.raises(ImproperlyConfigured, match="is no role; write all, none or"):
        refuse_unknown_roles(names, ROLES)


def test_known_roles_are_taken():
    refuse_unknown_roles(["none", "ALL", "Clinician", "manager"], ROLES)


@pytest.mark.parametrize("command", ["seal_audit", "due_for_erasure", "check_courses"])
def test_a_database_without_tables_is_told_without_a_traceback(tmp_path, command):
    ran = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=Path(clinic.__file__).parents[1],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (
        1,
        "Is DATABASE_URL right, does the server run, and has `manage.py migrate` been run?",
    )
    assert "Traceback" not in ran.stderr
