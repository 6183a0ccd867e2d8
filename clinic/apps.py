"""Replace Django's admin site with the clinic's, and keep the database file private."""

import os
from contextlib import suppress

from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created


class ClinicAdminConfig(AdminConfig):
    default_site = "clinic.admin_site.ClinicAdminSite"

    def ready(self):
        super().ready()
        from consultations.accounts import admin  # noqa: F401  staff, beside the records
        from consultations.permissions import ROLES

        refuse_unknown_roles(settings.SECOND_FACTOR, ROLES)
        connection_created.connect(keep_files_private)


def refuse_unknown_roles(names, roles):
    """Raise ImproperlyConfigured for a misspelt role, which would need no second factor."""
    known = {"all", "none", *(role.lower() for role in roles)}
    if wrong := [name for name in names if name.lower() not in known]:
        raise ImproperlyConfigured(
            f"SECOND_FACTOR {wrong[0]!r} is no role; write all, none or some of {', '.join(roles)}."
        )


def keep_files_private(connection, **kwargs):
    """Let only the owner read SQLite's file and the files beside it, whatever the folder allows.

    SQLite creates them with the default mode.
    """
    if connection.vendor != "sqlite":
        return
    for beside in ("", "-wal", "-shm"):
        # Only the owner may change the mode; a database in memory has no file.
        with suppress(FileNotFoundError, PermissionError):
            path = f"{connection.settings_dict['NAME']}{beside}"
            if os.stat(path).st_mode & 0o077:
                os.chmod(path, 0o600)
