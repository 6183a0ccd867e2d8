"""The manifest: what a backup was made of, when, and its members."""

import hashlib
import json
from dataclasses import asdict, dataclass

FORMAT = 2
READ = {1, FORMAT}  # format 1 had no digest of its own
FILES = "files/"
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def silently(items, what):
    """A `progress` that shows nothing."""
    return items


class BackupError(Exception):
    """A sentence for the user of the command."""


@dataclass(frozen=True)
class Member:
    """One file of the backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`rows` are counts by table; `missing` are files named by the database that do not exist."""

    program: str
    made_at: str
    engine: str
    migrations: tuple[str, ...]
    rows: dict[str, int]
    members: tuple[Member, ...]
    missing: tuple[str, ...]
    format: int = FORMAT

    @property
    def database(self):
        return DATABASES[self.engine]

    @property
    def files(self):
        """Return the names of the files, as in the storage."""
        return [one.name.removeprefix(FILES) for one in self.members if one.name.startswith(FILES)]

    @property
    def digest(self):
        """SHA-256 of the manifest, and so of every member: kept elsewhere, it proves the backup."""
        return hashlib.sha256(self.as_json()).hexdigest()

    def as_json(self):
        """Return the bytes stored in the backup, with a digest of the rest to show damage."""
        said = asdict(self)
        if self.format == FORMAT:
            said["sha256"] = hashlib.sha256(_as_bytes(said)).hexdigest()
        return _as_bytes(said)


def _as_bytes(said):
    return json.dumps(said, indent=1, ensure_ascii=False).encode()


def read_manifest(content):
    """Return the manifest in these bytes. Raises BackupError for anything else."""
    try:
        found = json.loads(content)
        version = found.pop("format")
        if isinstance(version, int) and version > FORMAT:
            raise BackupError("It was made by a newer Turgor, in a form that this one cannot read.")
        found.pop("sha256", None)  # compared below, with the rest
        members = tuple(Member(**member) for member in found.pop("members"))
        names = {name: tuple(found.pop(name)) for name in ("migrations", "missing")}
        manifest = Manifest(members=members, format=version, **names, **found)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise BackupError("Its manifest cannot be read.") from None
    if version not in READ or not _is_sound(manifest):
        raise BackupError("Its manifest cannot be read.")
    if version == FORMAT and content != manifest.as_json():
        raise BackupError("Its manifest is not as it was: its digest differs.")
    return manifest


def miscounted(found, manifest):
    """Yield a sentence for each table whose count of rows in `found` differs from the manifest."""
    for table in sorted({*found, *manifest.rows}):
        count, told = found.get(table, 0), manifest.rows.get(table, 0)
        if count != told:
            yield f"Table {table} has {count} rows, and had {told} when the backup was made."


def _is_sound(manifest):
    texts = [manifest.program, manifest.made_at, *manifest.migrations, *manifest.missing]
    sizes = [one.size for one in manifest.members]
    if not isinstance(manifest.rows, dict) or manifest.engine not in ENGINES:
        return False
    texts += [
        *manifest.rows,
        *(text for one in manifest.members for text in (one.name, one.sha256)),
    ]
    counts = [*sizes, *manifest.rows.values()]
    return all(isinstance(text, str) for text in texts) and all(type(one) is int for one in counts)
