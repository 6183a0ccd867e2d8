"""Sessions in the database, where a full disk is not taken for a session that is gone."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError


class SessionNotStoredError(OperationalError):
    """The request was answered, and its session could not be stored: what it saved may be kept."""


class SessionStore(db.SessionStore):
    def save(self, must_create=False):
        """As Django's, which says of any error of the database that the session was deleted."""
        try:
            super().save(must_create)
        except UpdateError as gone:
            failed = gone.__context__
            if isinstance(failed, OperationalError | InterfaceError):
                raise SessionNotStoredError from failed.__cause__
            raise
