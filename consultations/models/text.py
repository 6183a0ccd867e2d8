"""Text as people type it: what it may hold, and how it is compared when searched."""

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from itertools import product

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Joiners shape letters in Persian and Indic names; every other invisible character is a slip.
JOINERS = "\u200c\u200d"
NOTE_LENGTH = 20_000
REASON_LENGTH = 2000
# Beside tab and the ends of lines: what controls terminals, turns the direction of what follows,
# or is no character at all, so that no file can hold it.
UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
# A word of digits and of letters like them: 9OO, O2O, l61, or OO. What is a note stays: x12, 2nd.
O_OR_L = "OoОоΟοIl"
MISTAKEN_DIGIT = re.compile(
    rf"(?<![^\W_])(?:\d+[{O_OR_L}]|[{O_OR_L}]+\d|[OoОоΟο]{{2}})[\d{O_OR_L}]*(?![^\W_])"
)
MOST_ACCENTS = 10  # on one letter; the scripts that heap most use seven


def no_invisible_characters(text):
    """Refuse control, zero-width and direction characters: they hide what a name really is."""
    for place, character in enumerate(text, start=1):
        if character not in JOINERS and unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"}:
            raise ValidationError(
                _("Character %(place)s is invisible (U+%(code)s). Type this again."),
                params={"code": f"{ord(character):04X}", "place": place},
                code="invisible",
            )


def readable(text):
    """Refuse what makes a text look other than it is stored; lines and joiners are welcome."""
    if found := UNREADABLE.search(text):
        raise ValidationError(
            _("After “%(before)s” stands an invisible character (U+%(code)s). Type that again."),
            params={"code": f"{ord(found[0]):04X}", "before": text[: found.start()][-20:].strip()},
            code="unreadable",
        )
    heap = 0
    for character in text:
        heap = heap + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if heap > MOST_ACCENTS:
            raise ValidationError(
                _("More than %(most)s accents stand on one letter. Type this again."),
                params={"most": MOST_ACCENTS},
                code="accents",
            )


def some_letter_or_digit(text):
    """Refuse a name that shows nothing."""
    if not any(unicodedata.category(character)[0] in "LN" for character in text):
        raise ValidationError(_("Write at least one letter."), code="empty")


def some_digits(text):
    """Refuse a phone number that could not be dialled."""
    if len(digits(text)) < 4:
        raise ValidationError(_("Write the number in digits."), code="no_digits")
    if found := MISTAKEN_DIGIT.search(text):
        raise ValidationError(
            _("“%(word)s” has a letter that looks like a digit. Write 0 for O and 1 for l."),
            params={"word": found[0]},
            code="mistaken_digit",
        )


def folded(text):
    """Text without case, accents, apostrophes or joiners; other punctuation becomes a space.

    The letters of one sound that keyboards write in different ways become one letter.
    """
    plain = "".join(map(_plain, text)).replace("وو", "و")  # داود is داوود too
    return " ".join(plain.split())


def spellings(text):
    """A text folded in each way people write its letters out: müller is muller and mueller."""
    text = unicodedata.normalize("NFC", text).casefold()
    found = [letter for letter in WRITTEN_OUT if letter in text][:MOST_WRITTEN_OUT]
    ways = product(*([(letter, letter), (letter, WRITTEN_OUT[letter])] for letter in found))
    return {folded(text.translate(str.maketrans(dict(way)))) for way in ways}


def after_apostrophes(text):
    """What stands behind an apostrophe, up to a space: Brien of O'Brien."""
    return [part for word in text.split() for part in APOSTROPHE.split(word)[1:]]


def without_article(word):
    """A folded Arabic word as it is also written: الحسن is حسن."""
    return word[len(ARTICLE) :] if ARTICLED.fullmatch(word) else word


def bare_mail(text):
    """An e-mail address without what was pasted with it: mailto:, a name and <>, a dot behind."""
    text = text.strip().strip("()").rstrip(" .,;")
    if text.endswith(">") and "<" in text:
        text = text[text.rindex("<") + 1 : -1].strip()
    if text[: len(MAILTO)].casefold() == MAILTO:
        text = text[len(MAILTO) :].partition("?")[0]
    return text.strip("<>").rstrip(".,;")


@lru_cache(maxsize=4096)
def _plain(character):
    """What is compared of one character: nothing, a space, a letter, or several."""
    if character in APOSTROPHES:
        return ""
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    return "".join(map(_plain_part, unicodedata.normalize("NFKD", decomposed)))


def _plain_part(character):
    if character in ONE_FOR_ANOTHER:
        return ONE_FOR_ANOTHER[character]
    category = unicodedata.category(character)
    if character in APOSTROPHES or category == "Mn":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category[0] in "LN" or category == "Mc":
        latin = LATIN_LETTER.fullmatch(unicodedata.name(character, ""))
        return latin[1].lower() if latin else character
    return " " if category[0] in "PSZ" else ""


# With the marks that transliterations of Arabic, Hebrew and Cyrillic write for a letter.
APOSTROPHES = "'’‘‛′″`´ʹʺʻʼʽʾʿˈˊˋ՚׳״ꞌ"
APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
# Letters that Unicode does not take apart, but that people type without their stroke or hook.
LATIN_LETTER = re.compile(
    "LATIN SMALL LETTER (?:AFRICAN |DOTLESS |OPEN |TURNED )?([A-Z]{1,2})(?: BAR| WITH .+)?"
)
ONE_FOR_ANOTHER = {
    **{"œ": "oe", "ð": "d", "þ": "th", "ə": "a", "ŋ": "n"},
    **{"ĸ": "q", "ɣ": "g", "ɩ": "i", "ʃ": "s", "ʊ": "u", "ʒ": "z"},
    # Arabic: Persian and Urdu keyboards, spellings that come and go, and what only stretches.
    **dict.fromkeys("ىيېۍے", "ی"),
    **dict.fromkeys("ةہھەۃ", "ه"),
    **{"ك": "ک", "ڪ": "ک", "ٱ": "ا", "ء": "", "ـ": ""},
}
# Letters that are also written as two, or as another.
WRITTEN_OUT = {
    **{"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"},
    **{"đ": "dj", "ə": "e", "ŋ": "ng"},
    "ґ": "г",  # Ukrainian, and on no Russian keyboard
}
ARTICLE = "ال"
ARTICLED = re.compile(rf"{ARTICLE}\w{{3,}}")
MAILTO = "mailto:"
MOST_WRITTEN_OUT = 3  # of such letters in one name: eight spellings


def day_in_words(day):
    """A day that nobody can read the wrong way round: 3 May 2026."""
    return formats.date_format(day, "j M Y")


def moment_in_words(moment):
    """As day_in_words, with the time at the clinic: 3 May 2026 14:05."""
    return formats.date_format(timezone.localtime(moment), "j M Y H:i")


def moment_and_zone(moment):
    """As moment_in_words, with the clinic's time zone as it was then: 3 May 2026 14:05 BST."""
    zone = timezone.localtime(moment).strftime("%Z")
    # Many zones have no name but their distance from UTC.
    return f"{moment_in_words(moment)} {zone if zone[:1].isalpha() else f'UTC{zone}'}"


def yes_or_no(value):
    return gettext("Yes") if value else gettext("No")


def value_in_words(value):
    """A yes or no, a moment or a day in words; anything else as text."""
    match value:
        case bool():
            return yes_or_no(value)
        case datetime():
            return moment_in_words(value)
        case date():
            return day_in_words(value)
    return str(value)


def digits(text):
    """The digits of any script, as 0 to 9."""
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdigit())
