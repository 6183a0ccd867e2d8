"""What the cells of a column mean. A blank is None, and never "no"; what cannot be read is refused.

What one cell leaves open (day or month first, comma or point) is decided by its whole column, or
the user is asked.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models.days import EARLIEST_BIRTH
from consultations.models.money import MEANT, SYMBOLS, digits_of
from consultations.models.text import folded
from consultations.vocabulary import Sex

from .base import NoValue
from .words import CHOICES, MONTHS, NO, NOT_ASKED, SEXES, YES


class UnreadableValueError(ValueError):
    """Why a cell cannot be read, in words."""


# Any cell


def text_of(cell):
    """A cell as text, the way it would be typed: 2026-01-31, 14:05, yes, 12.5."""
    if isinstance(cell, NoValue):
        raise UnreadableValueError(cell.why)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.isoformat(
            " ", "minutes" if not (cell.second or cell.microsecond) else "seconds"
        )
    if isinstance(cell, time):
        return cell.isoformat("minutes" if not cell.second else "seconds")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return str(cell).strip()


def to_json(cell):
    """A cell as JSON holds it; `from_json` gives the same cell back."""
    if isinstance(cell, str | bool):
        return cell
    if isinstance(cell, NoValue):
        return {"NoValue": [cell.shown, cell.why]}
    if isinstance(cell, timedelta):
        return {"timedelta": cell.total_seconds()}
    if isinstance(cell, Decimal):
        return {"Decimal": str(cell)}
    return {type(cell).__name__: cell.isoformat()}


def from_json(stored):
    """The cell that `to_json` made this of."""
    if isinstance(stored, str | bool):
        return stored
    ((kind, value),) = stored.items()
    return {
        "NoValue": lambda: NoValue(*value),
        "timedelta": lambda: timedelta(seconds=value),
        "Decimal": lambda: Decimal(value),
        "date": lambda: date.fromisoformat(value),
        "datetime": lambda: datetime.fromisoformat(value),
        "time": lambda: time.fromisoformat(value),
    }[kind]()


def is_blank(cell):
    return isinstance(cell, str) and not cell.strip()


def several(cell):
    """The values of a cell that joins them as Google Contacts does, or by lines."""
    return [part for one in re.split(r" ::: |\n", text_of(cell)) if (part := one.strip())]


# Days

NUMBERS = re.compile(
    r"(?P<one>\d{1,4})\s*(?P<mark>[./\-\s])\s*(?P<two>\d{1,2})\s*(?P=mark)\s*(?P<three>\d{1,4})\.?"
)
COMPACT = re.compile(r"(?P<one>\d{4})(?P<two>\d\d)(?P<three>\d\d)")
DAY_NAMED = re.compile(
    r"(?:[^\W\d_]+\.?,?\s+)?(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er)?[\s\-/]*(?:de\s+)?"
    r"(?P<month>[^\W\d_]{3,})\.?,?[\s\-/]*(?:de\s+|del\s+)?(?P<year>\d{2,4})"
)
MONTH_NAMED = re.compile(
    r"(?:[^\W\d_]+\.?,\s+)?(?P<month>[^\W\d_]{3,})\.?\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?P<year>\d{2,4})"
)
TIME_BEHIND = re.compile(
    r"(?:T|\s+|,\s*)(?P<time>\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?)"
    r"\s*(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?$"
)
NO_DAY = re.compile(r"0{1,4}[-./]0{1,2}[-./]0{1,4}")  # as MySQL writes that there is none
COUNT_OF_DAYS = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
TWO_DIGITS = re.compile(r"\d\d")


@dataclass(frozen=True)
class DateOrder:
    """How the days of a column are to be read.

    `found` is "iso" (nothing is left open), "day" or "month" (which comes first), or "ambiguous":
    then one of "day" and "month" has to be chosen, and `examples` (as written, at most three) show
    what that decides. `two_digit_year` tells whether any year has two digits; `doubt` says in words
    what else does not fit, "" where nothing.
    """

    found: str
    two_digit_year: bool = False
    examples: tuple[str, ...] = ()
    doubt: str = ""


def dates_of(cells):
    """The order of a column's days, by all of its cells."""
    day_first = month_first = 0
    open_ones, settled, short, real = [], [], False, []
    for cell in cells:
        if isinstance(cell, date | datetime):
            real.append(cell)
            continue
        if not isinstance(cell, str) or is_blank(cell):
            continue
        found = NUMBERS.fullmatch(_without_time(cell)[0])
        if not found or NO_DAY.fullmatch(found[0]):
            short = short or _has_short_year(cell)
            continue
        short = short or len(found["three"]) == 2 and len(found["one"]) <= 2
        if len(found["one"]) > 2:
            continue
        one, two = int(found["one"]), int(found["two"])
        if one == two:
            settled.append(cell)
        elif one > 12 >= two:
            day_first += 1
            settled.append(cell)
        elif two > 12 >= one:
            month_first += 1
            settled.append(cell)
        else:
            open_ones.append(cell)
    examples = tuple(dict.fromkeys(cell.strip() for cell in (*open_ones, *settled)))[:3]
    if day_first and month_first:
        doubt = _("Some days stand before the month and some behind it.")
        return DateOrder("ambiguous", short, examples, doubt)
    if (day_first or month_first) and not open_ones and real and all(d.day <= 12 for d in real):
        doubt = _(
            "Each day that could be read in two ways is a date of the spreadsheet, and each that"
            " could not is text: a spreadsheet program has probably taken days for months."
        )
        return DateOrder("ambiguous", short, examples, doubt)
    if day_first or month_first:
        return DateOrder("day" if day_first else "month", short, examples)
    return DateOrder("ambiguous" if open_ones else "iso", short, examples)


