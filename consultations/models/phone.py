"""Phone numbers as staff type them, read by `phonenumbers`: the digits by which each is found.

Nobody is asked whether a number is valid, only whether it can be read. What cannot be read is
found by its digits as typed.
"""

import re
import unicodedata
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import phonenumbers

from .text import digits, folded

SHORTEST_PHONE_SEARCH = 4
SHORTEST_WHOLE = 7  # shorter ones, without a country code, are part of a number
# Countries that phonenumbers has no name for, or a former one.
NAMES = {
    "AC": "Ascension Island",
    "CZ": "Czechia",
    "MK": "North Macedonia",
    "SZ": "Eswatini",
    "TA": "Tristan da Cunha",
    "XK": "Kosovo",
}
MEXICO, MEXICAN_LENGTH = 52, 10
# What stands between two numbers in one field, or is a note: "(mum)" must not be dialled.
BETWEEN = re.compile(r"[^\W\d_]+|[,;|&\n]|\s/|/\s|(?=\+)")


@cache
def countries():
    """Every country whose numbers can be read, with its calling code, by name."""
    names = _country_names()
    found = [
        (code, f"{names[code]} (+{phonenumbers.country_code_for_region(code)})")
        for code in phonenumbers.SUPPORTED_REGIONS
    ]
    return sorted(found, key=lambda one: folded(one[1]))


def _country_names():
    """The English names that phonenumbers has, by code.

    From the one file: imported in the usual way it brings 100 MB of places with it.
    """
    file = Path(phonenumbers.__file__).with_name("geodata") / "locale.py"
    spec = spec_from_file_location("phonenumbers.geodata.locale", file)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    names = {}
    for code, by_language in module.LOCALE_DATA.items():
        name = by_language["en"]  # or, as *fr, the language that has the same
        names[code] = by_language[name[1:]] if name.startswith("*") else name
    return names | NAMES


def kept_as(text):
    """The digits of a stored phone as typed; of each number with its country code also the
    national number and the number as dialled inside that country.

    The same whatever country the clinic is in.
    """
    forms = {digits(text)}.union(*map(_forms, _with_country_code(text)))
    return {form for form in forms if len(form) >= SHORTEST_PHONE_SEARCH}


def asked_as(text, country):
    """The fewest runs of digits one of which stands in every stored form of a typed number.

    `country()` is the country of the clinic, asked for only where the number has no country code.
    """
    numbers, typed = _with_country_code(text), digits(text)
    if not numbers and len(typed) >= SHORTEST_WHOLE:
        numbers = _read(text, country())
    forms = {typed}.union(*map(_forms, numbers))
    forms = {form for form in forms if len(form) >= SHORTEST_PHONE_SEARCH} or {typed}
    # What a longer form ends with is found in more numbers than the longer form.
    return {one for one in forms if not any(one.endswith(end) for end in forms - {one})}


def to_dial(text, country):
    """The first number in a text as +441632960961, without the notes beside it; "" where none."""
    pieces = map(_with_plus, BETWEEN.split(unicodedata.normalize("NFKC", text)))
    for number in (one for piece in pieces for one in _read(piece, country)):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ""


def _with_country_code(text):
    """The numbers in a text that are written with a country code."""
    pieces = map(_with_plus, BETWEEN.split(unicodedata.normalize("NFKC", text)))
    return [one for piece in pieces if piece.startswith("+") for one in _read(piece, None)]


def _with_plus(piece):
    """Most of the world dials 00 where the plus is written."""
    piece = piece.lstrip(" (")
    return f"+{piece[2:]}" if digits(piece[:2]) == "00" else piece


def _read(text, country):
    """A list of the number that a text is in `country`, empty where it cannot be read."""
    try:
        return [phonenumbers.parse(text, country)]
    except phonenumbers.NumberParseException:
        return []


def _forms(number):
    """The digits of a number without its country code: the national number, as it is dialled
    inside the country, and with the prefix that some countries leave out in writing."""
    number.extension = None
    region = phonenumbers.region_code_for_country_code(number.country_code)
    prefix = phonenumbers.ndd_prefix_for_region(region, True) or ""
    national = phonenumbers.national_significant_number(number)
    if number.country_code == MEXICO and len(national) > MEXICAN_LENGTH:
        national = national.removeprefix("1")  # it stood before mobiles until 2019
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return {national, prefix + national, digits(dialled)}
