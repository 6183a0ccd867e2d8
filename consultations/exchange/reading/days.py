"""Days and times: which of day and month comes first is decided by a whole column, or asked."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models.days import EARLIEST_BIRTH
from consultations.models.text import day_in_words, folded

from .cells import UnreadableValueError, is_blank, text_of
from .words import MONTHS

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
OLDEST = 110  # years; nobody older comes in
SWAPPED = "-swapped"  # behind the order of texts: day and month of real dates change places


@dataclass(frozen=True)
class DateOrder:
    """How the days of a column are to be read.

    `found` is "iso" (nothing is left open), "day" or "month" (which comes first), or "ambiguous":
    then one of "day" and "month" has to be chosen, and `examples` (as written, at most three) show
    what that decides. `doubt` says in words what else does not fit, "" where nothing.

    Where a spreadsheet program seems to have taken days for months, `real` has the dates that it
    made, at most three, and `texts` the order of what it left as text: then one of "kept" and
    "swapped" has to be chosen for these dates.
    """

    found: str
    examples: tuple[str, ...] = ()
    doubt: str = ""
    real: tuple[date, ...] = ()
    texts: str = ""

    @property
    def choices(self):
        """What can be answered."""
        return ("kept", "swapped") if self.real else ("day", "month")

    def chosen(self, choice):
        """The order by which days are read, once this was answered."""
        if not self.real:
            return choice
        return f"{self.texts}{SWAPPED}" if choice == "swapped" else self.texts


def dates_of(cells):
    """The order of a column's days, by all of its cells."""
    day_first = month_first = 0
    open_ones, settled, real = [], [], []
    for cell in cells:
        if isinstance(cell, date | datetime):
            real.append(cell)
            continue
        if not isinstance(cell, str) or is_blank(cell):
            continue
        found = NUMBERS.fullmatch(_without_time(cell)[0])
        if not found or NO_DAY.fullmatch(found[0]):
            continue
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
        return DateOrder("ambiguous", examples, doubt)
    changed = tuple(one for one in real if _swapped(one) != one)[:3]
    is_swapped = changed and not open_ones and all(one.day <= 12 for one in real)
    if is_swapped and (day_first or month_first):
        doubt = _(
            "Each day that could be read in two ways is a date of the spreadsheet, and each that"
            " could not is text: a spreadsheet program has probably taken days for months."
        )
        texts = "day" if day_first else "month"
        return DateOrder("ambiguous", examples, doubt, changed, texts)
    if day_first or month_first:
        return DateOrder("day" if day_first else "month", examples)
    return DateOrder("ambiguous" if open_ones else "iso", examples)


def _without_time(text):
    """The day of a text, and what says the time behind it (a match, or None)."""
    text = " ".join(text.split())
    found = TIME_BEHIND.search(text)
    return (text[: found.start()], found) if found else (text, None)


def _swapped(day):
    """A date of a spreadsheet that has taken its day for its month, as it was meant."""
    return day.replace(day=day.month, month=day.day) if day.day <= 12 else day


def _named(text):
    return DAY_NAMED.fullmatch(text) or MONTH_NAMED.fullmatch(text)


def parse_date(cell, order="iso", past=True, today=None, *, is_birth=False):
    """The day of a cell, None where blank.

    `order` is "day" or "month" for what may be read in two ways (or a DateOrder), with `SWAPPED`
    behind it where dates of the spreadsheet are not what was meant. Two digits of a
    year mean the latest such day up to `today`, or, unless `past`, the one nearest to it; of a
    birth they are refused where somebody alive may have been born in either century. Raises
    UnreadableValueError, for a time in another zone too, as the day depends on it.
    """
    order = getattr(order, "found", order)
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _kept(_swapped(cell) if order.endswith(SWAPPED) else cell)
    text = text_of(cell)
    if not text or NO_DAY.fullmatch(_without_time(text)[0]):
        return None
    day_text, behind = _without_time(text)
    if behind and behind["zone"] and parse_time(behind["time"]) != time(0):
        raise UnreadableValueError(
            _("“%(text)s” has a time in a zone: which day it was depends on where.")
            % {"text": text}
        )
    day = _day_in(day_text, order.removesuffix(SWAPPED), past, today)
    if is_birth and TWO_DIGITS.fullmatch(_year_in(day_text)):
        _refuse_either_century(text, day, today)
    return day


def _refuse_either_century(text, day, today):
    """Refuse two digits that somebody very old may have been born in as well."""
    today = today or timezone.localdate()
    if day.year - 100 < today.year - OLDEST:
        return
    early = day_in_words(day.replace(year=day.year - 100))
    raise UnreadableValueError(
        _("“%(text)s” may be %(early)s or %(late)s. Write the year in four digits.")
        % {"text": text, "early": early, "late": day_in_words(day)}
    )


def _year_in(text):
    """The year of a day, as it is written."""
    if found := _named(text):
        return found["year"]
    found = NUMBERS.fullmatch(text)
    return found["three"] if found and len(found["one"]) <= 2 else ""


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
    if not all(parts) or not parts[2].strip("0"):
        return None, _("Birthday: %(parts)s") % {"parts": " ".join(filter(None, parts))}
    if parts[1].isdecimal():
        day = f"{parts[0]}/{parts[1]}/{parts[2]}"
        return parse_date(day, "day", today=today, is_birth=True), ""
    return parse_date(" ".join(parts), "day", today=today, is_birth=True), ""


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
        cell = text_of(cell)
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
    order = getattr(order, "found", order)
    if isinstance(cell, datetime):
        return _swapped(cell) if order.endswith(SWAPPED) else cell
    if isinstance(cell, date):
        raise UnreadableValueError(_("“%(text)s” has no time.") % {"text": cell.isoformat()})
    text = text_of(cell)
    if not text:
        return None
    day_text, behind = _without_time(text)
    if not behind:
        raise UnreadableValueError(_("“%(text)s” has no time.") % {"text": text[:60]})
    day = _day_in(day_text, order.removesuffix(SWAPPED), past, today)
    moment = datetime.combine(day, parse_time(behind["time"]))
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
