"""Open a file of any kind that tables come in."""

from django.utils.translation import gettext as _

from .base import MOST_BYTES, Failure, NoValue, Row, Table, UnreadableFileError
from .delimited import open_delimited

__all__ = ["Failure", "NoValue", "Row", "Table", "UnreadableFileError", "open_table"]


def open_table(file, name):
    """Return the tables of a file, at least one, each with at least one row.

    `file` is seekable and binary and stays open as long as its tables are used; `name` is what it
    is called, and what it holds is found by its content. Raises UnreadableFileError.
    """
    size = file.seek(0, 2)
    if size > MOST_BYTES:
        raise UnreadableFileError(
            _("%(name)s has more than %(most)s MB.")
            % {"name": name, "most": MOST_BYTES // 1_000_000}
        )
    tables = [open_delimited(file, name)]
    found = [table for table in tables if table and (table.count or table.failed)]
    if not found:
        raise UnreadableFileError(_("%(name)s has no rows below its headings.") % {"name": name})
    return found
