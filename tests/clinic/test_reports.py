"""Lines of the log and error reports: where and what kind, never what was typed."""

import io
import logging
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import RequestFactory
from gunicorn.config import Config

from clinic import gunicorn
from clinic.reports import PlainFormatter, PlainReporter, outline, without_secrets

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
        ("Not Found: /calendar/Zephyrine.ics", "Not Found: /calendar/-"),
        ('"GET /calendar/Zephyrine.ics?x HTTP/1.1" 200', '"GET /calendar/- HTTP/1.1" 200'),
        ("Not Found: /admin/your-calendar/x", "Not Found: /admin/your-calendar/x"),
        ("Nothing to leave out", "Nothing to leave out"),
    ],
)
def test_queries_and_secrets_are_left_out(text, kept):
    assert without_secrets(text) == kept


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


def test_report_tells_no_address_of_a_calendar():
    reporter = PlainReporter(RequestFactory().get(f"/calendar/{CANARY}.ics"), *failure())
    assert reporter.get_traceback_text().startswith("GET /calendar/-\n")


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
        (
            "django.security.DisallowedHost",
            "Refused: a host that ALLOWED_HOSTS does not name",
        ),
    ],
)
def test_what_django_refuses_is_told_without_what_was_sent(name, line):
    words = f"Filtering by {CANARY} not allowed"
    record = logging.LogRecord(name, logging.ERROR, "", 1, words, (), None)
    record.request = RequestFactory().get("/admin/?x=1")
    assert PlainFormatter().format(record) == line


FORGED = "/a\n2026-01-01 INFO all is well\r\x1b[2J\x9b31m\u2028\u202e\x00é"
ESCAPED = "/a\\n2026-01-01 INFO all is well\\r\\x1b[2J\\x9b31m\\u2028\\u202e\\x00é"


def test_nobody_writes_lines_or_escape_codes_into_the_log():
    record = logging.LogRecord("x", logging.ERROR, "", 1, "Not Found: %s", (FORGED,), None)
    assert PlainFormatter().format(record) == f"Not Found: {ESCAPED}"
    record = logging.LogRecord("django.security.X", logging.ERROR, "", 1, "no", (), None)
    record.request = RequestFactory().get("/a\n\x1bb")
    record.request.path = "/a\n\x1bb"
    assert PlainFormatter().format(record) == "Refused: /a\\n\\x1bb"


def test_a_traceback_keeps_its_lines():
    record = logging.LogRecord("x", logging.ERROR, "", 1, "a\nb", (), failure())
    first, *rest = PlainFormatter().format(record).splitlines()
    assert first == "a\\nb"
    assert rest[-1] == "builtins.ValueError"


def test_nobody_writes_lines_into_a_report_or_a_mail(settings):
    settings.ADMINS = [("Ann", "ann@clinic.example")]
    request = RequestFactory().get("/")
    request.path = FORGED
    assert PlainReporter(request, *failure()).get_traceback_text().startswith(f"GET {ESCAPED}\n")
    logging.getLogger("django.request").error("Not Found: %s", FORGED, extra={"request": request})
    [sent] = mail.outbox
    assert sent.subject.endswith(f"Not Found: {ESCAPED}")


@pytest.fixture
def server():
    """Gunicorn's logger with a text in the place of each of its logs."""
    config = Config()
    config.set("accesslog", "-")
    config.set("access_log_format", gunicorn.access_log_format)
    logger, told = gunicorn.Logger(config), io.StringIO()
    own = [one for log in logs_of(logger) for one in log.handlers if hasattr(one, "_gunicorn")]
    for handler in own:
        handler.stream = told
    assert len(own) == 2
    yield logger, told
    for log in logs_of(logger):
        log.handlers = [one for one in log.handlers if one not in own]


def logs_of(logger):
    return logger.access_log, logger.error_log


def test_nobody_writes_lines_or_escape_codes_into_gunicorn_s_access_log(server):
    logger, told = server
    path = '/a\n"GET /b HTTP/1.1" 200\x1b[2J?q=Zephyrine'
    environ = {
        "REMOTE_ADDR": "192.0.2.1",
        "REQUEST_METHOD": "GET",
        "RAW_URI": path,
        "PATH_INFO": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
    answer = SimpleNamespace(status="404 Not Found", sent=12, headers=[])
    logger.access(
        answer, SimpleNamespace(headers=[], path=path), environ, timedelta(milliseconds=5)
    )
    [line] = told.getvalue().splitlines()
    assert line.startswith("192.0.2.1 ")
    assert line.endswith('"GET /a\\n\\"GET /b HTTP/1.1\\" 200\\x1b[2J HTTP/1.1" 404 12 5ms')


def test_gunicorn_logs_no_address_of_a_calendar(server):
    logger, told = server
    path = "/calendar/Zephyrine.ics"
    environ = {"REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    environ |= {"RAW_URI": path, "PATH_INFO": path}
    answer = SimpleNamespace(status="200 OK", sent=12, headers=[])
    logger.access(answer, SimpleNamespace(headers=[], path=path), environ, timedelta())
    assert '"GET /calendar/- HTTP/1.1" 200' in told.getvalue()
    assert CANARY not in told.getvalue()


def test_gunicorn_logs_no_query_and_no_referrer():
    assert {"%(q)s", "%(f)s", "%(r)s"} & set(gunicorn.access_log_format.split()) == set()
    for atom in ("q)", "f)", "r)", "{referer}"):
        assert f"%({atom}" not in gunicorn.access_log_format


def test_gunicorn_logs_errors_plainly(server):
    logger, told = server
    logger.error("Error handling request %s", f"/a?q={CANARY}\n", exc_info=failure())
    assert "Error handling request /a\n" in told.getvalue()
    assert CANARY not in told.getvalue()
