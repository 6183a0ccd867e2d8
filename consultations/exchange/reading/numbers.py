"""Numbers and amounts: whether a comma or a point stands before the decimals is decided by a whole
column, or asked."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from consultations.models.money import MEANT, SYMBOLS, digits_of

from .cells import UnreadableValueError, is_blank, text_of

NUMBER = re.compile(r"-?\d[\d ',.]*")
BESIDE = re.compile(r"^[^\d-]+|\D+$")  # a currency, a unit
PLAIN = re.compile(r"-?\d+")
LONGEST_NUMBER = 40  # characters


@dataclass(frozen=True)
class NumberStyle:
    """How the numbers of a column are to be read: `found` is "point" or "comma" (what stands before
    the decimals), "whole" (there are none), or "ambiguous": one of the first two has to be chosen;
    `examples` as written, at most three."""

    found: str
    examples: tuple[str, ...] = ()


def decimals_of(cells):
    """What stands before the decimals in a column, by all of its cells."""
    styles, open_ones = set(), []
    for cell in cells:
        if not isinstance(cell, str) or is_blank(cell) or len(cell) > LONGEST_NUMBER:
            continue
        text = BESIDE.sub("", _number_in(cell))
        if not NUMBER.fullmatch(text) or PLAIN.fullmatch(text):
            continue
        style = _style_of(text)
        if style is None:
            open_ones.append(cell.strip())
        elif style:
            styles.add(style)
    examples = tuple(dict.fromkeys(open_ones))[:3]
    if len(styles) == 1:
        return NumberStyle(styles.pop(), examples)
    if open_ones or styles:
        return NumberStyle("ambiguous", examples)
    return NumberStyle("whole")


def _style_of(text):
    """The style that a number proves; None where it may be read in two ways, "" where both mean
    the same."""
    marks = [one for one in text if one in ".,"]
    if not marks:
        return ""
    last = marks[-1]
    other = {"point": "comma", "comma": "point"}
    name = "point" if last == "." else "comma"
    if len(set(marks)) == 2:
        return name
    if len(marks) > 1:
        return other[name]
    before, after = text.lstrip("-").split(last)
    if (
        len(after) != 3
        or len(before) > 3
        or before.startswith("0")
        or " " in before
        or "'" in before
    ):
        return name
    return None


def _number_in(text):
    return "".join(MEANT.get(one, one) for one in text).strip()


def parse_number(cell, style="point"):
    """The Decimal of a cell, None where blank; `style` as NumberStyle finds it (or one).

    Raises UnreadableValueError, for what may be read in two ways where that is not decided too.
    """
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, bool | date | time | timedelta):
        raise UnreadableValueError(_("“%(text)s” is no number.") % {"text": text_of(cell)})
    text = _number_in(text_of(cell)).removesuffix("%").rstrip()
    if not text:
        return None
    if not NUMBER.fullmatch(text) or len(text) > LONGEST_NUMBER:
        raise UnreadableValueError(_("“%(text)s” is no number.") % {"text": text[:60]})
    style = getattr(style, "found", style)
    if PLAIN.fullmatch(text):
        return Decimal(text)
    if style not in {"point", "comma"}:
        style = _style_of(text) if style == "whole" else None
        if style is None:
            raise UnreadableValueError(
                _("“%(text)s” can be read in two ways: is the mark before decimals or thousands?")
                % {"text": text}
            )
    mark, groups = (".", ",") if style == "point" or not style else (",", ".")
    whole, _mark, decimals = text.partition(mark)
    if not re.fullmatch(rf"-?(?:\d+|\d{{1,3}}(?:[{groups} ']\d{{3}})+)", whole) or not re.fullmatch(
        r"\d*", decimals
    ):
        raise UnreadableValueError(_("“%(text)s” is no number.") % {"text": text})
    return Decimal(re.sub(r"[^\d-]", "", whole) + (f".{decimals}" if decimals else ""))


def parse_amount(cell, style="point", currency="GBP"):
    """The amount of a cell in a currency, None where blank; its sign or code may stand beside it,
    and minus before, behind, or as brackets. Raises UnreadableValueError, for another currency
    too."""
    if not isinstance(cell, str):
        amount = parse_number(cell, style)
    else:
        text = _number_in(cell) if len(cell.strip()) <= LONGEST_NUMBER else "…"
        for sign in (currency, SYMBOLS.get(currency)):
            if sign and sign in text:
                text = text.replace(sign, "", 1).strip()
                break
        if found := re.fullmatch(r"\((.*)\)|(.*\d)\s*-|-\s*(.*)", text):
            text = "-" + next(filter(None, found.groups()), "").strip()
        if re.search(r"[^\W\d_]|[^\w\s.,'()-]", text):
            raise UnreadableValueError(
                _("“%(text)s” is no amount in %(currency)s.")
                % {"text": cell.strip()[:60], "currency": currency}
            )
        amount = parse_number(text, style)
    if amount is not None and -amount.normalize().as_tuple().exponent > digits_of(currency):
        raise UnreadableValueError(
            _("“%(text)s” has more decimals than %(currency)s.")
            % {"text": text_of(cell), "currency": currency}
        )
    return amount
