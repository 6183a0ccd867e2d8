"""Contacts of phones and programs: vCard 2.1, 3 and 4."""

import io

import pytest

from consultations.exchange.reading.columns import match
from consultations.exchange.reading.people import patient_values
from consultations.exchange.reading.tables import Failure, UnreadableFileError, open_table


def card(*lines, version="3.0"):
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def contacts(text, encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    (table,) = open_table(io.BytesIO(content), "contacts.vcf")
    return table


def people(text, encoding="utf-8"):
    """What each card fills in."""
    table = contacts(text, encoding)
    return [
        {key: cell for key, cell in zip(table.headings, row.cells, strict=True) if cell}
        for row in table.rows
    ]


def test_version_3_folded_and_escaped():
    text = card(
        "N:Lovelace;Ada;Augusta;;",
        "FN:Ada Lovelace",
        "item1.TEL;TYPE=CELL:07700 900001",
        "item1.X-ABLabel:mobile",
        "TEL;TYPE=WORK,FAX:020 7946 0009",
        "TEL;TYPE=HOME,VOICE:020 7946 0000",
        "EMAIL;TYPE=INTERNET:other@example.com",
        "EMAIL;TYPE=INTERNET,PREF:ada@example.com",
        "ADR;TYPE=HOME:;;1 Example Street\\, Flat 2;London;;N1 1AA;UK",
        "BDAY:1980-03-05",
        "NOTE:First line\\nsecond\\, third\\; and a very",
        "  long end",
        "NICKNAME:Addie",
        "UID:abc-1",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ",
        " SkZJRgABAQAAAQABAAD",
    )
    assert people(text) == [
        {
            "family_name": "Lovelace",
            "given_name": "Ada",
            "middle_name": "Augusta",
            "preferred_name": "Addie",
            "date_of_birth": "1980-03-05",
            "mobile_phone": "07700 900001",
            "home_phone": "020 7946 0000",
            "email": "ada@example.com ::: other@example.com",
            "address": "1 Example Street, Flat 2\nLondon N1 1AA\nUK",
            "medical_notes": "First line\nsecond, third; and a very long end",
            "other_number": "abc-1",
        }
    ]


def test_version_4_with_addresses_for_phones():
    text = card(
        "FN:Ada Lovelace",
        "N:Lovelace;Ada;;;",
        'TEL;VALUE=uri;PREF=2;TYPE="voice,home":tel:+44-20-7946-0000;ext=12',
        'TEL;VALUE=uri;PREF=1;TYPE="voice,cell":tel:+447700900001',
        "EMAIL;PREF=2:other@example.com",
        "EMAIL;PREF=1:mailto:ada@example.com",
        "BDAY:19800305",
        "GENDER:F;she",
        version="4.0",
    )
    assert people(text) == [
        {
            "family_name": "Lovelace",
            "given_name": "Ada",
            "date_of_birth": "1980-03-05",
            "sex": "female",
            "mobile_phone": "+447700900001",
            "home_phone": "+44-20-7946-0000 ext. 12",
            "email": "ada@example.com ::: other@example.com",
        }
    ]


def test_version_2_1_in_its_encodings():
    text = card(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Zo=C3=AB;;;",
        "TEL;CELL;PREF:07700 900001",
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Gr=FC=",
        "=DFe=0D=0A=",
        "zweite Zeile",
        "ORG;ENCODING=BASE64:w7w=",
        "AGENT:",
        "BEGIN:VCARD",
        "N:Other;Person",
        "END:VCARD",
        "EMAIL;INTERNET:zoe@example.com",
        version="2.1",
    )
    assert people(text) == [
        {
            "family_name": "Müller",
            "given_name": "Zoë",
            "mobile_phone": "07700 900001",
            "email": "zoe@example.com",
            "medical_notes": "Grüße\r\nzweite Zeile".replace("\r", ""),
        }
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_come_in_several_encodings(encoding):
    assert people(card("N:Müller;Zoë"), encoding) == [
        {"family_name": "Müller", "given_name": "Zoë"}
    ]


def test_a_letter_may_be_folded_in_the_middle():
    text = card("N:M\xc3\r\n \xbcller;Zo").encode("latin-1")
    assert people(text) == [{"family_name": "Müller", "given_name": "Zo"}]


@pytest.mark.parametrize(
    ("line", "born"),
    [
        ("BDAY:--0305", "--0305"),
        ("BDAY:--03-05", "--03-05"),
        ("BDAY:---05", "---05"),
        ("BDAY:1980", "1980"),
        ("BDAY:1980-03", "1980-03"),
        ("BDAY:1604-03-05", "--03-05"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-05", "--03-05"),
        ("BDAY;X-APPLE-OMIT-YEAR=1980:1980-03-05", "--03-05"),
        ("BDAY;VALUE=text:circa 1980", "circa 1980"),
    ],
)
def test_a_birthday_that_is_no_whole_date_is_none(line, born):
    """As it stands, for people to say why: neither a day nor a year is made up."""
    cells = {"family_name": "Lovelace", "given_name": "Ada", "date_of_birth": born}
    assert people(card("N:Lovelace;Ada", line)) == [cells]
    assert patient_values(cells)[0]["date_of_birth"] is None


@pytest.mark.parametrize(
    "line",
    [
        "BDAY:1980-03-05",
        "BDAY;VALUE=date:19800305",
        "BDAY:1980-03-05T00:00:00Z",
        "BDAY;VALUE=DATE-AND-OR-TIME:19800305T102200",
    ],
)
def test_a_whole_date_is_the_birth_date(line):
    assert people(card("N:Lovelace;Ada", line))[0]["date_of_birth"] == "1980-03-05"


def test_a_date_in_another_order_is_asked_about():
    assert people(card("N:Lovelace;Ada", "BDAY:05/03/1980"))[0]["date_of_birth"] == "05/03/1980"


def test_several_names_stand_between_commas():
    (cells,) = people(card("N:Lovelace;Ada,Augusta;King\\,Noel;;"))
    assert (cells["given_name"], cells["middle_name"]) == ("Ada Augusta", "King,Noel")


def test_a_day_that_is_none_is_refused_where_days_are_read():
    (cells,) = people(card("N:Lovelace;Ada", "BDAY:1980-02-30"))
    _values, errors = patient_values(cells)
    assert errors == {"date_of_birth": "“1980-02-30” is no day: that month has no day 30."}


def test_a_card_that_cannot_be_read_is_listed_by_its_number():
    text = "".join(
        [
            card("N:One;Anna"),
            card("TEL:07700 900001"),
            card("N:Three;Anna", "this is no property"),
            card("N;CHARSET=X-KLINGON:Four;Anna"),
            card("N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-16LE:=41"),
            card("KIND:group", "FN:Family"),
            card("N:Seven;Anna").replace("END:VCARD\r\n", ""),
            card("N:Eight;Anna", "NOTE:" + "x" * 500_000),
            card("N:Nine;Anna"),
            "BEGIN:VCARD\r\nN:Ten;Anna\r\n",
        ]
    )
    table = contacts(text)
    assert [(row.number, row.cells[0]) for row in table.rows] == [(1, "One"), (9, "Nine")]
    assert table.failed == (
        Failure(2, "The card has no name."),
        Failure(3, "“this is no property” cannot be read."),
        Failure(4, "The charset X-KLINGON is not known."),
        Failure(5, "The card is not in UTF-16LE, as it says."),
        Failure(6, "The card is not of a person."),
        Failure(7, "The card has no end."),
        Failure(8, "NOTE is longer than any answer."),
        Failure(10, "The card has no end."),
    )


def test_contacts_are_patients():
    matching = match(contacts(card("N:Lovelace;Ada")))
    assert (matching.target, matching.unmatched, matching.missing) == ("patients", {}, ())


def test_a_whole_name_stands_for_its_parts():
    assert people(card("N:;;;;", "FN:Ada Augusta Lovelace")) == [
        {"family_name": "Lovelace", "given_name": "Ada Augusta"}
    ]


def test_a_line_without_end_is_refused():
    with pytest.raises(UnreadableFileError, match="does not end"):
        contacts("BEGIN:VCARD\nNOTE:" + "x" * 1_000_001)
