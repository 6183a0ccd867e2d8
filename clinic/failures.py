"""Answer 503 when the database or the disk fails, with the posted form kept on the page.

The page uses no database, no session and no user: none of them may be available.
"""

import errno
import sqlite3
import sys

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.views import defaults

from .sessions import SessionNotStoredError

AGAIN_AFTER = 10  # seconds
# The disk is full or cannot be reached.
OF_FILES = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EIO,
    errno.EACCES,
    errno.EPERM,
    errno.ENOTDIR,
    errno.EMFILE,
    errno.ENFILE,
}
# SQLite's primary codes: no permission, busy, locked, no memory, read-only, disk error, full,
# cannot open. Any other is an error of the program.
OF_SQLITE = {3, 5, 6, 7, 8, 10, 13, 14}
# A statement too large or too deep is an error of the program, too.
NOT_OF_POSTGRESQL = "54"


def server_error(request):
    """Django's handler500, called while the error is still being handled."""
    error = sys.exc_info()[1]
    if not is_unreachable(error):
        return defaults.server_error(request)
    return unreachable(request, may_be_saved=isinstance(error, SessionNotStoredError))


def is_unreachable(error):
    """Whether the database or the disk failed, rather than the program."""
    if isinstance(error, OperationalError | InterfaceError):
        return _is_outside(error.__cause__)
    return isinstance(error, OSError) and error.errno in OF_FILES


def _is_outside(cause):
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in OF_SQLITE
    state = getattr(cause, "sqlstate", None) or ""
    return not state.startswith(NOT_OF_POSTGRESQL)


def unreachable(request, *, may_be_saved=False):
    """Return a plain 503. It contains the posted form, to be sent again with one press.

    `may_be_saved`: the failure came after the form was processed.
    """
    _let_go(request)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        words = [
            _("The record cannot be reached at the moment. Nothing was saved; try again."),
            _("The record cannot be reached at the moment. Try again; nothing is stored twice."),
        ]
        answer = JsonResponse({"errors": [words[may_be_saved]]}, status=503)
    else:
        context = {"fields": typed(request), "form": request, "may_be_saved": may_be_saved}
        page = loader.get_template("503.html").render(context)
        answer = HttpResponse(page, status=503)
    answer.headers["Retry-After"] = str(AGAIN_AFTER)
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["X-Frame-Options"] = "DENY"
    return answer


def _let_go(request):
    """Keep later middleware from querying the database again, and from displaying "saved"."""
    request.user = AnonymousUser()
    for name in ("session", "_messages"):
        vars(request).pop(name, None)


def typed(request):
    """Return the (name, value) pairs of the posted form, to be sent again.

    Empty if the form held a password, or files, which a page cannot hold.
    """
    posted, files = getattr(request, "_post", None), getattr(request, "_files", None)
    if request.method != "POST" or not posted or files:
        return []
    if any("password" in name for name in posted):
        return []
    return [(name, value) for name, values in posted.lists() for value in values]
