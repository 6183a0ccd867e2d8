"""Workbooks: what cells hold, however the program wrote it, and what is refused."""

import io
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from consultations.exchange.reading import xlsx
from consultations.exchange.reading.tables import NoValue, Row, UnreadableFileError, open_table

from .files import SHEET, archive, cells, repacked, sheet_of, table, workbook

NEVER_COUNTED = (
    "The formula has no stored value. Open the file in a spreadsheet program and save it."
)
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'


def test_cells_hold_what_was_meant():
    content = workbook(
        ["text", "whole", "part", "day", "moment", "clock", "length", "yes", "error", "formula"],
        [
            *("0044 20", 441632960961, 12.3, date(1980, 3, 5), datetime(2026, 3, 5, 14, 30)),
            *(time(9, 5), timedelta(hours=30, minutes=5), True, "#N/A", "=1+1"),
        ],
    )
    assert cells(content) == [
        (
            *("0044 20", "441632960961", Decimal("12.3"), date(1980, 3, 5)),
            *(datetime(2026, 3, 5, 14, 30), time(9, 5), timedelta(hours=30, minutes=5), True),
            NoValue("#N/A", "#N/A is an error of the spreadsheet."),
            NoValue("", NEVER_COUNTED),
        )
    ]


def test_days_are_counted_from_1900_or_1904_or_written_out():
    def change(sheet):
        sheet["A2"], sheet["A3"] = date(1980, 3, 5), date(2026, 1, 31)

    windows = workbook(["day"], change=change)
    book = openpyxl.Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.active["A1"] = "day"
    change(book.active)
    mac = io.BytesIO()
    book.save(mac)
    iso = openpyxl.Workbook()
    iso.iso_dates = True
    iso.active["A1"] = "day"
    change(iso.active)
    written = io.BytesIO()
    iso.save(written)
    days = [(date(1980, 3, 5),), (date(2026, 1, 31),)]
    assert [cells(one) for one in (windows, mac.getvalue(), written.getvalue())] == [days] * 3
    assert table(mac.getvalue()).notes == ("Days counted from 1904",)


@pytest.mark.parametrize(("epoch", "notes"), [(1900, ()), (1904, ("Days counted from 1904",))])
def test_a_file_of_libreoffice_holds_what_was_meant(epoch, notes):
    """Stored as LibreOffice wrote it, with days counted from either year."""
    content = (Path(__file__).parent / "made" / f"libreoffice-{epoch}.xlsx").read_bytes()
    assert cells(content) == [
        (
            *("Müller", date(1980, 3, 5), datetime(2026, 1, 31, 14, 5)),
            *(timedelta(hours=25, minutes=30), "0123", Decimal("12.5")),
        )
    ]
    assert table(content).notes == notes


def test_formulas_have_the_value_that_was_stored():
    rows = HEAD + (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>"a"</f><v>a</v></c></row>'
        '<row r="4"><c r="A4" t="str"><f>""</f><v></v></c></row>'
        '<row r="5"><c r="A5" t="b"><f>TRUE()</f><v>0</v></c></row>'
        '<row r="6"><c r="A6" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="7"><c r="A7"><f>A2</f></c></row>'
    )
    assert list(table(sheet_of(rows)).rows) == [
        Row(2, ("2",)),
        Row(3, ("a",)),
        Row(5, (False,)),
        Row(6, (NoValue("#DIV/0!", "#DIV/0! is an error of the spreadsheet."),)),
        Row(7, (NoValue("", NEVER_COUNTED),)),
    ]


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("1.0", "1"),
        ("-3", "-3"),
        ("4.41632960961E+11", "441632960961"),
        ("12345678901234567890", "12345678901234567890"),
        ("12.300000000000001", Decimal("12.3")),
        ("0.30000000000000004", Decimal("0.3")),
        ("1E999", NoValue("1E999", "“1E999” is no number.")),
        ("1E-7", Decimal("1E-7")),
        ("nan", NoValue("nan", "“nan” is no number.")),
        ("1_0", NoValue("1_0", "“1_0” is no number.")),
    ],
)
def test_numbers_are_shown_as_the_spreadsheet_shows_them(raw, read):
    rows = HEAD + f'<row r="2"><c r="A2"><v>{raw}</v></c></row>'
    assert cells(sheet_of(rows)) == [(read,)]


