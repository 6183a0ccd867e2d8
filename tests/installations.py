"""A second installation beside the one of the tests, and all that an installation holds."""

from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

APP = "consultations"
SIGNED_IN = "django_session"  # never in a backup


@contextmanager
def another_installation(folder):
    """An empty database and an empty MEDIA_ROOT; afterwards all is as it was."""
    is_file = connection.vendor == "sqlite"
    other = (
        str(folder / "other.sqlite3") if is_file else f"{connection.settings_dict['NAME']}_other"
    )
    if not is_file:
        _create(other)
    try:
        with turned_to(NAME=other), override_settings(MEDIA_ROOT=folder / "media of the other"):
            yield
    finally:
        if not is_file:
            _drop(other)


def _loader():
    """All migrations as they landed, none replaced by one for new databases."""
    return MigrationLoader(connection, replace_migrations=False)


def migrations():
    """The names of our migrations, in the order in which they landed."""
    loader = _loader()
    own = {node for node in loader.graph.nodes if node[0] == APP}
    return sorted(name for _app, name in own - loader.replacements.keys())


def migrated_to(name):
    """The models of the state that the migration with this name landed with."""
    executor = MigrationExecutor(connection)
    executor.loader = _loader()
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] != APP]
    targets = [*others, (APP, name)]
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@contextmanager
def turned_to(**place):
    """The connection of the tests leads to another database for a while."""
    before = connection.settings_dict
    _turn_to(before | place)
    try:
        yield
    finally:
        _turn_to(before)


def _turn_to(place):
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    connection.settings_dict = place


def _create(name):
    _drop(name)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')


def _drop(name):
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def all_rows():
    """The rows of every table, in any order, but who is signed in."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        return {name: _rows(cursor, name) for name in names if name != SIGNED_IN}


def _rows(cursor, table):
    cursor.execute(f'SELECT * FROM "{table}"')
    return sorted((tuple(map(_comparable, row)) for row in cursor.fetchall()), key=repr)


def _comparable(value):
    return bytes(value) if isinstance(value, memoryview) else value


def all_files():
    """Every file of MEDIA_ROOT by its place in it."""
    root = Path(settings.MEDIA_ROOT)
    found = [path for path in root.rglob("*") if path.is_file()] if root.exists() else []
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def is_untouched():
    """Whether this installation has neither a table nor a file."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor) and not all_files()