def _has_short_year(text):
    found = _named(_without_time(text)[0])
    return bool(found) and len(found["year"]) == 2


def _without_time(text):
    """The day of a text, and what says the time behind it (a match, or None)."""
    text = " ".join(text.split())
    found = TIME_BEHIND.search(text)
    return (text[: found.start()], found) if found else (text, None)


def _named(text):
    return DAY_NAMED.fullmatch(text) or MONTH_NAMED.fullmatch(text)


def parse_date(cell, order="iso", past=True, today=None):
    """The day of a cell, None where blank.

    `order` is "day" or "month" for what may be read in two ways (or a DateOrder). Two digits of a
    year mean the latest such day up to `today`, or, unless `past`, the one nearest to it. Raises
    UnreadableValueError, for a time in another zone too, as the day depends on it.
    """
    if isinstance(cell, datetime):
        return _kept(cell.date())
    if isinstance(cell, date):
        return _kept(cell)
    text = text_of(cell)
    if not text or NO_DAY.fullmatch(_without_time(text)[0]):
        return None
    day_text, behind = _without_time(text)
    if behind and behind["zone"] and parse_time(behind["time"]) != time(0):
        raise UnreadableValueError(
            _("“%(text)s” has a time in a zone: which day it was depends on where.")
            % {"text": text}
        )
    return _day_in(day_text, getattr(order, "found", order), past, today)


def _day_in(text, order, past, today):
    if found := _named(text):
        month = MONTHS.get(folded(found["month"])) or MONTHS.get(folded(found["month"])[:3])
        if month is None:
            raise _no_date(text)
        return _date(text, found["year"], month, int(found["day"]), past, today)
    found = COMPACT.fullmatch(text) or NUMBERS.fullmatch(text)
    if not found:
        raise _no_date(text)
    one, two, three = found["one"], int(found["two"]), found["three"]
    if len(one) == 4 and len(three) <= 2:
        return _date(text, one, two, int(three), past, today)
    if len(one) > 2 or len(three) not in {2, 4}:
        raise _no_date(text)
    day, month = (two, int(one)) if order == "month" else (int(one), two)
    if order not in {"day", "month"} and day != month:
        if day <= 12 and month <= 12:
            raise UnreadableValueError(
                _("“%(text)s” can be read with the day or the month first.") % {"text": text}
            )
        day, month = max(day, month), min(day, month)
    return _date(text, three, month, day, past, today)


def _no_date(text):
    if COUNT_OF_DAYS.fullmatch(text):
        return UnreadableValueError(
            _("“%(text)s” is a spreadsheet’s count of days. Give its column the format of a date.")
            % {"text": text}
        )
    return UnreadableValueError(_("“%(text)s” is no date.") % {"text": text[:60]})


def _date(text, year, month, day, past, today):
    if not 1 <= month <= 12:
        raise UnreadableValueError(
            _("“%(text)s” has no month: there is no month %(month)s.")
            % {"text": text, "month": month}
        )
    today = today or timezone.localdate()
    years = [int(year)]
    if TWO_DIGITS.fullmatch(year):
        century = today.year // 100 * 100
        years = [century + shift + int(year) for shift in (0, -100, 100)]
    elif len(year) != 4:
        raise _no_date(text)
    found = []
    for one in years:
        try:
            found.append(date(one, month, day))
        except ValueError:
            continue
    if not found:
        raise UnreadableValueError(
            _("“%(text)s” is no day: that month has no day %(day)s.") % {"text": text, "day": day}
        )
    if len(years) == 1:
        return _kept(found[0])
    if past:
        return _kept(max(one for one in found if one <= today))
    return _kept(min(found, key=lambda one: abs(one - today)))


def _kept(day):
    if day < EARLIEST_BIRTH:
        raise UnreadableValueError(_("%(year)s is before 1900.") % {"year": day.year})
    return day


