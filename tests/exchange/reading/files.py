"""Files as other programs write them, built in code."""

import io
import zipfile

import openpyxl

from consultations.exchange.reading.tables import open_table


def table(content, name="file.csv"):
    """The one table of a file."""
    (one,) = open_table(
        io.BytesIO(content if isinstance(content, bytes) else content.encode()), name
    )
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


SHEET = "xl/worksheets/sheet1.xml"


def repacked(content, changes=(), added=()):
    """A ZIP with parts of it changed and others added: pairs of their names, and what changes the
    bytes or the bytes themselves."""
    file, changes = io.BytesIO(), dict(changes)
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, bytes)(old.read(name)))
        for name, data in added:
            new.writestr(name, data)
    return file.getvalue()


def sheet_of(rows, texts=""):
    """A workbook whose sheet holds this XML between its rows, and these shared texts."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006"
    sheet = f'<worksheet xmlns="{main}/main"><sheetData>{rows}</sheetData></worksheet>'
    relation = (
        f'<Relationship Type="{main.replace("spreadsheetml", "officeDocument")}/relationships'
        '/sharedStrings" Target="sharedStrings.xml" Id="rId9"/></Relationships>'
    )
    return repacked(
        workbook(["x"]),
        [
            (SHEET, lambda _old: sheet.encode()),
            (
                "xl/_rels/workbook.xml.rels",
                lambda old: old.replace(b"</Relationships>", relation.encode()),
            ),
        ],
        [("xl/sharedStrings.xml", f'<sst xmlns="{main}/main">{texts}</sst>')],
    )


def archive(*entries):
    """A ZIP of (name, bytes) pairs; a name may be a ZipInfo."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", 8) as new:
        for name, data in entries:
            new.writestr(name, data)
    return file
