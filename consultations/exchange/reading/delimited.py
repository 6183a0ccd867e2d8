"""CSV of any make: its encoding and delimiter are found, and every field is text."""

import codecs
import csv
import re
from io import TextIOWrapper

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.trust.cells import plain

from .base import LONGEST_CELL, UnreadableFileError, Window, table_of
from .columns import is_known
from .encodings import ENCODINGS, LONGEST, MOST_LINES, example_words, told

DELIMITERS = {
    ",": gettext_lazy("commas"),
    ";": gettext_lazy("semicolons"),
    "\t": gettext_lazy("tabs"),
    "|": gettext_lazy("upright bars"),
}
LONGEST_LINE = 2_000_000  # characters; no row is that long
CHUNK = 1 << 16
NAMED_DELIMITER = re.compile(r'"?sep=(?P<delimiter>[^"\r\n])"?[;,\t|]*[\r\n]*', re.IGNORECASE)
AS_FORMULA = re.compile(r'="(?P<text>[^"]*)"')  # how a number is kept from losing its zeros


def open_delimited(file, name, encoding=""):
    """The table of a CSV file, in a list; empty where there is none. `encoding` is one of
    `encodings.ENCODINGS` for what is neither UTF-8 nor UTF-16, "" where that is to be told."""
    encoding, words, *how = _encoding(file, encoding)
    delimiter = _delimiter(file, encoding)
    notes = [
        _("%(encoding)s, separated by %(delimiter)s")
        % {"encoding": words, "delimiter": DELIMITERS.get(delimiter, delimiter)},
        *how,
    ]
    table = table_of(name, lambda: _records(file, encoding, delimiter), notes)
    return [table] if table else []


def _encoding(file, chosen):
    """The codec of a text file, its name in words, and what it makes of names where the file does
    not say that it is this."""
    start = Window(file).read(4096) or b""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(file, "utf-16", "UTF-16")
    if start.startswith(codecs.BOM_UTF8):
        return _checked(file, "utf-8-sig", "UTF-8")
    for codec, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if len(zeros) > 1 and zeros.count(0) > len(zeros) / 2:
            return _checked(file, codec, "UTF-16")
    if b"\0" in start:
        raise _no_text(start.partition(b"\0")[0].count(b"\n") + 1)
    failed_in, had_accents = _first_failure(file, "utf-8")
    if failed_in is None:
        return "utf-8", "UTF-8"
    if chosen:
        return _taken(file, ENCODINGS[chosen], _lines_beyond_ascii(file))
    if had_accents:
        raise _wrong_encoding(failed_in, "UTF-8")
    lines = _lines_beyond_ascii(file)
    candidates = told(lines)
    if len(candidates) != 1:
        raise _unclear_encoding(failed_in, candidates, lines)
    return _taken(file, candidates[0], lines)


def _taken(file, encoding, lines):
    codec, words = _checked(file, encoding.codec, encoding.words)
    examples = _quoted(example_words(lines, codec))
    note = _(
        "The file does not say its encoding: in %(encoding)s it has %(examples)s. If that is"
        " wrong, give this import up, and choose another encoding with the file"
    )
    return codec, words, note % {"encoding": words, "examples": examples}


def _quoted(words):
    return _(" and ").join(f"“{word}”" for word in words) or _("no such names")


def _unclear_encoding(line, candidates, lines):
    """The error of a file that may be read in several ways, or makes no words in any."""
    if not candidates:
        words = _(
            "Line %(line)s is not in UTF-8, and no other encoding that is known makes names of it."
            " Save the file again as “CSV UTF-8”."
        )
        return UnreadableFileError(words % {"line": line})
    readings = [
        _("%(examples)s in %(encoding)s")
        % {"examples": _quoted(example_words(lines, one.codec)), "encoding": one.words}
        for one in candidates
    ]
    words = _(
        "The file does not say its encoding, and may have %(readings)s. Choose the encoding, or"
        " save the file again as “CSV UTF-8”."
    )
    return UnreadableFileError(words % {"readings": _(", or ").join(readings)})


