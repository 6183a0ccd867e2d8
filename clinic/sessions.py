"""Sessions in the database that tell a full disk from a deleted session."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError


class SessionNotStoredError(OperationalError):
    """The session could not be stored after the view had run: what it saved may be committed."""


class SessionStore(db.SessionStore):
    def save(self, must_create=False):
        """As in Django, which reports any database error as a deleted session.

        Raises SessionNotStoredError if the database failed.
        """
        try:
            super().save(must_create)
        except UpdateError as gone:
            failed = gone.__context__
            if isinstance(failed, OperationalError | InterfaceError):
                raise SessionNotStoredError from failed.__cause__
            raise
