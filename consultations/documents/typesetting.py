"""Typesetting: from a template and its data to a PDF, or to words why that cannot be.

Data goes in as JSON, never as markup, so nothing typed is read as a command. Fonts are our own;
those of the machine are ignored, so that a letter looks the same everywhere.
"""

import json
import logging
import re
import threading
from pathlib import Path

import typst
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models.days import start_of

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STANDARDS = ["a-2a", "ua-1"]
# Tabs print as nothing; these two ends of lines are none in a template.
SPACES = re.compile("[\t\u2028\u2029\x0b\x0c\x85]")
# No PDF/A holds them. The joiners U+200C and U+200D stay: Persian and Hindi names need them.
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
NOT_DRAWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
NOT_ALLOWED = re.compile(r'disallowed codepoint `"\\u\{([0-9a-f]+)\}"`')
own = threading.local()  # a compiler can only be used by one thread at a time


class CannotTypesetError(ValidationError):
    """What is to be printed cannot be; the message says what, and where it stands."""


def pdf_of(template, data, *, standards=STANDARDS):
    """Return a PDF (A-2a, UA-1) of a template with its data.

    Raises CannotTypesetError for a character that no font has, and whatever else stops the print.
    """
    data = cleaned(data)
    try:
        # All inputs at each call: a compiler keeps those of the last one.
        return _compiler().compile(
            TEMPLATES / f"{template}.typ",
            sys_inputs={"document": json.dumps(data)},
            pdf_standards=standards,
            # The same words come to the same bytes all day.
            timestamp=int(start_of(timezone.localdate()).timestamp()),
        )
    except typst.TypstError as error:
        message = str(error.message)
        if told := _not_drawn(message, data):
            raise CannotTypesetError(told) from None
        logger.error("A document cannot be typeset: %s", message)
        raise CannotTypesetError(
            _("This cannot be printed. The server’s log says why; tell whoever looks after it.")
        ) from None


def _compiler():
    if not hasattr(own, "compiler"):
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[HERE / "fonts"],
        )
        # From the root, as the logo and the photos are read from where they are kept.
        own.compiler = typst.Compiler(root="/", font_paths=fonts, ignore_system_fonts=True)
    return own.compiler


def cleaned(data):
    """Return data whose texts hold nothing that would print as nothing, or stop the print."""
    match data:
        case str():
            return UNPRINTABLE.sub("", SPACES.sub(" ", data.replace("\r\n", "\n")))
        case dict():
            return {name: cleaned(value) for name, value in data.items()}
        case list() | tuple():
            return [cleaned(one) for one in data]
    return data if data is None or isinstance(data, bool | int | float) else cleaned(str(data))


def _not_drawn(message, data):
    """Return words for a message about a character that cannot be printed, "" for any other."""
    if found := NOT_DRAWN.search(message):
        text = found[1]
    elif found := NOT_ALLOWED.search(message):
        text = chr(int(found[1], 16))
    else:
        return ""
    told = _("“%(text)s” (%(code)s) cannot be printed. It stands in: “%(where)s”.") % {
        "text": text,
        "code": " ".join(f"U+{ord(one):04X}" for one in text),
        "where": next((_around(one, text) for one in _texts(data) if text in one), text),
    }
    return f"{told} {_what_to_do()}"


def _what_to_do():
    """What helps where a character is in none of our fonts."""
    return _(
        "Write it there in a script that can be printed: Latin, Greek, Cyrillic, Arabic, Hebrew, "
        "Devanagari, Thai, Chinese, Japanese kana or Korean. For another script, whoever looks "
        "after the server can add a font."
    )


def _texts(data):
    """Yield each text in the data, with its label where it has one."""
    match data:
        case str():
            yield data
        case {"label": label, "value": str() as value}:
            yield f"{label}: {value}"
        case dict():
            for one in data.values():
                yield from _texts(one)
        case list():
            for one in data:
                yield from _texts(one)


def _around(text, part):
    place = text.index(part)
    label, colon, _rest = text.partition(": ")
    start = max(0, place - 30)
    shown = text[start : place + len(part) + 30].strip()
    return f"{label}: … {shown}" if colon and start > len(label) + 2 else shown
