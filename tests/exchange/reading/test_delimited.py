"""CSV as spreadsheet programs and other systems write it."""

import io

import pytest

from consultations.exchange.reading import base
from consultations.exchange.reading.tables import Row, UnreadableFileError, open_table
from consultations.exchange.spreadsheets import csv_rows

from .files import cells, table

ROWS = "Nachname{0}Vorname{0}Größe{0}\r\nMüller{0}Zoë{0}1,5\r\n"

UNSAID = (
    " | The file does not say its encoding: in Windows-1252 it has “Größe” and “Müller”. If that is"
    " wrong, give this import up, and choose another encoding with the file"
)


@pytest.mark.parametrize(
    ("encoding", "delimiter", "note"),
    [
        ("utf-8", ",", "UTF-8, separated by commas"),
        ("utf-8-sig", ";", "UTF-8, separated by semicolons"),
        ("utf-16", "\t", "UTF-16, separated by tabs"),
        ("utf-16-le", ";", "UTF-16, separated by semicolons"),
        ("utf-16-be", ";", "UTF-16, separated by semicolons"),
        ("cp1252", ";", f"Windows-1252, separated by semicolons{UNSAID}"),
        ("cp1252", "|", f"Windows-1252, separated by upright bars{UNSAID}"),
    ],
)
def test_encoding_and_delimiter_are_found(encoding, delimiter, note):
    number = '"1,5"' if delimiter == "," else "1,5"
    read = table(ROWS.format(delimiter).replace("1,5", number).encode(encoding))
    assert read.headings == ("Nachname", "Vorname", "Größe")
    assert list(read.rows) == [Row(2, ("Müller", "Zoë", "1,5"))]
    assert " | ".join(read.notes) == note


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_ends_a_row(end):
    assert cells(end.join(["first name,note", 'Ada,"a\r\nb"', "Bo,c"])) == [
        ("Ada", "a\nb"),
        ("Bo", "c"),
    ]


def test_rows_are_numbered_as_in_a_spreadsheet_program():
    read = table('sep=;\nname;note\n\nAda;"two\nlines"\n;\nBo;x\n')
    assert [(row.number, row.cells[0]) for row in read.rows] == [(3, "Ada"), (5, "Bo")]
    assert read.count == 2


def test_rows_can_be_gone_through_again_and_at_the_same_time():
    read = table("name,phone\nAda,1\nBo,2\n")
    pairs = [(one.cells[0], other.cells[0]) for one in read.rows for other in read.rows]
    assert pairs == [("Ada", "Ada"), ("Ada", "Bo"), ("Bo", "Ada"), ("Bo", "Bo")]


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("email\na@example.com\n", ("email",)),
        ("first name\nJean|Luc\n", ("first name",)),
        ("Last, first;first name;dob\nx;y;z\n", ("Last, first", "first name", "dob")),
        ("sep=|\na;b|c;d\n1|2\n", ("a;b", "c;d")),
        ('"sep=;"\nlast name;x,y\n1;2\n', ("last name", "x,y")),
    ],
)
def test_delimiter_is_the_one_named_or_that_gives_headings_we_know(text, headings):
    assert table(text).headings == headings


def test_short_rows_are_filled_and_blank_columns_without_heading_left_alone():
    assert cells("a,,b,\n1\n1,,2,\n") == [("1", "", ""), ("1", "", "2")]


def test_what_kept_a_program_from_calculating_is_taken_off():
    text = 'a;b;c\n\'+44 20;\'-5;="007"\n\'tis;\'\';"=""a""b"\n'
    assert cells(text) == [("+44 20", "-5", "007"), ("'tis", "''", '="a"b')]


@pytest.mark.parametrize("text", ["=x", "'=x", "''=x", "'tis", "''", '="007"', "'", "-5", "''+1'"])
def test_text_comes_back_as_it_went_out(text):
    [read] = cells(b"".join(csv_rows(["name", "notes"], [["A", text]])))
    assert read == ("A", text)


