"""Open a file of any kind that tables come in."""

import codecs

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.exchange.fhir.reading import open_fhir

from .base import MOST_BYTES, Failure, NoValue, Row, Table, UnreadableFileError
from .delimited import open_delimited
from .vcard import open_vcards
from .xlsx import open_xlsx

__all__ = ["Failure", "NoValue", "Row", "Table", "UnreadableFileError", "open_table"]

OLD_OFFICE = b"\xd0\xcf\x11\xe0"
DIRECTORY_WITHIN = 100_000_000  # it may stand at the end
OTHERS = (
    (b"%pdf", gettext_lazy("%(name)s is a PDF, no table.")),
    (b"{\\rtf", gettext_lazy("%(name)s is a document, no table.")),
    *(
        (
            sign,
            gettext_lazy(
                "%(name)s is a web page. Open it in a spreadsheet program and save it as .xlsx."
            ),
        )
        for sign in (b"<!doctype html", b"<html", b"<table")
    ),
    (b"<?xml", gettext_lazy("%(name)s is XML. Save it as .xlsx or as CSV.")),
    (b"begin:vcalendar", gettext_lazy("%(name)s is a calendar, no table.")),
)


def open_table(file, name, encoding=""):
    """Return the tables of a file, at least one, each with at least one row.

    `file` is seekable and binary and stays open as long as its tables are used; `name` is what it
    is called, and what it holds is found by its content. `encoding` is what CSV is in where it
    does not say so, a key of `encodings.ENCODINGS`; "" where its letters tell. Raises
    UnreadableFileError.
    """
    size = file.seek(0, 2)
    if size > MOST_BYTES:
        raise UnreadableFileError(
            _("%(name)s has more than %(most)s MB.")
            % {"name": name, "most": MOST_BYTES // 1_000_000}
        )
    opener = _opener(file, name)
    more = [encoding] if opener is open_delimited else []
    tables = opener(file, name, *more)
    found = [table for table in tables if table and (table.count or table.failed)]
    if not found:
        raise UnreadableFileError(_("%(name)s has no rows below its headings.") % {"name": name})
    return found


def _opener(file, name):
    """What opens a file that begins like this."""
    file.seek(0)
    start = file.read(512)
    plain = start.replace(b"\0", b"")
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        plain = plain.removeprefix(mark)
    plain = plain.lstrip().lower()
    if start.startswith(b"PK\x03\x04"):
        return open_xlsx
    if start.startswith(OLD_OFFICE):
        raise UnreadableFileError(_old_office(file, name))
    if plain.startswith(b"begin:vcard"):
        return open_vcards
    if plain.startswith(b"{"):
        return open_fhir
    for sign, words in OTHERS:
        if plain.startswith(sign):
            raise UnreadableFileError(words % {"name": name})
    return open_delimited


def _old_office(file, name):
    """Why a file in the format of Office before 2007 is not read: encrypted ones still have it."""
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in file.read(DIRECTORY_WITHIN):
        return _("%(name)s is protected by a password.") % {"name": name}
    return _("%(name)s is in the format of Excel before 2007. Save it as .xlsx.") % {"name": name}
