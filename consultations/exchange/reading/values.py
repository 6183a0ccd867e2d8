"""What the cells of a column mean. A blank is None, and never "no"; what cannot be read is refused.

What one cell leaves open (day or month first, comma or point) is decided by its whole column
(`decide`), or the user is asked.
"""

import re

from django.utils.translation import gettext as _

from consultations.models.text import folded
from consultations.vocabulary import Sex

from .cells import UnreadableValueError, from_json, text_of, to_json
from .days import (
    dates_of,
    parse_date,
    parse_datetime,
    parse_minutes,
    parse_time,
)
from .numbers import decimals_of, parse_amount, parse_number
from .words import CHOICES, NO, NOT_ASKED, SEXES, UNCLEAR, YES

__all__ = [
    "UnreadableValueError",
    "decide",
    "from_json",
    "parse",
    "parse_choice",
    "parse_date",
    "parse_datetime",
    "parse_number",
    "parse_phone",
    "parse_sex",
    "parse_yes_no",
    "sexes_of",
    "split_name",
    "to_json",
]


def decide(field, cells):
    """What a whole column says of how its cells are read: a DateOrder, a NumberStyle, the words for
    a sex, or None where nothing is left open."""
    if field.kind in {"date", "datetime"}:
        return dates_of(cells)
    if field.kind in {"number", "amount"}:
        return decimals_of(cells)
    return sexes_of(cells) if field.name == "sex" else None


def parse(field, cell, decided=None, currency="GBP"):
    """The value of a cell for a field: date, time, datetime, Decimal, True or False, the stored
    value of a choice, or text; None (of text and choices "") where blank.

    `decided` is what `decide` said of its column, or what the user chose: "day" or "month" for
    days, "point" or "comma" for numbers. Raises UnreadableValueError.
    """
    if field.key == "minutes":
        return parse_minutes(cell)
    if field.kind == "date":
        is_birth = field.key == "date_of_birth"
        return parse_date(cell, decided or "iso", field.is_past, is_birth=is_birth)
    if field.kind == "datetime":
        return parse_datetime(cell, decided or "iso", field.is_past)
    if field.kind == "time":
        return parse_time(cell)
    if field.kind == "number":
        return parse_number(cell, decided or "point")
    if field.kind == "amount":
        return parse_amount(cell, decided or "point", currency)
    if field.kind == "yes_no":
        return parse_yes_no(cell)
    if field.name == "sex":
        return parse_sex(cell, decided)
    if field.kind == "choice":
        return parse_choice(cell, field)
    if field.key in {"record_number", "other_number"}:
        found = WHOLE.fullmatch(text := text_of(cell))
        return found[1] if found else text
    return parse_phone(cell) if "phone" in field.key else text_of(cell)


def parse_yes_no(cell):
    """True or False, None where blank or said to be not known; all else is refused."""
    if isinstance(cell, bool):
        return cell
    text = text_of(cell)
    word = folded(text) or text
    if not word or word in NOT_ASKED:
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise UnreadableValueError(_("“%(text)s” is neither yes nor no.") % {"text": text[:60]})


def sexes_of(cells):
    """The words for a sex in a column, each with what it means there: M is a man beside F, and a
    woman (mujer) beside H or V (hombre, varón)."""
    found = {folded(text_of(cell)) for cell in cells if isinstance(cell, str)}
    letters = {"f": Sex.FEMALE, "m": Sex.MALE}
    if found & {"h", "v"}:
        letters = {"f": Sex.FEMALE, "h": Sex.MALE, "v": Sex.MALE}
        if "f" not in found:
            letters["m"] = Sex.FEMALE
    return SEXES | letters


def parse_sex(cell, words=None):
    """The sex of a cell, unknown where blank; `words` are what `sexes_of` found of its column."""
    text = text_of(cell)
    if not text:
        return Sex.UNKNOWN
    words = sexes_of([cell]) if words is None else words
    found = words.get(folded(text))
    if found is None:
        raise UnreadableValueError(
            _("“%(text)s” is none of female, male, other and unknown.") % {"text": text[:60]}
        )
    return found


def parse_choice(cell, field):
    """The stored value of a choice by value, label or another program's word; "" where blank."""
    text = text_of(cell)
    if not text:
        return ""
    known = {folded(str(word)): value for value, label in field.choices for word in (label, value)}
    name = field.name or field.key
    others = CHOICES.get(name, {})
    if folded(text) in UNCLEAR.get(name, {}):
        meant = [str(one.label) for one in UNCLEAR[name][folded(text)]]
        raise UnreadableValueError(
            _("“%(text)s” does not say which it is: %(choices)s.")
            % {"text": text, "choices": _(" or ").join(meant)}
        )
    found = known.get(folded(text)) or others.get(folded(text))
    if found is None or found not in {value for value, _label in field.choices}:
        raise UnreadableValueError(
            _("“%(text)s” is none of: %(choices)s.")
            % {"text": text[:60], "choices": ", ".join(str(label) for _v, label in field.choices)}
        )
    return found


AS_FLOAT = re.compile(r"(\+?\d{5,})[.,]0+")  # as programs keep numbers beside blanks
WHOLE = re.compile(r"(\d+)\.0")  # likewise, of the number of a patient
SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


def parse_phone(cell):
    """A phone as it was typed, without the decimals of a number; refused where a spreadsheet
    program has shortened it."""
    text = text_of(cell)
    if SHORTENED.fullmatch(text):
        raise UnreadableValueError(
            _("“%(text)s” is a number that a spreadsheet program has shortened.") % {"text": text}
        )
    found = AS_FLOAT.fullmatch(text)
    return found[1] if found else text


def split_name(text):
    """Family name and given name of a whole name: by its comma, or the last word."""
    text = " ".join(text.split())
    if "," in text:
        family, _comma, given = text.partition(",")
        return family.strip(), given.strip()
    given, _space, family = text.rpartition(" ")
    return family, given
