"""Make a backup while staff work: the database first, then every file that it names.

Files have random names and never change. So each file named by the database snapshot is still the
same when it is copied, or was erased since; then it is listed as missing.
"""

import os
import sqlite3
import tempfile
import tomllib
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import Error, connection, models
from django.template.utils import get_app_template_dirs
from django.utils import timezone

from .archive import Archive, is_plain, private, sync
from .engines import engine, own
from .manifest import DATABASES, FILES, BackupError, Manifest, silently

# A backup must not sign anybody in. The axes tables, in a database that is not yet migrated, hold
# passwords typed in failed sign-ins.
LEFT_OUT = (
    "django_session",
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accessfailurelog",
    "axes_accesslog",
)
UNFINISHED = ".turgor-unfinished-"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"


def make_backup(folder, progress=silently):
    """Write one file into `folder`; return its path and manifest. On failure nothing is left.

    `progress(items, what)` may show a progress bar. Raises BackupError.
    """
    folder = Path(folder)
    refuse_place(folder)
    with _workshop(folder) as workshop:
        draft = workshop / "backup.tar"
        with open(draft, "wb") as stream:
            manifest = _write(Archive(stream), workshop, progress)
            stream.flush()
            os.fsync(stream.fileno())
        path = _free_name(folder, manifest)
        os.rename(draft, path)
    sync(folder)
    return path, manifest


def refuse_place(folder):
    """Raise BackupError for a folder that is missing, or part of the program's own files."""
    if not folder.is_dir():
        raise BackupError(f"There is no folder {folder}; make it first, with mode 700.")
    served = [settings.MEDIA_ROOT, settings.STATIC_ROOT, *get_app_template_dirs("static")]
    here = folder.resolve()
    for place in filter(None, served):
        if here.is_relative_to(Path(place).resolve()):
            raise BackupError(f"{folder} is in {place}, which holds the program's own files.")


def is_open_to_others(folder):
    return bool(Path(folder).stat().st_mode & 0o077)


@contextmanager
def _workshop(folder):
    """Yield a temporary folder beside the backup; always removed afterwards.

    Raises BackupError for errors of files and of the database.
    """
    try:
        with private(), tempfile.TemporaryDirectory(dir=folder, prefix=UNFINISHED) as workshop:
            yield Path(workshop)
    except OSError as error:
        raise BackupError(f"It could not be written: {error}.") from error
    except (Error, sqlite3.Error) as error:
        raise BackupError(f"The database cannot be read: {error}.") from error


def _write(archive, workshop, progress):
    made_at = timezone.now()
    copy = workshop / DATABASES[engine()]
    with own().snapshot(copy, LEFT_OUT) as ask:
        facts = {
            "migrations": tuple(f"{app}.{name}" for app, name in ask(MIGRATIONS)),
            "rows": {table: _count(ask, table) for table in own().tables(ask)},
        }
        named = {name: where for column in file_columns() for name, where in _named(ask, *column)}
    with open(copy, "rb") as stream:
        archive.add(copy.name, stream)
    copy.unlink()
    named = progress(named.items(), "Packing")
    missing = [name for name, storage in named if not _add_file(archive, name, storage)]
    manifest = Manifest(
        program=program_version(),
        made_at=made_at.isoformat(timespec="seconds"),
        engine=engine(),
        members=tuple(archive.members),
        missing=tuple(missing),
        **facts,
    )
    archive.close(manifest)
    return manifest


def _count(ask, table):
    return 0 if table in LEFT_OUT else ask(f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608


def file_columns():
    """Yield (table, column, storage) of every field that names a file, those left out that the
    database will have once it is migrated."""
    for model in apps.get_models(include_auto_created=True):
        known = None
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField) and model._meta.managed:
                known = _columns_of(model._meta.db_table) if known is None else known
                if field.column in known:
                    yield model._meta.db_table, field.column, field.storage


def _columns_of(table):
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return set()
        described = connection.introspection.get_table_description(cursor, table)
    return {column.name for column in described}


def _named(ask, table, column, storage):
    rows = ask(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" <> \'\'')  # noqa: S608
    return [(name, storage) for (name,) in sorted(rows)]


def _add_file(archive, name, storage):
    """Add a file; return whether it exists."""
    if not is_plain(FILES + name):
        return False
    try:
        file = storage.open(name)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False
    with file:
        archive.add(FILES + name, file)
    return True


def program_version():
    with open(settings.BASE_DIR / "pyproject.toml", "rb") as stream:
        return tomllib.load(stream)["project"]["version"]


def _free_name(folder, manifest):
    stamp = timezone.localtime(datetime.fromisoformat(manifest.made_at))
    name = f"turgor-{stamp:%Y-%m-%d-%H%M%S}"
    number, path = 1, folder / f"{name}.tar"
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.tar"
    return path
