"""Backups taken apart and put together by hand, as whoever means harm would."""

import io
import tarfile


def members(path):
    with tarfile.open(path, "r:") as tar:
        return {one.name: tar.extractfile(one).read() for one in tar.getmembers()}


def altered(path, change):
    """A copy of a backup with its members changed by hand; the manifest is not told."""
    found = members(path)
    other = path.with_name("altered.tar")
    with tarfile.open(other, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in change(found):
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = 0 if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE) else len(content)
            tar.addfile(info, io.BytesIO(content))
    return other
