"""Interchange: write a table row by row, as CSV or as XLSX, at a memory that does not grow with it.

A value is str, int, Decimal, date, datetime or None. Moments are written to the minute, in the
clinic's own time: their heading names the zone.
"""

import csv
import io
import re
import tempfile
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from consultations.trust.cells import cell

AT_ONCE = 64 * 1024  # characters of CSV in a chunk

# What the format of XLSX can hold.
MOST_ROWS = 1_048_576  # of a sheet, its headings among them
LONGEST_TEXT = 32_767  # of a cell, counted as UTF-16 does
MOST_DIGITS = 15  # of a number
FIRST_YEAR = 1900
WRITABLE = "\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
NOT_WRITABLE = re.compile(f"[^{WRITABLE}]")
WIDTH = 22  # of a column, in characters: a moment in a narrower one is shown as ####
MOMENT = "yyyy-mm-dd hh:mm"


def csv_rows(headings, rows):
    """Yield a table in chunks of bytes: CSV in UTF-8, marked so that spreadsheet programs see it.

    A ' stands before text that they would calculate, never before a number or a date.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow([cell(heading) for heading in headings])
    for row in rows:
        writer.writerow([_in_csv(value) for value in row])
        if text.tell() >= AT_ONCE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _in_csv(value):
    match _local(value):
        case datetime() as moment:
            return moment.isoformat(" ", "minutes")
        case Decimal() as number:
            return f"{number:f}"
        case str() as text:
            return cell(text)
        case other:
            return other


def _local(value):
    """The same value; of a moment in a zone, the time that the clinic's clock showed."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    return value


def xlsx_file(headings, rows):
    """Return a table as XLSX: a temporary file, opened at its start, which its reader closes.

    Text is text, whatever it begins with. What the format cannot hold as a number or a date is
    text too; a character that it cannot hold is �, and a text that is too long for a cell is cut
    and says so at its end. What is too long for one sheet goes on in the next.
    """
    book = Workbook(write_only=True)
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by its reader
    try:
        sheet = _new_sheet(book, headings)
        for number, row in enumerate(rows):
            if number and number % (MOST_ROWS - 1) == 0:
                sheet = _new_sheet(book, headings)
            sheet.append([_in_xlsx(sheet, value) for value in row])
        book.save(file)
    except BaseException:
        file.close()
        _throw_away(book)
        raise
    file.seek(0)
    return file


def _new_sheet(book, headings):
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.append([_in_xlsx(sheet, heading) for heading in headings])
    return sheet


def _throw_away(book):
    """Remove the files of unfinished sheets, which openpyxl keeps until the process ends."""
    for sheet in book.worksheets:
        if not sheet.closed:
            sheet.close()
        sheet._writer.cleanup()


def _in_xlsx(sheet, value):
    match _local(value):
        case datetime() as moment if moment.year >= FIRST_YEAR:
            return _formatted(sheet, moment.replace(second=0, microsecond=0), MOMENT)
        case date() as day:
            return day if day.year >= FIRST_YEAR else str(day)
        case Decimal() as number:
            return _number(sheet, number)
        case int() as number if len(str(abs(number))) > MOST_DIGITS:
            return str(number)
        case str() as text:
            return _text(sheet, text)
        case other:
            return other


def _formatted(sheet, value, number_format):
    made = WriteOnlyCell(sheet, value)
    made.number_format = number_format
    return made


def _number(sheet, number):
    """A number with all of its digits, those after the point too."""
    if not number.is_finite() or len(number.as_tuple().digits) > MOST_DIGITS:
        return str(number)
    places = max(0, -number.as_tuple().exponent)
    return _formatted(sheet, number, f"0.{'0' * places}" if places else "0")


def _text(sheet, text):
    text = NOT_WRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 > LONGEST_TEXT:
        text = _cut(text)
    if text[:1] not in {"=", "#"}:
        return text
    # openpyxl would make a formula or an error of it.
    made = WriteOnlyCell(sheet, text)
    made.data_type = "s"
    return made


def _cut(text):
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    said = _(" … (Cut here: too long for a cell. The CSV file has all of it.)")
    kept = 2 * (LONGEST_TEXT - len(said))
    return units[:kept].decode("utf-16-le", errors="ignore") + said