@pytest.mark.parametrize(
    ("value", "number_format", "read"),
    [
        (0.125, "0.0%", Decimal("12.5")),
        (1067, "00000", "01067"),
        (29284, "d. mmmm yyyy", date(1980, 3, 4)),
        (1.5, "[h]:mm", timedelta(hours=36)),
        (0.5, "hh:mm", time(12)),
        (29284, '0 "days"', "29284"),
        (-1, "yyyy-mm-dd", date(1899, 12, 29)),
        (1e9, "yyyy-mm-dd", NoValue("1000000000", "1000000000 is no date.")),
    ],
)
def test_a_number_is_what_its_format_shows(value, number_format, read):
    def change(sheet):
        sheet["A2"] = value
        sheet["A2"].number_format = number_format

    assert cells(workbook(["name"], change=change)) == [(read,)]


def test_dates_of_east_asian_formats_are_dates():
    def with_format(old):
        return re.sub(rb"(<cellXfs[^>]*><xf[^>]*?) numFmtId=\"0\"", rb'\1 numFmtId="27"', old)

    content = repacked(workbook(["name"], [29284]), [("xl/styles.xml", with_format)])
    assert cells(content) == [(date(1980, 3, 4),)]


def test_escapes_and_gaps_are_filled():
    rows = (
        '<row><c t="inlineStr"><is><t>name</t></is></c><c t="inlineStr"><is><t>b c</t></is></c>'
        '<c t="inlineStr"><is><t>note</t></is></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><r><t>Ada </t></r><r><t>L</t></r></is></c>'
        '<c r="C4" t="inlineStr"><is><t>a_x000D_\n_x0000_b_x005F_x0041_</t></is></c></row>'
        '<row r="9"><c r="B9" t="inlineStr"><is><t>x</t></is></c></row>'
    )
    assert list(table(sheet_of(rows)).rows) == [
        Row(4, ("Ada L", "", "a\n_x0000_b_x0041_")),
        Row(9, ("", "x", "")),
    ]


def test_shared_text_is_read_without_its_readings():
    texts = (
        "<si><t>name</t></si><si><r><t>東京</t></r><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"
    )
    rows = '<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>'
    assert cells(sheet_of(rows, texts)) == [("東京",)]


