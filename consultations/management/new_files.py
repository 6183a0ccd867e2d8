"""Files that commands write: new ones, for their owner alone, whole or not at all."""

import os
from contextlib import contextmanager

from django.core.management.base import CommandError


@contextmanager
def new_file(path):
    """Yield a new file to write bytes to; it is deleted where that is not finished, as half of it
    would be taken for the whole. Raises CommandError where it cannot be written."""
    try:
        opened = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(opened, "wb+") as file:
            yield file
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        raise
