"""Restore a backup into an empty installation, completely or not at all."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.db.migrations.loader import MigrationLoader

from .archive import copied, private
from .checking import check_backup, opened
from .engines import engine, own
from .manifest import ENGINES, FILES, BackupError, silently

# While this folder exists, the files in MEDIA_ROOT come from an unfinished restore.
UNFINISHED = ".turgor-restoring"
DRAFT = ".turgor-restore-"


def restore_backup(path, progress=silently):
    """Restore database and files; return the manifest.

    Raises BackupError and changes nothing if the installation is not empty, the backup is not
    sound, or anything fails.
    """
    try:
        refuse_records()
        if wrong := check_backup(path, progress):
            raise BackupError(f"This backup cannot be relied on. {wrong[0]}")
        with opened(path) as (stream, found, manifest):
            refuse_other_engine(manifest)
            refuse_unknown_migrations(manifest)
            with private(), _files(stream, found, manifest, progress) as put_in_place:
                _bring_back_database(stream, found, manifest, put_in_place)
    except (OSError, Error, sqlite3.Error) as error:
        raise BackupError(f"{error}".strip()) from error
    return manifest


def refuse_records():
    """Raise BackupError unless this installation has no table and no file."""
    if not own().is_empty():
        raise BackupError(
            "This database has tables already. A backup is brought back into an empty database, "
            "before migrate."
        )
    _clear_leftovers()
    media = Path(settings.MEDIA_ROOT)
    if media.exists() and any(media.iterdir()):
        raise BackupError(f"{media} is not empty: a backup would mix its files with those there.")


def _clear_leftovers():
    """Remove what a killed restore left; it had started with an empty MEDIA_ROOT."""
    media = Path(settings.MEDIA_ROOT)
    for draft in _workshop().glob(f"{DRAFT}*"):
        shutil.rmtree(draft)
    if (media / UNFINISHED).is_dir() and not _newer_files(media):
        _empty(media)


def _newer_files(media):
    """Return files newer than the last one put in place: they are somebody else's."""
    unfinished = media / UNFINISHED
    ended = unfinished.stat().st_mtime
    return [
        one
        for one in media.rglob("*")
        if one.is_file() and not one.is_relative_to(unfinished) and one.stat().st_mtime > ended
    ]


def _empty(media):
    """Delete everything, UNFINISHED last, so that this too may be interrupted."""
    for child in sorted(media.iterdir(), key=lambda one: one.name == UNFINISHED):
        shutil.rmtree(child) if child.is_dir() else child.unlink()


def _workshop():
    """Return the folder to unpack the database in: beside its place, or beside the files."""
    return Path(own().workshop() or Path(settings.MEDIA_ROOT).parent)


def refuse_other_engine(manifest):
    if manifest.engine != engine():
        raise BackupError(
            f"This is a backup of a {ENGINES[manifest.engine]} database, and DATABASE_URL names a "
            f"{ENGINES[engine()]} one. Name an empty {ENGINES[manifest.engine]} database instead."
        )


def refuse_unknown_migrations(manifest):
    if unknown := sorted({*manifest.migrations} - _known_migrations() - _of_left_apps(manifest)):
        raise BackupError(
            f"This backup was made by a newer Turgor ({manifest.program}): {unknown[0]} is not "
            "known here. Install that version first."
        )


def to_migrate(manifest):
    """Return the migrations that this program has and the backup's did not, but for those that
    stand for others in a new database."""
    at_once = {f"{app}.{name}" for app, name in _loader().replacements}
    return sorted(_known_migrations() - at_once - {*manifest.migrations})


def _loader():
    return MigrationLoader(None)


def _known_migrations():
    return {f"{app}.{name}" for app, name in _loader().disk_migrations}


def _of_left_apps(manifest):
    """Return migrations of libraries that the program no longer uses."""
    apps = _loader().migrated_apps
    return {name for name in manifest.migrations if name.partition(".")[0] not in apps}


@contextmanager
def _files(stream, found, manifest, progress):
    """Unpack the files into a folder of their own; yield a function that puts them in place.

    Removes them again if the block fails.
    """
    media = Path(settings.MEDIA_ROOT)
    was_there = media.exists()
    # Within MEDIA_ROOT, which may be a disk of its own.
    unfinished = media / UNFINISHED
    unfinished.mkdir(mode=0o700, parents=True)

    def put_in_place():
        for child in unfinished.iterdir():
            child.rename(media / child.name)

    try:
        for member in progress(manifest.members, "Bringing back"):
            if member.name.startswith(FILES):
                _put(stream, found, member, unfinished / member.name.removeprefix(FILES))
        yield put_in_place
        unfinished.rmdir()
    except BaseException:
        # It was empty before, so everything in it is ours.
        _empty(media)
        if not was_there:
            media.rmdir()
        raise


def _put(stream, found, member, path):
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        _copy_member(stream, found, member, target)


def _bring_back_database(stream, found, manifest, put_in_place):
    """Unpack the database, put the files in place, then the database."""
    [member] = [one for one in manifest.members if one.name == manifest.database]
    with tempfile.TemporaryDirectory(prefix=DRAFT, dir=_workshop()) as folder:
        copy = Path(folder, manifest.database)
        with open(copy, "wb") as target:
            _copy_member(stream, found, member, target)
        # All files first, then the database that names them.
        put_in_place()
        os.sync()
        own().bring_back(copy, manifest)


def _copy_member(stream, found, member, target):
    if copied(stream, found[member.name], target) != member.sha256:
        raise BackupError(f"{member.name} changed while it was read. Nothing was kept.")
