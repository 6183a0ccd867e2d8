"""Typesetting: what stops a letter is said in words, and nothing of another letter stays behind."""

import io
import re
import threading
import zlib
from datetime import date

import pypdf
import pytest
import typst

from consultations.documents import typesetting
from consultations.documents.sheet import Section, row, sheet
from consultations.documents.typesetting import CannotTypesetError, cleaned, pdf_of

from .reading import by_poppler, placed, words

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 30)


def page(**more):
    return sheet(**{"title": "Title", "identity": "Ana", "day": DAY, "number": "D-1"} | more)


def text_of(**more):
    return words(by_poppler(pdf_of("paper", page(**more))))


def test_document_claims_what_it_keeps():
    """PDF/A-2a and PDF/UA-1: tagged, with a title and a language."""
    reader = pypdf.PdfReader(io.BytesIO(pdf_of("paper", page())))
    root, info = reader.trailer["/Root"], reader.metadata
    claims = root["/Metadata"].get_object().get_data().decode()
    told = {
        "title": info.title,
        "language": root["/Lang"],
        "tagged": bool(root["/MarkInfo"]["/Marked"]),
        "part": re.search(r"pdfaid:part>(.)<", claims)[1],
        "conformance": re.search(r"pdfaid:conformance>(.)<", claims)[1],
        "ua": re.search(r"pdfuaid:part>(.)<", claims)[1],
    }
    assert told == {
        "title": "Title",
        "language": "en-GB",
        "tagged": True,
        "part": "2",
        "conformance": "A",
        "ua": "1",
    }


def test_language_is_that_of_the_words(settings):
    settings.LANGUAGE_CODE = "vi"
    data = page()
    assert (data["language"], data["region"]) == ("vi", None)
    reader = pypdf.PdfReader(io.BytesIO(pdf_of("paper", data)))
    assert reader.trailer["/Root"]["/Lang"] == "vi"


def test_table_has_heads_and_they_are_read_with_it():
    table = {"heads": ["When", "What"], "rows": [["Monday", "Face"]]}
    content = pdf_of("paper", page(sections=[Section("Card", table=table)]))
    assert structure_of(content) >= {"/H1", "/H2", "/Table", "/TH", "/TD", "/THead"}


def structure_of(content):
    """The kinds of tags in a PDF, those in its compressed streams of objects too."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    opened = b"".join(filter(None, map(inflated, streams)))
    return {f"/{kind.decode()}" for kind in re.findall(rb"/S\s*/([A-Z]\w*)", content + opened)}


def inflated(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("5\t10", "5 10"),
        ("a\u2028b", "a b"),
        ("a\u2029b", "a b"),
        ("a\x0bb", "a b"),
        ("a\x00b", "ab"),
        ("\ufeffAna", "Ana"),
        ("a\r\nb", "a\nb"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_text_is_cleaned_before_it_is_printed(typed, printed):
    assert cleaned({"label": typed, "rows": [typed]}) == {"label": printed, "rows": [printed]}


def test_what_was_typed_is_no_markup():
    typed = '#eval("1+1") *bold* $x$ = Head \\ <label> @ref // gone'
    assert typed in text_of(sections=[Section("", typed)])


def test_character_that_no_font_has_is_named_with_its_place():
    sections = [Section("Patient", rows=[row("Name", "Ana 𐎀 Lee"), row("Phone", "1")])]
    with pytest.raises(CannotTypesetError) as refused:
        pdf_of("paper", page(sections=sections))
    assert refused.value.messages == [
        "“𐎀” (U+10380) cannot be printed. It stands in: “Name: Ana 𐎀 Lee”. Write it there in a "
        "script that can be printed: Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Thai, "
        "Chinese, Japanese kana or Korean. For another script, whoever looks after the server can "
        "add a font."
    ]


def test_letter_after_a_refused_one_is_its_own():
    """A compiler keeps what it was given last."""
    with pytest.raises(CannotTypesetError):
        text_of(title="Secret 😀")
    assert "Secret" not in text_of(title="Next")


def test_whatever_else_stops_the_print_is_said_in_words_and_logged(caplog):
    lost = {"path": "/nowhere/photo.jpg", "alt": "Face"}
    with pytest.raises(CannotTypesetError, match="This cannot be printed"):
        pdf_of("letter", page(photos=[lost]))
    assert "file not found" in caplog.text


def test_threads_do_not_share_a_compiler():
    """One that is shared says "Already borrowed", or prints the letter of the other."""
    wrong, texts = [], [f"Patient {n}" for n in range(8)]

    def draw(name):
        data = page_of[name]
        for _time in range(5):
            try:
                text = words(by_poppler(pdf_of("paper", data)))
            except Exception as error:
                wrong.append(repr(error))
            else:
                wrong.extend([text] if any(one in text for one in texts if one != name) else [])

    page_of = {name: page(title=name) for name in texts}
    threads = [threading.Thread(target=draw, args=[name]) for name in texts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_rows_keep_away_from_what_stands_above_them():
    rows = [row("First", "1"), row("Second", "2")]
    sections = [Section("", rows=rows), Section("Wishes", "None", rows=[row("Third", "3")])]
    tops = {}
    for word, top, bottom in placed(pdf_of("paper", page(sections=sections))):
        tops.setdefault(word, (top, bottom))
    between = tops["Second:"][0] - tops["First:"][1]
    assert tops["First:"][0] - tops["D-1"][1] > between + 4
    assert tops["Third:"][0] - tops["None"][1] > between + 4


def test_text_between_two_of_the_other_direction_stays_in_its_place():
    sections = [Section("", "Seen by ليلى الهاشمي, 56, and by שרה כהן, 57.")]
    assert "Seen by ليلى الهاشمي, 56, and by שרה כהן, 57." in text_of(sections=sections)


def test_text_of_many_lines_from_right_to_left_is_broken():
    told = "علاء الأحمد " * 60
    assert words(told) in text_of(sections=[Section("", told)])


def test_fonts_are_our_own():
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[typesetting.HERE / "fonts"],
    )
    template = (typesetting.TEMPLATES / "sheet.typ").read_text()
    named = re.search(r"#let fonts = \((.*?)\)", template, re.DOTALL)[1]
    assert set(re.findall(r'"(.+?)"', named)) == set(fonts.families())


NAME = "Wolfeschlegelsteinhausenbergerdorff"


@pytest.mark.parametrize("name", [(NAME * 6)[:200], " ".join([NAME] * 6)[:200], "王" * 200])
def test_name_of_200_characters_is_printed_whole(name):
    text = by_poppler(pdf_of("letter", page(to=[name], identity=name)))
    assert name.replace(" ", "") in "".join(text.split())
