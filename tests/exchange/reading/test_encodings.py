"""The encoding of a CSV file that does not say it: told by its letters, or asked."""

import io

import pytest

from consultations.exchange.reading.encodings import told
from consultations.exchange.reading.tables import UnreadableFileError, open_table

NAMES = {
    "cp1252": "Zoë Müller|José García|Þórður Óðinsson|Kjærgård|„Kalli“ Weiß|Mª José O’Brien|PEÑA",
    "mac_roman": "Zoë Müller|José García|René Lefèvre|Åsa Køhler",
    "cp850": "Zoë Müller|José García|René Lefèvre",
    "cp1250": "Łukasz Wójcik|Jiří Dvořák|Černý",
    "cp1251": "Иван Петров|Щербаков|Юлия Ким",
    "koi8_r": "Иван Петров|Щербаков",
    "cp866": "Иван Петров|Щербаков",
    "cp1253": "Γιώργος Παπαδόπουλος|Άννα|Ελένη",
    "cp1256": "محمد أحمد|علاء",
    "cp932": "太郎 山田|佐藤 ゆき",
    "gbk": "王伟 李娜|张敏",
    "big5": "陳大文 李小明",
}


def of(names, codec):
    """A file of people with these names, its one table, or why it is refused."""
    rows = "".join(f"{name},13/05/1980\n" for name in names.split("|"))
    return io.BytesIO(f"name,date of birth\n{rows}".encode(codec))


@pytest.mark.parametrize("codec", NAMES)
def test_encoding_is_told_by_whole_words(codec):
    [table] = open_table(of(NAMES[codec], codec), "x.csv")
    assert "|".join(row.cells[0] for row in table.rows) == NAMES[codec]


@pytest.mark.parametrize("name", [*NAMES["cp1252"].split("|"), "Böhm", "Ñúñez", "McÉvoy", "5 €"])
def test_one_western_name_is_enough_for_windows(name):
    assert [one.codec for one in told([name.encode("cp1252")])] == ["cp1252"]


@pytest.mark.parametrize("name", ["Gdańsk", "Kovačić", "Szczepański", "Petrović"])
def test_one_central_european_name_is_not_taken_for_a_western_one(name):
    found = [one.codec for one in told([name.encode("cp1250")])]
    assert ("cp1250" in found, "cp1252" in found) == (True, False)


def test_what_may_be_read_in_two_ways_is_refused_until_somebody_says_which():
    with pytest.raises(UnreadableFileError) as refused:
        open_table(of("Köhler", "mac_roman"), "x.csv")
    assert str(refused.value) == (
        "The file does not say its encoding, and may have “Kšhler” in Windows-1252, or “Köhler” in"
        " Mac Roman. Choose the encoding, or save the file again as “CSV UTF-8”."
    )
    [table] = open_table(of("Köhler", "mac_roman"), "x.csv", "mac_roman")
    assert [row.cells[0] for row in table.rows] == ["Köhler"]


def test_utf_8_is_never_read_as_what_was_chosen():
    [table] = open_table(of("Köhler", "utf-8"), "x.csv", "mac_roman")
    assert [row.cells[0] for row in table.rows] == ["Köhler"]
