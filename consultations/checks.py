"""What `manage.py check` says of this installation, beyond what Django says."""

import os
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import connections


def media_can_be_kept(app_configs, **kwargs):
    """Photos need a folder that can be written, or made."""
    place = Path(settings.MEDIA_ROOT)
    while not place.exists() and place != place.parent:
        place = place.parent
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return []
    return [
        checks.Warning(
            f"No photo can be kept: {place} is no folder that can be written.",
            hint="See to MEDIA_ROOT, and to whom its folder belongs.",
            id="turgor.W001",
        )
    ]


def log_of_postgresql_holds_no_values(app_configs, databases=None, **kwargs):
    """A statement that fails must not put a patient's row into the server's own log."""
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "postgresql" and _logs_values(connection):
            yield checks.Warning(
                "PostgreSQL writes whole rows of statements that fail into its log.",
                hint="As its superuser: ALTER DATABASE … SET log_error_verbosity = terse, and "
                "SET log_min_error_statement = panic; see clinic/OPERATIONS.md, PostgreSQL.",
                id="turgor.W002",
            )


def _logs_values(connection):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('log_error_verbosity'),"
            " current_setting('log_min_error_statement')"
        )
        verbosity, least = cursor.fetchone()
    return verbosity != "terse" or least not in ("fatal", "panic")
