"""The server's own log holds no row of a failed statement, once set up as OPERATIONS.md says."""

import re
from pathlib import Path

import psycopg
import pytest
from django.core import checks
from django.db import connection

from consultations.checks import log_of_postgresql_holds_no_values

from .cluster import Cluster, programs

CANARY = "Zephyrine"
OPERATIONS = Path(__file__).parents[2] / "clinic" / "OPERATIONS.md"
NAMED = re.compile(r'-c "(ALTER DATABASE turgor SET [^"]+)"')

pytestmark = pytest.mark.skipif(not programs(), reason="PostgreSQL is not installed")


@pytest.fixture
def cluster():
    server = Cluster()
    try:
        server.make()
        yield server
    finally:
        server.remove()


def connected(cluster):
    return psycopg.connect(
        f"host=127.0.0.1 port={cluster.port} user=turgor dbname=turgor", autocommit=True
    )


def fail(cluster):
    """Everything a database says of values: broken constraints, a wrong type, a copied row."""
    with connected(cluster) as found:
        found.execute(
            "CREATE TABLE IF NOT EXISTS patients"
            " (name varchar(20) UNIQUE CHECK (name <> 'x'), born date, n int NOT NULL)"
        )
        row = "INSERT INTO patients (name, n) VALUES (%s, 1) ON CONFLICT DO NOTHING"
        found.execute(row, [CANARY])
        for statement, values in (
            ("INSERT INTO patients (name, n) VALUES (%s, 1)", [CANARY]),
            ("INSERT INTO patients (name) VALUES (%s)", [f"{CANARY} again"]),
            ("INSERT INTO patients (name, n) VALUES (%s, 1)", [CANARY * 9]),
            (f"INSERT INTO patients (name, n) VALUES ('{CANARY} plain', NULL)", None),
            (f"SELECT nothing FROM patients WHERE name = '{CANARY}'", None),
            (f"DO $$ BEGIN RAISE 'stopped' USING DETAIL = '{CANARY}'; END $$", None),
        ):
            with pytest.raises(psycopg.Error):
                found.execute(statement, values)


def log_of(cluster):
    return (cluster.folder / "log").read_text()


def test_the_log_holds_no_value_of_a_statement_that_fails(cluster):
    make = psycopg.connect(
        f"host=127.0.0.1 port={cluster.port} user=turgor dbname=postgres", autocommit=True
    )
    with make as found:
        found.execute("CREATE DATABASE turgor")
    fail(cluster)
    assert log_of(cluster).count(CANARY) > 6
    settings = NAMED.findall(OPERATIONS.read_text())
    assert len(settings) == 2
    before = len(log_of(cluster))
    with connected(cluster) as found:
        for one in settings:
            found.execute(one)
    fail(cluster)
    told = log_of(cluster)[before:]
    assert told.count("ERROR:") == 6
    assert CANARY not in told


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's log")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verbosity", "least", "ids"),
    [
        ("terse", "panic", []),
        ("default", "panic", ["turgor.W002"]),
        ("terse", "error", ["turgor.W002"]),
    ],
)
def test_a_check_tells_of_a_server_that_logs_values(verbosity, least, ids):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('log_error_verbosity', %s, true)", [verbosity])
        cursor.execute("SELECT set_config('log_min_error_statement', %s, true)", [least])
    found = log_of_postgresql_holds_no_values(None, databases=["default"])
    assert [one.id for one in found] == ids


def test_the_check_is_one_of_the_database():
    names = [one.__name__ for one in checks.registry.registry.get_checks(True)]
    assert "log_of_postgresql_holds_no_values" in names