def test_each_visible_sheet_is_a_table():
    book = openpyxl.Workbook()
    book.active.title = "Clients"
    book.active.append(["name", "phone"])
    book.active.append(["Ada"])
    book.active.append(["Bo"])
    book.active.merge_cells("A3:B3")
    book.active.row_dimensions[2].hidden = True
    book.create_sheet("Empty")
    book.create_sheet("More").append(["name"])
    book["More"].append(["Cy"])
    book.create_sheet("Old").append(["name"])
    book["Old"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    hidden = "Hidden sheet left out: Old"
    assert [(one.name, one.count, one.notes) for one in open_table(file, "x.xlsx")] == [
        (
            "Clients",
            2,
            (
                "Merged cells: only the first of each holds anything",
                "1 hidden row is read too",
                hidden,
            ),
        ),
        ("More", 1, (hidden,)),
    ]


def test_text_stays_text_far_down():
    rows = [*([1] * 1500), "F"]
    assert [row[0] for row in cells(workbook(["sex"], *([one] for one in rows)))] == [
        *(["1"] * 1500),
        "F",
    ]


DAMAGED = (
    "x.xlsx is damaged, or no spreadsheet. Open it in a spreadsheet program and save it again as"
    " .xlsx."
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            archive(("xl/vbaProject.bin", b"x")),
            "x.xlsx holds macros. Save it as .xlsx, without them.",
        ),
        (
            archive(("xl/workbook.bin", b"x")),
            "x.xlsx is a binary workbook (.xlsb). Save it as .xlsx.",
        ),
        (archive(("content.xml", b"x")), "x.xlsx is no .xlsx. Save it as .xlsx or as CSV."),
        (archive(("word/document.xml", b"x")), "x.xlsx is a Word document, no table."),
        (
            archive(("Index/Document.iwa", b"x")),
            "x.xlsx is a Numbers file. Export it as .xlsx or CSV.",
        ),
        (archive(("a.jpg", b"x")), DAMAGED),
        (io.BytesIO(workbook(["name"], ["Ada"])[:-100]), DAMAGED),
        (io.BytesIO(sheet_of(HEAD + "<row>")), DAMAGED),
        (io.BytesIO(sheet_of("<a>" * 40 + "</a>" * 40)), DAMAGED),
        (io.BytesIO(sheet_of(HEAD + '<row r="1"></row>')), DAMAGED),
        (io.BytesIO(sheet_of(HEAD + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>')), DAMAGED),
        (
            io.BytesIO(
                repacked(
                    workbook(["name"], ["Ada"]),
                    [(SHEET, lambda old: b'<!DOCTYPE worksheet [<!ENTITY a "b">]>' + old)],
                )
            ),
            DAMAGED,
        ),
        (
            io.BytesIO(
                repacked(
                    workbook(["name"], ["Ada"]),
                    [
                        (
                            "xl/workbook.xml",
                            lambda old: b'<!DOCTYPE workbook [<!ENTITY a "b">]>' + old,
                        )
                    ],
                )
            ),
            DAMAGED,
        ),
        (
            io.BytesIO(workbook(["name"], ["Ada", 1])),
            "Row 2 goes on to column B, but the headings in row 1 end with column A.",
        ),
        (
            io.BytesIO(workbook([f"h {n}x" for n in range(400)])),
            "Row 1 has 400 headings; at most 300 can be read.",
        ),
        (
            io.BytesIO(
                sheet_of(
                    HEAD + '<row r="2"><c r="A2" t="inlineStr"><is><t>'
                    f"{'ab' * 50_001}</t></is></c></row>"
                )
            ),
            "Row 2, column A has more than 100,000 characters. Is a quotation mark missing?",
        ),
        (io.BytesIO(workbook(["name"])), "x.xlsx has no rows below its headings."),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content, why):
    with pytest.raises(UnreadableFileError) as refused:
        open_table(content, "x.xlsx")
    assert str(refused.value) == why


def test_what_would_unpack_to_too_much_is_refused_unread(monkeypatch):
    bomb = archive(("xl/worksheets/sheet1.xml", b"0" * 2_000_000))
    monkeypatch.setattr(xlsx, "RATIO_COUNTS_FROM", 1_000_000)
    with pytest.raises(UnreadableFileError) as refused:
        open_table(bomb, "x.xlsx")
    assert str(refused.value) == "x.xlsx would unpack to more than any table needs (2 MB)."


def test_a_part_that_lies_about_its_size_gives_no_more_than_it_says():
    """The directory says 100 bytes: no more are unpacked, and the sum over them is wrong."""
    content = bytearray(workbook(["name"], ["Ada"]))
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    with pytest.raises(UnreadableFileError, match=re.escape(DAMAGED)):
        open_table(io.BytesIO(bytes(content)), "x.xlsx")


def test_a_password_is_named():
    content = bytearray(workbook(["name"], ["Ada"]))
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = content.index(sign)
        content[start + place] |= 1
    with pytest.raises(UnreadableFileError, match="is protected by a password"):
        open_table(io.BytesIO(bytes(content)), "x.xlsx")
