"""/healthz tells whoever watches whether the program can serve, and nothing else."""

import logging

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError
from django.test import Client

from clinic.gunicorn import Logger


def ask(**headers):
    answer = Client(SERVER_NAME="10.0.0.9").get("/healthz", headers=headers)
    return answer.status_code, answer.content, sorted(answer.headers), dict(answer.cookies)


HEALTHY = (200, b"ok\n", ["Cache-Control", "Content-Type"], {})
UNAVAILABLE = (503, b"unavailable\n", ["Cache-Control", "Content-Type"], {})


def test_all_is_well(db, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert ask() == HEALTHY


def test_a_session_is_neither_read_nor_made(db, django_assert_num_queries):
    ask()
    # Whether the table of migrations is there, and its rows.
    with django_assert_num_queries(2):
        assert ask(cookie="sessionid=abc") == HEALTHY


def test_a_missing_migration_is_unavailable(db):
    MigrationRecorder(connection).record_unapplied("consultations", "0001_records")
    assert ask() == UNAVAILABLE


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_unavailable_and_not_logged(monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise OperationalError("no answer")

    monkeypatch.setattr(connection, "cursor", fail)
    with caplog.at_level(logging.DEBUG):
        assert ask() == UNAVAILABLE
    assert caplog.records == []


def test_the_server_does_not_log_it(monkeypatch):
    logged = []
    monkeypatch.setattr(
        "gunicorn.glogging.Logger.access", lambda self, resp, req, *more: logged.append(req.path)
    )
    logger = object.__new__(Logger)
    for path in ("/healthz", "/admin/"):
        logger.access(None, type("Request", (), {"path": path}), {}, None)
    assert logged == ["/admin/"]
