"""One transaction for what belongs together, without a savepoint where nobody rolls back to it."""

from contextlib import contextmanager

from django.db import connection, transaction


def current():
    """The transaction that is open, to be compared by `is`; None where there is none."""
    return next((one for one in connection.atomic_blocks if not one._from_testcase), None)


class InThisTransaction:
    """An attribute that is true from when it is set to the end of the transaction in which it was:
    what is known while a patient is locked is not known any longer."""

    def __set_name__(self, owner, name):
        self.name = f"_{name}_in"

    def __get__(self, record, owner=None):
        known_in = getattr(record, self.name, None)
        return known_in is not None and known_in is current()

    def __set__(self, record, is_known):
        setattr(record, self.name, current() if is_known else None)


# What PostgreSQL says to one of two that wait for each other, and of what an exclusion constraint
# holds to be taken.
DEADLOCK, TAKEN = "40P01", "23P01"


def is_deadlock(error):
    """Whether the database ended a save because somebody else waited for it."""
    return getattr(error.__cause__, "sqlstate", "") == DEADLOCK


def is_taken(error):
    """Whether the database refused a save because somebody else has that time."""
    return getattr(error.__cause__, "sqlstate", "") == TAKEN


def note_saved(record, version_before):
    """Remember that a record was saved in the transaction that is open, and which version of it
    stood when that began; None of a new one."""
    if (transaction_now := current()) is not None:
        vars(transaction_now).setdefault("saved_records", {}).setdefault(record, version_before)


def saved_here(model):
    """The records of a model that were noted as saved in the transaction that is open, each with
    its version from before."""
    saved = getattr(current(), "saved_records", {})
    return {record: version for record, version in saved.items() if isinstance(record, model)}


@contextmanager
def atomic():
    """All of it or nothing: a transaction, or a part of the one that is open already.

    A part has no savepoint. What goes wrong in it undoes the whole: to catch the exception and go
    on writing is refused by Django. A transaction that a test opened around itself does not count.
    """
    blocks = connection.atomic_blocks
    is_part = bool(blocks) and not blocks[-1]._from_testcase
    with transaction.atomic(savepoint=not is_part):
        yield
