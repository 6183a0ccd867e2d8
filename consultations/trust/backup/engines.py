"""Choose the module for this installation's database."""

from django.db import connection

from . import postgresql, sqlite

OWN = {"sqlite": sqlite, "postgresql": postgresql}


def engine():
    """Return the name of this installation's database, as in the manifest."""
    return connection.vendor


def own():
    """Return the module for this installation's database."""
    return OWN[engine()]
