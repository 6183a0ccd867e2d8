"""/healthz tells a monitor whether the program can serve."""

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse

PATH = "/healthz"


def answer_health(get_response):
    """Answer /healthz before any other middleware: without session, redirect or check of the host.

    200 if the database answers and no migration is missing, else 503. No details, no log line.
    """

    def middleware(request):
        if request.path_info != PATH:
            return get_response(request)
        status, words = (200, "ok\n") if is_healthy() else (503, "unavailable\n")
        response = HttpResponse(words, status=status, content_type="text/plain")
        response.headers["Cache-Control"] = "no-store"
        # Django logs every 5xx; the monitor knows already.
        response._has_been_logged = True
        return response

    return middleware


def is_healthy():
    try:
        return known_migrations() <= MigrationRecorder(connection).applied_migrations().keys()
    except Error:
        return False


@cache
def known_migrations():
    """Return (app, name) of every migration in this code; they do not change while it runs."""
    return set(MigrationLoader(None).disk_migrations)
