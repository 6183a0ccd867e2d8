"""Write the tar of a backup in one pass; read it with a reader that knows plain files only.

Python's own reader follows links, long names, sparse files and extensions. A backup has none of
them, so anything but a plain file under a known name is refused before it is used.
"""

import hashlib
import io
import os
import re
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass

from .manifest import DATABASES, FILES, MANIFEST, BackupError, Member

BLOCK = tarfile.BLOCKSIZE
PIECE = 1024 * 1024
LONGEST_NAME = 100  # what a header holds
LARGEST_MANIFEST = 500_000_000
PART = re.compile(r"(?!\.)[^/\\\x00-\x1f]+")


@contextmanager
def private():
    """Make new files and folders readable by their owner only."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)


class Archive:
    """Write members one after the other, and list them in `members`."""

    def __init__(self, stream):
        self.tar = tarfile.TarFile(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT)
        self.members = []

    def add(self, name, stream):
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(stream.fileno()).st_size, 0o600
        self._add(info, stream)

    def close(self, manifest):
        content = manifest.as_json()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        self.tar.addfile(info, io.BytesIO(content))
        self.tar.close()

    def _add(self, info, stream):
        reader = _Digesting(stream)
        self.tar.addfile(info, reader)
        self.members.append(Member(info.name, info.size, reader.digest.hexdigest()))


class _Digesting:
    def __init__(self, stream):
        self.stream, self.digest = stream, hashlib.sha256()

    def read(self, size=-1):
        content = self.stream.read(size)
        self.digest.update(content)
        return content


@dataclass(frozen=True)
class Place:
    """The position of a member's content in the archive, in bytes."""

    name: str
    start: int
    size: int


def sync(path):
    """Have a file, or the names in a folder, on the disk, so that they survive a power failure."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def is_plain(name):
    """Whether a name leads to a path inside the folder it is put into."""
    return len(os.fsencode(name)) <= LONGEST_NAME and all(
        PART.fullmatch(part) for part in name.split("/")
    )


def places(stream):
    """Return the Place of each member, by name. Raises BackupError for anything no backup has."""
    found = {}
    end = stream.seek(0, os.SEEK_END)
    at = 0
    while place := _place_at(stream, at):
        if place.name in found:
            raise BackupError(f"It holds {place.name!r} twice.")
        if place.start + place.size > end:
            raise BackupError(f"It is cut off within {place.name}.")
        found[place.name] = place
        at = place.start + -(-place.size // BLOCK) * BLOCK
    return found


def _place_at(stream, at):
    """Return the Place of the member that begins at `at`; None at the end of the archive."""
    stream.seek(at)
    block = stream.read(BLOCK)
    if block == bytes(BLOCK):
        return None
    if not block:
        raise BackupError("It is cut off: its end is missing.")
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError):
        raise BackupError("It is no backup, or a damaged one.") from None
    known = info.name in {MANIFEST, *DATABASES.values()} or info.name.startswith(FILES)
    if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or info.size < 0:
        raise BackupError(f"It holds {info.name!r}, which is no plain file.")
    if not known or not is_plain(info.name):
        raise BackupError(f"It holds {info.name!r}, which no backup has.")
    return Place(info.name, at + BLOCK, info.size)


def content_of(stream, place):
    """Return the content of a small member."""
    if place.size > LARGEST_MANIFEST:
        raise BackupError("Its manifest is too large.")
    stream.seek(place.start)
    return stream.read(place.size)


def copied(stream, place, target=None):
    """Return the SHA-256 of a member's content; also copy it to `target`, if given."""
    digest, left = hashlib.sha256(), place.size
    stream.seek(place.start)
    while left and (piece := stream.read(min(left, PIECE))):
        digest.update(piece)
        left -= len(piece)
        if target is not None:
            target.write(piece)
    return digest.hexdigest()
