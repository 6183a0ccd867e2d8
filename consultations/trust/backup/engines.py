"""Which of the two databases this installation has."""

from django.db import connection

from . import postgresql, sqlite

OWN = {"sqlite": sqlite, "postgresql": postgresql}


def engine():
    """The name of this installation's database, as the manifest has it."""
    return connection.vendor


def own():
    """What this installation's database can do."""
    return OWN[engine()]
