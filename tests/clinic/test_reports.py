"""Lines of the log and error reports: where and what kind, never what was typed."""

import io
import logging
import sys

import pytest
from django.core import mail
from django.test import RequestFactory
from gunicorn.config import Config

from clinic import gunicorn
from clinic.reports import PlainFormatter, PlainReporter, outline, without_query

CANARY = "Zephyrine"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('"GET /a/?q=Zephyrine HTTP/1.1" 200 12', '"GET /a/ HTTP/1.1" 200 12'),
        ('"GET /a/?q=O\'Zephyrine HTTP/1.1" 200 12', '"GET /a/ HTTP/1.1" 200 12'),
        ("Not Found: /a/?q=Zephyrine", "Not Found: /a/"),
        ("Bad request syntax ('GET /?q=Anna Zephyrine')", "Bad request syntax ('GET /"),
        ("'GET /?q=x HTTP/1.1 Zephyrine HTTP/1.1'", "'GET / HTTP/1.1'"),
        ("/a?next=/b%3Fq=Zephyrine\nZephyrine", "/a"),
        ("Nothing to leave out", "Nothing to leave out"),
    ],
)
def test_what_follows_a_question_mark_is_left_out(text, kept):
    assert without_query(text) == kept


def failure():
    """An error that quotes its value, caused by another that does."""
    patient = CANARY  # noqa: F841  what a report with local variables would tell
    try:
        try:
            raise ValueError(f"Key (name)=({CANARY}) already exists.")
        except ValueError as cause:
            raise RuntimeError(CANARY) from cause
    except RuntimeError:
        return sys.exc_info()


def test_outline_tells_where_and_what_kind_and_no_value():
    told = outline(failure()[1])
    assert "builtins.RuntimeError" in told
    assert "builtins.ValueError" in told
    assert "in failure" in told
    assert CANARY not in told


def test_error_in_the_log_has_no_value_even_where_another_handler_told_all():
    record = logging.LogRecord("x", logging.ERROR, "", 1, "Failed: %s", ("/a",), failure())
    assert CANARY in logging.Formatter().format(record)
    line = PlainFormatter("%(levelname)s %(message)s").format(record)
    assert line.startswith("ERROR Failed: /a\n")
    assert CANARY not in line


def test_report_tells_the_page_and_no_value():
    request = RequestFactory().post(f"/admin/?q={CANARY}", {"name": CANARY})
    reporter = PlainReporter(request, *failure())
    for told in (reporter.get_traceback_text(), reporter.get_traceback_html()):
        assert told.startswith("POST /admin/\n")
        assert CANARY not in told


def test_mail_to_admins_has_no_value(settings):
    settings.ADMINS = [("Ann", "ann@clinic.example")]
    request = RequestFactory().post(f"/admin/?q={CANARY}", {"name": CANARY})
    logging.getLogger("django.request").error(
        "Internal Server Error: %s",
        request.get_full_path(),
        exc_info=failure(),
        extra={"request": request},
    )
    [sent] = mail.outbox
    assert sent.subject.endswith("Internal Server Error: /admin/")
    assert "in failure" in sent.body
    assert CANARY not in sent.subject + sent.body + str(sent.alternatives)


def test_mail_about_no_error_at_all_is_sent_too(settings):
    settings.ADMINS = [("Ann", "ann@clinic.example")]
    logging.getLogger("django.request").error("Something is wrong with /a?q=%s", CANARY)
    [sent] = mail.outbox
    assert sent.subject.endswith("Something is wrong with /a")
    assert CANARY not in sent.body


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("django.security.DisallowedModelAdminLookup", "Refused: /admin/"),
        ("django.security.csrf", "Filtering by Zephyrine not allowed"),
    ],
)
def test_what_django_refuses_is_told_without_what_was_sent(name, line):
    words = f"Filtering by {CANARY} not allowed"
    record = logging.LogRecord(name, logging.ERROR, "", 1, words, (), None)
    record.request = RequestFactory().get("/admin/?x=1")
    assert PlainFormatter().format(record) == line


def test_gunicorn_logs_no_query_and_no_referrer():
    assert {"%(q)s", "%(f)s", "%(r)s"} & set(gunicorn.access_log_format.split()) == set()
    for atom in ("q)", "f)", "r)", "{referer}"):
        assert f"%({atom}" not in gunicorn.access_log_format


def test_gunicorn_logs_errors_plainly():
    logger = gunicorn.Logger(Config())
    [handler] = logger.error_log.handlers
    told, handler.stream = io.StringIO(), io.StringIO()
    handler.stream = told
    try:
        logger.error("Error handling request %s", f"/a?q={CANARY}", exc_info=failure())
    finally:
        logger.error_log.removeHandler(handler)
    assert "Error handling request /a\n" in told.getvalue()
    assert CANARY not in told.getvalue()
