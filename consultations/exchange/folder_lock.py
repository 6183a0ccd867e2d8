"""One export to a folder at a time: two would write each line twice."""

import fcntl
import os
from contextlib import contextmanager


class FolderTakenError(Exception):
    """Another process writes to the folder."""


@contextmanager
def folder_lock(folder):
    """Hold a folder that is there against other exports. It ends with the process, however that
    ends. Raises FolderTakenError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise FolderTakenError from None
    try:
        yield
    finally:
        os.close(handle)
