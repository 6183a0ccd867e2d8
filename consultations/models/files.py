"""Where photos, documents and the logo are kept: files that have no address."""

import os
from contextlib import suppress

from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files under MEDIA_ROOT that only the program's own user can read, and that have no URL."""

    def __init__(self):
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    def _save(self, name, content):
        """Whole and on the disk before a row names it, or not there at all."""
        try:
            name = super()._save(name, content)
            with self.open(name) as file:
                os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                self.delete(name)
            raise
        return name

    def url(self, name):
        raise NotImplementedError(
            "files are served through a permission check, by the key of their record"
        )
