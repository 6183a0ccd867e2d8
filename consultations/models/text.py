"""Text as people type it: what it may hold, and how it is compared when searched."""

import re
import unicodedata

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


def folded(text):
    """Text without case, accents, apostrophes or joiners; other punctuation becomes a space."""
    text = "".join(character for character in text if character not in APOSTROPHES)
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = []
    for character in unicodedata.normalize("NFKD", decomposed):
        category = unicodedata.category(character)
        if category[0] in "LN" or (category == "Mc"):
            kept.append(character)
        elif category[0] in "PSZ" and character not in APOSTROPHES:
            kept.append(" ")
    return " ".join("".join(kept).split()).translate(LETTERS_WITHOUT_ACCENT_FORM)


APOSTROPHES = "'’‘ʼ`´ʻ"
# Letters that Unicode does not take apart but that people type without their stroke.
LETTERS_WITHOUT_ACCENT_FORM = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"}
)


def day_in_words(day):
    """A day that nobody can read the wrong way round: 3 May 2026."""
    return formats.date_format(day, "j M Y")


def moment_in_words(moment):
    """As day_in_words, with the time at the clinic: 3 May 2026 14:05."""
    return formats.date_format(timezone.localtime(moment), "j M Y H:i")


def yes_or_no(value):
    return gettext("Yes") if value else gettext("No")


def digits(text):
    """The digits of any script, as 0 to 9."""
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdigit())
