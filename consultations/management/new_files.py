"""Files that commands write: new ones, for their owner alone, whole or not at all."""

import os
import shutil
from contextlib import contextmanager

from django.core.management.base import CommandError

from consultations.trust.backup.archive import private


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


@contextmanager
def new_folder(path):
    """Yield a new folder to write files to; it is deleted where that is not finished, and where
    nothing was written. Raises CommandError where it cannot be written."""
    try:
        with private():
            path.mkdir()
            try:
                yield path
            except BaseException:
                shutil.rmtree(path, ignore_errors=True)
                raise
        if not any(path.iterdir()):
            path.rmdir()
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
