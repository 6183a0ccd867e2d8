"""Money: the currencies of ISO 4217; the one place where amounts are rounded, shown and read."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _

DEFAULT_CURRENCY = "GBP"
# Digits after the point by ISO 4217, as of November 2026; without funds, metals and test codes.
_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL "
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR "
    "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
    "TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
DIGITS = {code: digits for digits, codes in _BY_DIGITS.items() for code in codes.split()}
CURRENCIES = [(code, code) for code in sorted(DIGITS)]
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥"}

PLACES = 4  # of what is stored: no currency has more
LONGEST = 10  # digits before the point
MINUS = "\u2212"
# What stands for a separator or a sign, as people and other programs write it.
MEANT = {
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
    **dict.fromkeys("\u2019\u02bc\u066c", "'"),
    **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d", "-"),
    **{"\u066b": ".", "\u2018": "'"},
}
THOUSANDS = re.compile(r"\d{1,3}(?:(?P<mark>[ '.,])\d{3})(?:(?P=mark)\d{3})*")


class MoneyField(models.DecimalField):
    """An amount in the clinic's currency.

    Read with two decimals at least and no further zeros, as prices were read before they could have
    more: the seals over them still hold.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"max_digits": LONGEST + PLACES, "decimal_places": PLACES} | kwargs
        )

    def from_db_value(self, value, expression, connection):
        return None if value is None else shortest(value)


def shortest(amount):
    """An amount as it is stored, with two decimals at least and no further zeros."""
    amount = Decimal(amount).quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
    with_two = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return with_two if with_two == amount else amount.normalize()


def digits_of(currency):
    """The digits after the point that amounts in this currency have."""
    return DIGITS[currency]


def rounded(amount, currency):
    """An amount in the smallest coins of its currency; half of one is rounded up."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-digits_of(currency)), ROUND_HALF_UP)


def vat_in(amount, rate, currency):
    """What of an amount is VAT at a rate in percent that it includes."""
    return rounded(amount * rate / (100 + rate), currency)


def in_words(amount, currency):
    """An amount as people read it: £1,234.50, KWD 1.250, −£40.00."""
    amount = rounded(amount, currency)
    number = number_format(abs(amount), digits_of(currency), use_l10n=True, force_grouping=True)
    sign = MINUS if amount < 0 else ""
    return f"{sign}{_name_of(currency)}{number}"


def _name_of(currency):
    return SYMBOLS.get(currency, f"{currency}\u00a0")


def as_typed(amount, currency):
    """An amount as it stands in a form: all of its digits, and no more signs than it needs."""
    return f"{rounded(amount, currency):f}"


# Reading what was typed


def amount_from(text, currency):
    """The amount that was typed; raises ValidationError, which says why, for what is none."""
    plain = _plainly(text, currency)
    sign, number = ("-", plain[1:].strip()) if plain.startswith("-") else ("", plain)
    whole, decimals = _parts(number, digits_of(currency))
    if len(decimals) > digits_of(currency):
        raise ValidationError(_too_many_decimals(currency), code="decimals")
    if len(whole.lstrip("0")) > LONGEST:
        raise ValidationError(_("This is too much money."), code="too_large")
    return Decimal(f"{sign}{whole}.{decimals or 0}")


def _plainly(text, currency):
    """A text with its separators, signs and digits as they are meant, without its currency."""
    plain = "".join(MEANT.get(one) or _digit(one) for one in str(text)).strip()
    for name in (currency, SYMBOLS.get(currency)):
        if name:
            plain = plain.removeprefix(name).removesuffix(name).strip()
            plain = re.sub(rf"^-\s*{re.escape(name)}", "-", plain)
    return plain


def _digit(character):
    is_digit = unicodedata.category(character) == "Nd"
    return str(unicodedata.digit(character)) if is_digit else character


def _parts(number, digits):
    """What stands before and behind the decimal point, without separators of thousands."""
    if re.fullmatch(r"\d+", number):
        return number, ""
    if re.fullmatch(r"\d{1,3},\d{3}", number):
        if digits == 3:
            raise ValidationError(_ambiguous(number), code="ambiguous")
        return _without_marks(number), ""
    if found := re.fullmatch(r"(?P<whole>.*\d)[.,](?P<decimals>\d+)", number):
        whole, mark = found["whole"], number[found.end("whole")]
        if whole.isdecimal() or (mark not in whole and THOUSANDS.fullmatch(whole)):
            return _without_marks(whole), found["decimals"]
    if THOUSANDS.fullmatch(number):
        return _without_marks(number), ""
    raise ValidationError(_("Type an amount in digits, such as 120 or 99.50."), code="no_amount")


def _without_marks(whole):
    return re.sub(r"\D", "", whole)


def _ambiguous(number):
    return _("%(typed)s can be read in two ways. Type %(whole)s or %(decimal)s.") % {
        "typed": number,
        "whole": number.replace(",", ""),
        "decimal": number.replace(",", ".").rstrip("0").rstrip(".") or "0",
    }


def _too_many_decimals(currency):
    if not digits_of(currency):
        return _("%(currency)s has no decimals.") % {"currency": currency}
    words = _("%(currency)s has at most %(digits)s decimals.")
    return words % {"currency": currency, "digits": digits_of(currency)}
