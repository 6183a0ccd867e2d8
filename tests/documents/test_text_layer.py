"""What is printed can be read by machines, in seven scripts and by three readers of another make.

Where a reader fails it is pinned here and said in the README, so that nobody reads names back from
a PDF: they are kept beside it.
"""

from datetime import date

import pytest

from consultations.documents.sheet import Section, row, sheet
from consultations.documents.typesetting import pdf_of

from .reading import by_pdfminer, by_poppler, by_pypdf, words

pytestmark = pytest.mark.django_db


DAY = date(2026, 11, 30)
NAMES = {
    "Latin": "Zoë Łukasik-Ångström",
    "Vietnamese": "Nguyễn Thị Hằng",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Щербакова Їжакевич",
    "Arabic": "علاء الأحمد",
    "Hebrew": "שרה כהן לוי",
    "Chinese, simplified": "张伟",
    "Chinese, traditional": "黃龍",
    "Korean": "김민지 남궁",
}
FROM_RIGHT_TO_LEFT = ("Arabic", "Hebrew")
READERS = {"poppler": by_poppler, "pdfminer": by_pdfminer, "pypdf": by_pypdf}


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """A page with a line for each name, between words that say where it begins and ends."""
    rows = [row(f"Name{n}", f"Begins {name} ends{n}") for n, name in enumerate(NAMES.values())]
    with django_db_blocker.unblock():
        data = sheet(
            title="Names", identity="", day=DAY, number="D-1", sections=[Section("All", rows=rows)]
        )
    return pdf_of("paper", data)


def found(reader, content, script):
    """What a reader finds in the place of the name in this script."""
    n = [*NAMES].index(script)
    text = words(READERS[reader](content))
    return text.partition(f"ends{n}")[0].rpartition("Begins")[2].strip()


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("reader", READERS)
def test_names_are_read_in_order(reader, script, printed):
    if script in FROM_RIGHT_TO_LEFT and reader != "poppler":
        pytest.skip("see the next tests")
    assert found(reader, printed, script) == NAMES[script]


@pytest.mark.parametrize("script", FROM_RIGHT_TO_LEFT)
def test_pdfminer_reads_from_left_to_right(script, printed):
    assert found("pdfminer", printed, script) == NAMES[script][::-1]


@pytest.mark.parametrize("script", FROM_RIGHT_TO_LEFT)
def test_pypdf_reads_words_from_left_to_right(script, printed):
    assert found("pypdf", printed, script) == " ".join(reversed(NAMES[script].split()))


@pytest.mark.parametrize("reader", READERS)
def test_rows_are_read_one_after_the_other(reader):
    rows = [row(f"Question {n}", f"Answer {n}") for n in range(9)]
    sections = [Section("One", rows=rows)]
    data = sheet(title="Rows", identity="", day=DAY, number="D-1", sections=sections)
    text = words(READERS[reader](pdf_of("paper", data)))
    assert " ".join(f"{one['label']}: {one['value']}" for one in rows) in text


@pytest.mark.parametrize(("reader", "by_row"), [("poppler", 0), ("pdfminer", 0), ("pypdf", 9)])
def test_tables_are_read_by_columns_but_for_pypdf(reader, by_row):
    """Of ours the treatment register alone is one; `pdftotext -layout` reads it row by row too."""
    cells = [[f"Day {n}", f"A longer text about {n}", f"End {n}"] for n in range(9)]
    table = {"heads": ["Day", "What", "Who"], "rows": cells}
    sections = [Section("One", table=table)]
    data = sheet(title="Table", identity="", day=DAY, number="D-1", sections=sections)
    text = words(READERS[reader](pdf_of("paper", data)))
    assert sum(" ".join(one) in text for one in cells) == by_row


@pytest.mark.parametrize("name", ["علاء", "لانا", "الأحمد"])
def test_arabic_ligatures_are_whole_words(name):
    """Of lam and alef, some fonts leave the one or the other out of the text."""
    data = sheet(title="Names", identity=name, day=DAY, number="D-1")
    assert name in words(by_poppler(pdf_of("paper", data)))


@pytest.mark.parametrize(("script", "name"), [("Thai", "สมชาย"), ("Devanagari", "राम शर्मा")])
def test_other_scripts_are_drawn(script, name):
    """And read by poppler; some readers double letters of theirs."""
    data = sheet(title="Names", identity=name, day=DAY, number="D-1")
    assert name in words(by_poppler(pdf_of("paper", data)))
