"""A transaction around a test's own requests, all of which is taken back."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def undone(*, keep=False):
    """As the transaction that a test case opens, this one is none of the program's own: what a
    request opens in it can be rolled back by itself."""
    with transaction.atomic():
        connection.atomic_blocks[-1]._from_testcase = True
        yield
        transaction.set_rollback(not keep)
