"""Tables as files: nothing altered, nothing calculated, nothing lost, and no memory taken."""

import csv
import io
import tempfile
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from consultations.exchange import spreadsheets
from consultations.exchange.spreadsheets import LONGEST_TEXT, csv_rows, xlsx_file
from consultations.trust.cells import FORMULA

SUMMER = datetime(2026, 7, 1, 8, 30, 59, tzinfo=UTC)  # 9:30 in London


def read_csv(rows):
    data = b"".join(csv_rows(["Value"], rows))
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:]


def cells_of(rows):
    """Each sheet's cells below its headings."""
    with xlsx_file(["Value"], rows) as file:
        sheets = load_workbook(file).worksheets
        return [[cell for row in sheet.iter_rows(min_row=2) for cell in row] for sheet in sheets]


def cell_of(value):
    [[cell]] = cells_of([[value]])
    return cell


def test_csv_is_marked_as_utf_8_and_ends_lines_as_spreadsheets_do():
    assert b"".join(csv_rows(["Név"], [["آدا"]])) == "\ufeffNév\r\nآدا\r\n".encode()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (-5, "-5"),
        (Decimal("-40.00"), "-40.00"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 5, 3), "2026-05-03"),
        (SUMMER, "2026-07-01 09:30"),
        ("+44 20 7946 0000", "'+44 20 7946 0000"),
        ('a "b", c\nd', 'a "b", c\nd'),
    ],
)
def test_value_in_a_csv_file(value, said):
    assert read_csv([["x", value]]) == [["x", said]]


@pytest.mark.parametrize(
    ("value", "kept", "number_format"),
    [
        ("Ada", "Ada", "General"),
        ("007", "007", "General"),
        ("1-2", "1-2", "General"),
        (1064, 1064, "General"),
        (Decimal("120.50"), 120.5, "0.00"),
        (Decimal("-1.250"), -1.25, "0.000"),
        (Decimal("1E+3"), 1000, "0"),
        (Decimal("12345678901234.56"), "12345678901234.56", "General"),
        (10**15, "1000000000000000", "General"),
        (date(2026, 5, 3), datetime(2026, 5, 3), "yyyy-mm-dd"),
        (date(1900, 2, 28), datetime(1900, 2, 28), "yyyy-mm-dd"),
        (date(1899, 12, 31), "1899-12-31", "General"),
        (SUMMER, datetime(2026, 7, 1, 9, 30), "yyyy-mm-dd hh:mm"),
        ("a\x0bb\ufffec", "a\ufffdb\ufffdc", "General"),
        ("a\r\nb", "a\nb", "General"),
    ],
)
def test_value_in_an_xlsx_file(value, kept, number_format):
    cell = cell_of(value)
    assert [cell.value, cell.number_format] == [kept, number_format]


@pytest.mark.parametrize("text", [*(f"{one}1+1" for one in FORMULA if one != "\r"), "=", "#N/A"])
def test_text_is_text_whatever_it_begins_with(text):
    cell = cell_of(text)
    assert [cell.value, cell.data_type] == [text, "s"]


@pytest.mark.parametrize(
    "text",
    ["external:report.xlsx", "internal:Sheet1!A1", "mailto:ann@example.com", "https://x.example"],
)
def test_text_that_looks_like_a_link_is_kept_whole(text):
    long = f"{text} {'a' * 3000}"
    for one in (text, long):
        cell = cell_of(one)
        assert [cell.value, cell.data_type, cell.hyperlink] == [one, "s", None]


@pytest.mark.parametrize("letter", ["a", "\U0001f642"])
def test_text_too_long_for_a_cell_says_so_and_is_whole_in_csv(letter):
    longest = letter * (LONGEST_TEXT // units(letter))
    assert cell_of(longest).value == longest
    cut, bracket, said = cell_of(longest + letter * 2).value.partition(" … ")
    assert said == "(Cut here: too long for a cell. The CSV file has all of it.)"
    assert {*cut} == {letter}
    assert LONGEST_TEXT - 1 <= units(cut + bracket + said) <= LONGEST_TEXT
    assert read_csv([[longest + letter * 2]]) == [[longest + letter * 2]]


def units(text):
    """How long a text is for a spreadsheet program."""
    return len(text.encode("utf-16-le")) // 2


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 4)
    sheets = cells_of([[number] for number in range(7)])
    assert [[cell.value for cell in cells] for cells in sheets] == [[0, 1, 2], [3, 4, 5], [6]]


def test_no_row_leaves_the_headings():
    assert b"".join(csv_rows(["Value"], [])).decode("utf-8-sig") == "Value\r\n"
    assert cells_of([]) == [[]]


def test_what_breaks_half_way_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = []

    def rows():
        yield ["Ada"]
        kept.extend(tmp_path.iterdir())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        xlsx_file(["Value"], rows())
    assert [len(kept), *tmp_path.iterdir()] == [1]


def drain_csv(rows):
    for _chunk in csv_rows(["Name", "Day"], rows):
        pass


def drain_xlsx(rows):
    xlsx_file(["Name", "Day"], rows).close()


@pytest.mark.parametrize("write", [drain_csv, drain_xlsx])
def test_memory_does_not_grow_with_the_rows(write, monkeypatch):
    monkeypatch.setattr(spreadsheets, "AT_ONCE", 4096)

    def peak(count):
        tracemalloc.start()
        write([f"Row {number}", date(2026, 5, 3)] for number in range(count))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)  # what is made once
    assert peak(1200) < 1.2 * peak(300)
