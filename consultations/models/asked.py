"""What somebody typed to find a patient, read as keys to look up: a birth date, an e-mail, a record
number, a phone with what follows it, or words of a name."""

import re
import unicodedata

from django.utils import timezone

from .clinic import ClinicSettings
from .days import parse_birth
from .phone import SHORTEST_PHONE_SEARCH, SHORTEST_WHOLE, asked_as
from .text import bare_mail, digits, folded, spellings, without_article

MOST_WORDS = 8
LONGEST_SEARCH = 400
WORDS_IN_ONE = 3  # neighbouring words that may be one word of a name: van der berg
PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys(",;،؛、，；", " "),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\u061c\u200e\u200f"),  # marks of direction, pasted with Arabic dates
    }
)
RECORD_NUMBER = re.compile(r"([a-z]?)[\s-]*(\d{1,6})", re.IGNORECASE)
PART_OF_PHONE = re.compile(r"(?:tel:)?([\d()+./-]+)", re.IGNORECASE)
EXTENSION = re.compile(r"(?:extn?|extension|x)[.:=]*(\d{1,7})?", re.IGNORECASE)
MOST_WORDS_OF_A_DATE = 5  # 17 / 05 / 1980
BIRTH = re.compile(
    r"\b(?:d\.?o\.?b\b\.?|date of birth|birth ?da(?:te|y)|born(?: on)?)[\s:=]*", re.IGNORECASE
)
TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof"}
PERHAPS_A_PHONE = re.compile(r"[\d\s]+|\d+-\d+-\d\d")
PAIRS = re.compile(r"(?!\d{4}\b).*\d\s\d\d")  # of a phone, not the year at last: 06 12 34 56 78


def search_words(text):
    """What was typed, as keys to look up: for each word, number, phone or date the beginnings of
    which one must be found, the rarest first."""
    text = text[:LONGEST_SEARCH].translate(PUNCTUATION).strip()
    if (number := RECORD_NUMBER.fullmatch(text)) and (one := _record_number(number)):
        return [{one}]
    asked, words = _read(text)
    asked += _name(words)
    return sorted(asked, key=lambda starts: (-min(map(len, starts)), min(starts)))[:MOST_WORDS]


def typed_name(text):
    """The family name and the given name in what was typed: the first comes last, or before a
    comma."""
    text = text[:LONGEST_SEARCH]
    family, comma, given = text.partition(",")
    if comma:
        return " ".join(_words_of_name(family)), " ".join(_words_of_name(given))
    words = _words_of_name(text)
    return (words[-1], " ".join(words[:-1])) if words else ("", "")


def _words_of_name(text):
    words = [word for word in _read(text.translate(PUNCTUATION))[1] if folded(word)]
    return _without_titles(words)


def _read(text):
    """The dates, numbers and e-mails in a text as keys to look up, and its other words."""
    # A number and its extension may be written in one: 555-0123x12.
    text = re.sub(r"(?<=\d)x(?=\d)", " x", BIRTH.sub(_without_label, text))
    rest, asked, words = text.split(), [], []
    while rest:
        length, starts = _date(rest) or _phone(rest) or _mail(rest) or _number(rest) or (1, None)
        if starts:
            asked.append(starts)
        else:
            words.append(rest[0])
        rest = rest[length:]
    return asked, words


# Each reads the beginning of what is left: how many words it took, and what to look up for them.


def _date(rest):
    if not rest or not any(map(str.isalnum, rest[0])):
        return None
    for length in range(1, min(MOST_WORDS_OF_A_DATE, len(rest)) + 1):
        text = unicodedata.normalize("NFKC", " ".join(rest[:length])).strip("()[] ")
        if day := None if PAIRS.fullmatch(text) else parse_birth(text, timezone.localdate()):
            number = {digits(text)} if PERHAPS_A_PHONE.fullmatch(text) else set()
            return length, {f"{day:%Y%m%d}", *number}
    return None


def _without_label(found):
    """Nothing in the place of what announces a date: dob 17/05/1980. But Max Born has a name."""
    return " " if _date(found.string[found.end() :].split()) else found[0]


def _phone(rest):
    length, parts = 0, []
    while length < len(rest) and (part := PART_OF_PHONE.fullmatch(rest[length])):
        if parts and (date := _date(rest[length:])):
            is_surely_one = len(date[1]) == 1
            if is_surely_one or len(digits(" ".join(parts))) >= SHORTEST_WHOLE:
                break
        length, parts = length + 1, [*parts, part[1]]
    number = " ".join(parts)
    if len(digits(number)) < SHORTEST_PHONE_SEARCH:
        return None
    if length < len(rest) and (extension := EXTENSION.fullmatch(rest[length])):
        apart = not extension[1] and rest[length + 1 : length + 2]
        length += 2 if apart and apart[0].isdecimal() else 1
    return length, asked_as(number, lambda: ClinicSettings.objects.current().country)


def _mail(rest):
    return (1, {bare_mail(rest[0]).casefold()}) if "@" in rest[0].strip("@") else None


def _number(rest):
    number = RECORD_NUMBER.fullmatch(rest[0])
    one = number and _record_number(number)
    return (1, {one, folded(rest[0]).replace(" ", "")}) if one else None


def _record_number(found):
    """A record number as it is kept; "" for more digits than anybody leaves the letter out of."""
    letter, number = found.groups()
    if not letter and len(number) >= SHORTEST_PHONE_SEARCH:
        return ""
    return f"{letter.casefold()}{int(number):06d}"


def _name(words):
    """Each word of a name in each spelling; neighbours may also be one word: mc donald."""
    asked = {}
    for spelling in spellings(" ".join(words)):
        words = _without_titles(spelling.split())
        for last in range(len(words)):
            starts = asked.setdefault(last, {without_article(words[last])})
            for first in range(max(0, last - WORDS_IN_ONE + 1), last + 1):
                starts.add("".join(words[first : last + 1]))
    return list(asked.values())


def _without_titles(words):
    """Words without Mr and the like, which no record has; all where there are no others."""
    return [word for word in words if folded(word) not in TITLES] or words
