"""Refuse passwords made of words that everybody here would guess, plus a year or a sign."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings

# From the program, the trade, and lists of leaked passwords.
WORDS = """
    turgor laser skin clinic practice tightening tighten doctor nurse patient reception receptionist
    practitioner clinician manager admin administrator password passwort welcome login letmein
    hello changeme secret test demo spring summer autumn winter january february march april june
    july august september october november december monday tuesday wednesday thursday friday
    saturday sunday qwerty azerty abcdef asdfgh london england
""".split()  # noqa: SIM905
READ_AS = str.maketrans("013457@$!€", "oieastasie")
LETTERS_LEFT = 4


class NotOnlyKnownWords:
    """Refuse known words with fewer than four other letters."""

    def validate(self, password, user=None):
        left = plain(password)
        for word in sorted({*WORDS, *words_of_clinic()}, key=len, reverse=True):
            left = left.replace(word, " ")
        if " " in left and len(left.replace(" ", "")) < LETTERS_LEFT:
            raise ValidationError(self.get_help_text(), code="password_known_words")

    def get_help_text(self):
        return _(
            "Your password can’t be made of words that everybody here would guess, such as the "
            "program’s or the clinic’s name, a role or a month, with a year or a sign behind."
        )


def plain(text):
    """Return the letters in lower case, with digits and signs between them read as letters."""
    between = re.sub(r"^[^a-z]+|[^a-z]+$", "", text.casefold())
    return re.sub(r"[^a-z]", "", between.translate(READ_AS))


def words_of_clinic():
    name = ClinicSettings.objects.current().name
    return {word for word in map(plain, name.split()) if len(word) >= LETTERS_LEFT}
