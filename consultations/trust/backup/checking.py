"""Verify a backup as a whole: backups are verified, never trusted."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

from .archive import content_of, copied, places
from .engines import OWN
from .manifest import FILES, MANIFEST, BackupError, read_manifest, silently


@contextmanager
def opened(path):
    """Yield the open file, the Place of each member, and the manifest. Raises BackupError."""
    with _file(path) as stream:
        found = places(stream)
        if MANIFEST not in found:
            raise BackupError("It has no manifest: it is no backup, or not a whole one.")
        manifest = read_manifest(content_of(stream, found[MANIFEST]))
        yield stream, found, manifest


def _file(path):
    try:
        return open(path, "rb")
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from None


def check_backup(path, progress=silently):
    """Return what is wrong with a backup, as sentences; empty if it is sound."""
    try:
        with opened(path) as (stream, found, manifest):
            wrong = [*_incomplete(found, manifest), *_altered(stream, found, manifest, progress)]
            return wrong or [*_database_faults(stream, found, manifest)]
    except BackupError as error:
        return [str(error)]


def _incomplete(found, manifest):
    """Report members that are only in the manifest or only in the archive."""
    listed = [one.name for one in manifest.members]
    if len(listed) != len({*listed}):
        yield "The manifest lists a file twice."
    if manifest.database not in found:
        yield "The database is missing."
    for name in sorted({*listed} - {*found}):
        yield f"{name} is missing."
    for name in sorted({*found} - {*listed, MANIFEST}):
        yield f"{name} is not in the manifest."
    for name in listed:
        if name != manifest.database and not name.startswith(FILES):
            yield f"{name} does not belong to a {manifest.engine} backup."


def _altered(stream, found, manifest, progress):
    for member in progress(manifest.members, "Checking"):
        place = found.get(member.name)
        if place and (place.size, copied(stream, place)) != (member.size, member.sha256):
            yield f"{member.name} is not as it was: its digest differs."


def _database_faults(stream, found, manifest):
    with tempfile.TemporaryDirectory(prefix="turgor-check-") as folder:
        copy = Path(folder, manifest.database)
        with open(copy, "wb") as target:
            copied(stream, found[manifest.database], target)
        yield from OWN[manifest.engine].faults(copy, manifest)
