"""Fixtures of every test: a user per role, a client logged in, a database threads can share."""

import random
import shutil

import pytest
from django.db import connection, connections
from django.template import Template
from django.test import Client, override_settings
from django.test.utils import _TestState, instrumented_test_render

from consultations.permissions import CLINICIAN, MANAGER, PRACTITIONER, RECEPTION
from tests import memory, tables
from tests.factories import UserFactory


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, default=20261122, help="what random proofs start from")
    parser.addoption("--rounds", type=int, help="how many cases a proof tries")
    parser.addoption("--shuffle", type=int, metavar="SEED", help="files and their tests at random")


def pytest_configure(config):
    if memory.STATUS.exists() and config.getoption("dist", "no") == "no":
        config.pluginmanager.register(memory.Memory())


def pytest_report_header(config):
    if (seed := config.getoption("--shuffle")) is not None:
        return f"in random order: --shuffle {seed}"


# Before pytest-django, which then puts tests that commit behind those that do not.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    if (seed := config.getoption("--shuffle")) is not None:
        chance = random.Random(seed)
        place = {path: chance.random() for path in dict.fromkeys(item.path for item in items)}
        items.sort(key=lambda item: (place[item.path], chance.random()))


def pytest_terminal_summary(terminalreporter):
    """The figures that proofs of trust kept, whichever process they ran in."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call" and report.user_properties
    ]
    if reports:
        terminalreporter.section("figures")
    for report in reports:
        name = report.nodeid.rpartition("::")[2]
        told = ", ".join(f"{what} {value}" for what, value in report.user_properties)
        terminalreporter.write_line(f"{name}: {told}")


@pytest.fixture
def seed(request):
    """What random choices start from."""
    return request.config.getoption("--seed")


@pytest.fixture
def rounds(request):
    """How often a proof that tries many cases tries them: `rounds(1000)` unless told otherwise."""
    return lambda usual: request.config.getoption("--rounds") or usual


@pytest.fixture
def figure(request):
    """Keep a figure of this proof for the end of the run: `figure("saves refused", 500)`."""
    return lambda what, value: request.node.user_properties.append((what, value))


@pytest.fixture(scope="session")
def migrated(request):
    """Where a SQLite database with all tables is kept for the next run; None with PostgreSQL."""
    cache = getattr(request.config, "cache", None)
    if cache and connections["default"].vendor == "sqlite":
        return cache.mkdir("tables") / f"{tables.fingerprint()}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(migrated):
    return bool(migrated and migrated.exists())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, tmp_path_factory, migrated, django_db_keepdb
):
    """SQLite is a file, as in production: in memory there is neither WAL nor a write lock."""
    database = connections["default"].settings_dict
    if database["ENGINE"] == "django.db.backends.sqlite3":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(file)
        if django_db_keepdb:
            shutil.copy(migrated, file)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated):
    """Migrations run once; the next run begins with what they made, unless one has changed."""
    if migrated and not migrated.exists():
        with django_db_blocker.unblock():
            tables.keep(connection, migrated)


@pytest.fixture(scope="session", autouse=True)
def _no_more_than_a_page_takes(django_test_environment):
    """What costs a test more than the page that it asks for: Django copies the context of each of
    a form's five hundred templates, and every new client looks for all static files."""
    with pytest.MonkeyPatch.context() as patch, override_settings(WHITENOISE_AUTOREFRESH=True):
        patch.setattr(Template, "_render", _TestState.saved_data.template_render)
        yield


@pytest.fixture
def contexts(monkeypatch):
    """Answers have their `context` again."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture(scope="session", autouse=True)
def _files_of_tests(tmp_path_factory):
    """What tests upload goes where nobody keeps anything."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def reception(db):
    return UserFactory(username="reception", role=RECEPTION)


@pytest.fixture
def practitioner(db):
    return UserFactory(username="practitioner", role=PRACTITIONER)


@pytest.fixture
def clinician(db):
    return UserFactory(username="clinician", role=CLINICIAN)


@pytest.fixture
def manager(db):
    return UserFactory(username="manager", role=MANAGER)


@pytest.fixture
def admin(db):
    return UserFactory(username="admin", is_superuser=True)


@pytest.fixture
def client_for():
    """A client logged in as the user given."""

    def log_in(user):
        client = Client()
        client.force_login(user)
        return client

    return log_in
