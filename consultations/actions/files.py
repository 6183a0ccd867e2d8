"""Files that belong to a row: written with it, or not left behind."""

from contextlib import contextmanager


@contextmanager
def without_stray_files(record, *names):
    """Delete what was written to these files of a record if its row is not stored. To go around the
    whole transaction."""
    before = [getattr(record, name).name for name in names]
    try:
        yield
    except BaseException:
        for name, former in zip(names, before, strict=True):
            file = getattr(record, name)
            if file and file.name != former:
                file.storage.delete(file.name)
        raise