def birth_of(day, month, year, today=None):
    """The birthday that stands in three columns: the day, and what it says in words where it is
    none because a part is missing ("" otherwise)."""
    parts = [text_of(one) for one in (day, month, year)]
    if not any(parts):
        return None, ""
    if not all(parts) or not int(parts[2] or 0 if parts[2].isdecimal() else 1):
        return None, _("Birthday: %(parts)s") % {"parts": " ".join(filter(None, parts))}
    if parts[1].isdecimal():
        return parse_date(f"{parts[0]}/{parts[1]}/{parts[2]}", "day", today=today), ""
    return parse_date(" ".join(parts), "day", today=today), ""


# Times

CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?|"
    r"(?P<packed>\d\d))?\s*h?\s*(?P<half>[ap])?(?:\.?m\.?)?(?:\s*uhr)?",
    re.IGNORECASE,
)
LENGTH = re.compile(
    r"(?:(?P<hours>\d+)\s*(?:h|hr|hrs|hour|hours|std)\.?)?\s*"
    r"(?:(?P<minutes>\d+)\s*(?:m|min|mins|minutes?|minuten)?\.?)?",
    re.IGNORECASE,
)


def parse_time(cell):
    """The time of day of a cell, in 24 or 12 hours, None where blank."""
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, timedelta):
        cell = (datetime.min + cell).time() if cell < timedelta(days=1) else text_of(cell)
    if isinstance(cell, time):
        return cell
    text = text_of(cell)
    if not text:
        return None
    found = CLOCK.fullmatch(text)
    if not found or not (
        found["minute"] or found["packed"] or found["half"] or "h" in text.lower()
    ):
        raise UnreadableValueError(_("“%(text)s” is no time.") % {"text": text[:60]})
    hour, minute = int(found["hour"]), int(found["minute"] or found["packed"] or 0)
    if found["half"] and not 1 <= hour <= 12:
        raise UnreadableValueError(_("“%(text)s” is no time.") % {"text": text})
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    try:
        return time(hour, minute, int(found["second"] or 0))
    except ValueError:
        raise UnreadableValueError(_("“%(text)s” is no time.") % {"text": text}) from None


def parse_datetime(cell, order="iso", past=True, today=None):
    """The moment of a cell: a datetime, aware where a zone is written; None where blank."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        raise UnreadableValueError(_("“%(text)s” has no time.") % {"text": cell.isoformat()})
    text = text_of(cell)
    if not text:
        return None
    day_text, behind = _without_time(text)
    if not behind:
        raise UnreadableValueError(_("“%(text)s” has no time.") % {"text": text[:60]})
    day = _day_in(day_text, getattr(order, "found", order), past, today)
    moment = datetime.combine(day, parse_time(behind["time"]))  # noqa: DTZ001
    return moment.replace(tzinfo=_zone(behind["zone"])) if behind["zone"] else moment


def _zone(text):
    if text in {"Z", "UTC"}:
        return UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise UnreadableValueError(_("“%(text)s” is no time zone.") % {"text": text})
    return timezone.get_fixed_timezone(sign * timedelta(hours=hours, minutes=minutes))


def parse_minutes(cell):
    """A length in whole minutes: 45, 45 min, 1 h 30, 1:30; None where blank."""
    if isinstance(cell, timedelta):
        return int(cell.total_seconds() // 60)
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute
    text = text_of(cell)
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,2}):(\d\d)(?::00)?", text):
        return int(found[1]) * 60 + int(found[2])
    found = LENGTH.fullmatch(text)
    if not found or len(text) > 20:
        raise UnreadableValueError(_("“%(text)s” is no length of time.") % {"text": text[:60]})
    return int(found["hours"] or 0) * 60 + int(found["minutes"] or 0)


# Numbers

NUMBER = re.compile(r"-?\d[\d ',.]*")
PLAIN = re.compile(r"-?\d+")
LONGEST_NUMBER = 30


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
        if not isinstance(cell, str) or is_blank(cell):
            continue
        text = _number_in(cell)
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
    text = _number_in(text_of(cell))
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
        text = _number_in(cell)
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


# Words


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
    others = CHOICES.get(field.name or field.key, {})
    found = known.get(folded(text)) or others.get(folded(text))
    if found is None or found not in {value for value, _label in field.choices}:
        raise UnreadableValueError(
            _("“%(text)s” is none of: %(choices)s.")
            % {"text": text[:60], "choices": ", ".join(str(label) for _v, label in field.choices)}
        )
    return found


SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


def parse_phone(cell):
    """A phone as it was typed; refused where a spreadsheet program has shortened it."""
    text = text_of(cell)
    if SHORTENED.fullmatch(text):
        raise UnreadableValueError(
            _("“%(text)s” is a number that a spreadsheet program has shortened.") % {"text": text}
        )
    return text


def split_name(text):
    """Family name and given name of a whole name: by its comma, or the last word."""
    text = " ".join(text.split())
    if "," in text:
        family, _comma, given = text.partition(",")
        return family.strip(), given.strip()
    given, _space, family = text.rpartition(" ")
    return family, given