def test_text_stays_text_far_down():
    rows = [*(["1"] * 3000), "F"]
    assert [row[0] for row in cells("\n".join(["sex", *rows]))] == rows


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "x.csv has no rows below its headings."),
        (b"\n\n", "x.csv has no rows below its headings."),
        (b"first name,last name\n", "x.csv has no rows below its headings."),
        (b"name,,phone\nAda,x,1\n", "Column B has no heading in row 1."),
        (
            b"Phone,name, phone\n1,2,3\n",
            "Columns A and C are both headed “phone”. Give each its own heading.",
        ),
        (
            b"Ada,ada@example.com\nBo,bo@example.com\n",
            "Row 1 has no headings: “ada@example.com” in column B is an answer. Put the headings"
            " above it.",
        ),
        (
            b"Ada,1980-03-05\nBo,1980-03-06\n",
            "Row 1 has no headings: “1980-03-05” in column B is an answer. Put the headings above"
            " it.",
        ),
        (
            b"name,phone\nAda,1\nBo,2,3\n",
            "Row 3 goes on to column C, but the headings in row 1 end with column B.",
        ),
        (
            ",".join(f"h{n}x" for n in range(400)).encode(),
            "Row 1 has 400 headings; at most 300 can be read.",
        ),
        (
            b'name,phone\n"Ada "Ann" L",1\n',
            "Row 2 has quotation marks that do not go together, or more than 100,000 characters in"
            " one cell.",
        ),
        (
            b'name,phone\nAda,1\n"Bo,2\nCy,3\n',
            "Row 3 has quotation marks that do not go together, or more than 100,000 characters in"
            " one cell.",
        ),
        (
            b"name,phone\nAda," + b"x" * 100_001,
            "Row 2, column B has more than 100,000 characters. Is a quotation mark missing?",
        ),
        (
            b"name\n" + b"x" * 2_000_001,
            "Line 2 does not end within 2,000,000 characters. This is no table.",
        ),
        (
            b"name,phone\nAda,\x001\n",
            "Line 2 holds a character that no text has. This is not a text file.",
        ),
        (
            "name\nZoë\n".encode() + b"M\xfcller\n",
            "Line 3 is not in UTF-8, as the rest of the file seems to be. Save the file again as"
            " “CSV UTF-8”.",
        ),
        (
            b"name\nAda\nM\x81\x8d\xff\xfe\n",
            "Line 3 is not in UTF-8, and no other encoding that is known makes names of it. Save"
            " the file again as “CSV UTF-8”.",
        ),
        (
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x81",
            "Line 1 holds a character that no text has. This is not a text file.",
        ),
        (b"%PDF-1.7\n", "x.csv is a PDF, no table."),
        (
            b"\n<html><table>",
            "x.csv is a web page. Open it in a spreadsheet program and save it as .xlsx.",
        ),
        (b'<?xml version="1.0"?><Workbook>', "x.csv is XML. Save it as .xlsx or as CSV."),
        (
            b"\xd0\xcf\x11\xe0" + b"\0" * 600,
            "x.csv is in the format of Excel before 2007. Save it as .xlsx.",
        ),
        (
            b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "x.csv is protected by a password.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content, why):
    with pytest.raises(UnreadableFileError) as refused:
        open_table(io.BytesIO(content), "x.csv")
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("limit", "value", "why"),
    [
        ("MOST_ROWS", 2, "file.csv has more than 2 rows. Split it into several files."),
        ("LAST_ROW", 3, "There are more than 1,048,576 rows."),
    ],
)
def test_too_many_rows_are_refused(monkeypatch, limit, value, why):
    monkeypatch.setattr(base, limit, value)
    with pytest.raises(UnreadableFileError) as refused:
        table("name,phone\nAda,1\nBo,2\nCy,3\n")
    assert str(refused.value) == why


def test_too_large_a_file_is_refused(monkeypatch):
    monkeypatch.setattr("consultations.exchange.reading.tables.MOST_BYTES", 3)
    with pytest.raises(UnreadableFileError, match="more than 0 MB"):
        table("name\nAda\n")


def test_memory_stays_flat(tmp_path):
    """A row is let go before the next: four times the rows take no more."""
    import tracemalloc

    def peak(rows):
        path = tmp_path / f"{rows}.csv"
        path.write_text("family name,given name,note\n" + 'Müller,Zoë,"a longer note"\n' * rows)
        with path.open("rb") as file:
            tracemalloc.start()
            (read,) = open_table(file, path.name)
            count = sum(1 for _row in read.rows)
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert count == rows
        return most

    assert peak(16_000) < 1.2 * peak(4000)
