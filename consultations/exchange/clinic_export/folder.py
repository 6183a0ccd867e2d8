"""Files written under one folder, each with its digest, and on the disk before they count."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from consultations.trust.backup.archive import sync

SIDE_BY_SIDE = 16


class Folder:
    """A place below `root` to write to as to a ZipFile; `files` lists (name, size, SHA-256)."""

    def __init__(self, root, within=""):
        self.root, self.within, self.files = root, within, []

    @contextmanager
    def open(self, name, mode="w"):
        """Open a new file to write bytes to, whatever the mode."""
        name = f"{self.within}/{name}" if self.within else name
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            written = _Digesting(file)
            yield written
        self.files.append((name, written.size, written.digest.hexdigest()))

    def writestr(self, name, content):
        """Write a whole file. `name` may be a ZipInfo, as a ZipFile takes it."""
        with self.open(getattr(name, "filename", name)) as file:
            file.write(content.encode() if isinstance(content, str) else content)

    def paths(self):
        """Return its files, and the folders that name them."""
        paths = {self.root / name for name, _size, _digest in self.files}
        return paths | {one for path in paths for one in path.parents if self._is_ours(one)}

    def _is_ours(self, path):
        return path == self.root or self.root in path.parents


def sync_all(*places):
    """Have all of these Folders on the disk, names included."""
    paths = set().union(*(place.paths() for place in places))
    # Side by side, the disk takes many at a time.
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(sync, paths))


class _Digesting:
    def __init__(self, file):
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def write(self, content):
        self.size += len(content)
        self.digest.update(content)
        return self.file.write(content)
