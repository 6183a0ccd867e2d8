"""SQLite: copy the live file while staff work; verify a copy, and put it in place."""

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from .manifest import BackupError, miscounted

TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
)
BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def snapshot(target, without):
    """Copy a snapshot of the database; yield a function that runs SQL on the copy.

    The rows of the tables in `without` are deleted from the copy and overwritten.
    """
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        with closing(_opened(_live())) as live:
            # In one step: concurrent writers neither wait nor make it start again.
            live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA secure_delete = ON")
        for table in {*without} & {*tables(lambda sql: copy.execute(sql).fetchall())}:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608
        yield lambda sql: copy.execute(sql).fetchall()


def tables(ask):
    return [name for (name,) in ask(TABLES)]


def faults(path, manifest):
    """Yield what is wrong with a copy, as sentences."""
    try:
        with closing(_opened(path)) as copy:
            yield from _faults(copy, manifest)
    except sqlite3.Error as error:
        yield f"The database cannot be opened: {error}."


def _faults(copy, manifest):
    for (told,) in copy.execute("PRAGMA integrity_check(5)"):
        if told != "ok":
            yield f"The database is damaged: {told}."
    if copy.execute("PRAGMA foreign_key_check").fetchone():
        yield "The database is damaged: a record hangs on one that is not there."
    found = {name: _count(copy, name) for (name,) in copy.execute(TABLES)}
    yield from miscounted(found, manifest)


def _count(copy, table):
    return copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608


def is_empty():
    path = _live()
    if not path.exists() or not path.stat().st_size:
        return True
    with closing(_opened(path)) as database:
        return not database.execute(TABLES).fetchall()


def bring_back(copy, manifest):
    """Replace the empty database with a verified copy."""
    path = _live()
    connection.close()
    os.chmod(copy, 0o600)
    for name in ("", *BESIDE):
        Path(f"{path}{name}").unlink(missing_ok=True)
    os.replace(copy, path)


def workshop():
    """Return the folder to unpack a copy in: the same disk, so that it can be moved."""
    return _live().parent


def _live():
    name = str(connection.settings_dict["NAME"])
    if name.startswith("file:") or ":memory:" in name:
        raise BackupError("The database is in memory only; there is no file to copy.")
    return Path(name)


def _opened(path):
    """Open a database read-only."""
    return sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, timeout=20)
