"""Files as other programs write them, built in code."""

import io
import zipfile

import openpyxl

from consultations.exchange.reading.tables import open_table


def table(content, name="file.csv"):
    """The one table of a file."""
    (one,) = open_table(io.BytesIO(content if isinstance(content, bytes) else content.encode()), name)
    return one


def cells(content, name="file.csv"):
    """The cells of its rows."""
    return [row.cells for row in table(content, name).rows]


def workbook(*rows, change=None):
    """A workbook of one sheet as openpyxl writes it, after `change(sheet)`."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content, **parts):
    """A ZIP with parts of it changed: `parts` has, by the end of a part's name without its ending,
    what its bytes become."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for info in old.infolist():
            name = info.filename.rpartition("/")[2].partition(".")[0]
            data = old.read(info)
            new.writestr(info.filename, parts[name](data) if name in parts else data)
    return file.getvalue()


def sheet_of(rows):
    """A workbook whose sheet holds this XML between its rows."""
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{rows}</sheetData></worksheet>"
    )
    return repacked(workbook(["x"]), sheet1=lambda _old: xml.encode())


def archive(*entries):
    """A ZIP of (name, bytes) pairs; a name may be a ZipInfo."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", 8) as new:
        for name, data in entries:
            new.writestr(name, data)
    return file
