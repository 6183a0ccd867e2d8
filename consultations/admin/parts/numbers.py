"""How numbers are typed."""

import re

from django import forms

# Not three digits: 1,500 may be meant as a thousand and a half.
ONE_COMMA = re.compile(r"^(\s*\d+),(\d{1,2}\s*)$")


class NumberInput(forms.TextInput):
    """A number as text with the number keys: browsers change a number field when somebody scrolls
    over it, and lose what is typed there but is no number. One decimal comma is a point."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", "class": "vNumber"} | (attrs or {}))

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return ONE_COMMA.sub(r"\1.\2", value) if isinstance(value, str) else value
