"""Log requests and errors without any value: only where it happened, and the kind of error.

Query strings hold names (`?q=`), exceptions quote refused values, and the frames of a traceback
hold whole records. None of it gets into a log line or a mail.
"""

import copy
import logging
import re
import traceback

from django.conf import settings
from django.utils.log import AdminEmailHandler
from django.views.debug import ExceptionReporter

# A request line ends with the protocol; without one, everything after the question mark goes.
QUERY = re.compile(r"\?.*(?= HTTP/\d)|\?.*", re.DOTALL)
# Whoever knows a calendar's address can read it.
CALENDAR = re.compile(r"/calendar/[^\s\"]+")


# Django's security messages quote what was sent, except those of this logger.
EXPLAINED_PLAINLY = "django.security.csrf"
WRONG_HOST = "django.security.DisallowedHost"


def without_secrets(text):
    """Return the text without the query of an address, or the secret in a calendar's."""
    return CALENDAR.sub("/calendar/-", QUERY.sub("", text))


def escaped(text):
    """Return the text on one line, with control characters escaped."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def plain_message(record):
    if record.name == WRONG_HOST:
        return "Refused: a host that ALLOWED_HOSTS does not name"
    if record.name.startswith("django.security.") and record.name != EXPLAINED_PLAINLY:
        path = getattr(getattr(record, "request", None), "path", "")
        return escaped(f"Refused: {without_secrets(path)}")
    return escaped(without_secrets(record.getMessage()))


def outline(error):
    """Format a traceback as files, lines and exception types: no message, no local variable."""
    told, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        told += [*traceback.format_tb(error.__traceback__), f"{kind.__module__}.{kind.__name__}\n"]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(told).rstrip()


class PlainFormatter(logging.Formatter):
    def format(self, record):
        # A copy: another handler may have cached the full traceback on the record.
        record = copy.copy(record)
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record):
        record.message = plain_message(record)
        return super().formatMessage(record)

    def formatException(self, exc_info):
        return outline(exc_info[1])


class PlainReporter(ExceptionReporter):
    """Error reports without the request, the settings or any variable.

    With DEBUG, which is refused on public hosts, the page shows all of it.
    """

    def get_traceback_text(self):
        return self.get_plain_text()

    def get_traceback_html(self):
        return super().get_traceback_html() if settings.DEBUG else self.get_plain_text()

    def get_plain_text(self):
        request = self.request
        where = (
            escaped(without_secrets(f"{request.method} {request.path}")) + "\n" if request else ""
        )
        # If nothing was raised, Django passes the message as if it were an error.
        raised = isinstance(self.exc_value, BaseException)
        return where + (outline(self.exc_value) if raised else "")


class PlainEmailHandler(AdminEmailHandler):
    """Mail to ADMINS without values, like the log."""

    def emit(self, record):
        plain = copy.copy(record)
        plain.msg, plain.args = plain_message(record), ()
        super().emit(plain)