def _lines_beyond_ascii(file):
    """Lines with letters beyond ASCII, as bytes: each once, and some of very many."""
    window, rest, found = Window(file), b"", {}
    while chunk := window.read(CHUNK):
        *lines, rest = re.split(rb"[\r\n]+", rest + chunk)
        found |= dict.fromkeys(line[:LONGEST] for line in lines if not line.isascii())
        rest = rest[:LONGEST]
        if len(found) > MOST_LINES:
            break
    if not rest.isascii():
        found[rest] = None
    return list(found)[:MOST_LINES]


def _checked(file, codec, words):
    failed_in, _had_accents = _first_failure(file, codec)
    if failed_in is not None:
        raise _wrong_encoding(failed_in, words)
    return codec, words


def _wrong_encoding(line, words):
    return UnreadableFileError(
        _(
            "Line %(line)s is not in %(encoding)s, as the rest of the file seems to be. Save the"
            " file again as “CSV UTF-8”."
        )
        % {"line": line, "encoding": words}
    )


def _no_text(line):
    return UnreadableFileError(
        _("Line %(line)s holds a character that no text has. This is not a text file.")
        % {"line": line}
    )


def _first_failure(file, codec):
    """The line that cannot be decoded, or None; and whether letters beyond ASCII came before."""
    decoder, window = codecs.getincrementaldecoder(codec)(), Window(file)
    line, had_accents = 1, False
    while True:
        chunk = window.read(CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(codec, "ignore")
            return line + before.count("\n"), had_accents or not before.isascii()
        line += text.count("\n")
        had_accents = had_accents or not text.isascii()
        if not chunk:
            return None, had_accents


def _delimiter(file, encoding):
    """The delimiter that a first line names, or the one that gives most headings we know."""
    first = next(_lines(file, encoding), "")
    if named := NAMED_DELIMITER.fullmatch(first):
        return named["delimiter"]
    scores = {}
    for delimiter in DELIMITERS:
        try:
            headings = next((cells for _n, cells in _records(file, encoding, delimiter) if cells))
        except (StopIteration, UnreadableFileError):
            continue
        scores[delimiter] = (sum(map(is_known, headings)), len(headings))
    return max(scores, key=scores.get, default=",")


def _lines(file, encoding):
    """The lines of a file with their ends, whatever these are; raises UnreadableFileError."""
    text = TextIOWrapper(Window(file), encoding, newline="")
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise UnreadableFileError(
                _("Line %(line)s does not end within 2,000,000 characters. This is no table.")
                % {"line": number}
            )
        if "\0" in line:
            raise _no_text(number)
        yield line


def _records(file, encoding, delimiter):
    """Numbered records, as a spreadsheet program counts rows: a line that names the delimiter is
    none, and a field may hold several lines."""
    lines = _lines(file, encoding)
    first = next(lines, "")
    if not NAMED_DELIMITER.fullmatch(first):
        lines = _put_back(first, lines)
    # Strict: a quotation mark left open swallows rows, and one too many moves fields.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFileError(
                _(
                    "Row %(row)s has quotation marks that do not go together, or more than"
                    " %(most)s characters in one cell."
                )
                % {"row": number, "most": f"{LONGEST_CELL:,}"}
            ) from error
        yield number, [_cell(field) for field in fields]


def _put_back(first, lines):
    if first:
        yield first
    yield from lines


def _cell(field):
    """A field without what was put before it to keep spreadsheet programs from calculating."""
    first = field[:1]
    if first == "'":
        field = plain(field)
    elif first == "=" and (found := AS_FORMULA.fullmatch(field)):
        field = found["text"]
    if "\r" in field:
        field = field.replace("\r\n", "\n").replace("\r", "\n")
    return field if first > " " or field.strip() else ""
