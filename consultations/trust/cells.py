"""Interchange: one value as a cell of a table that people open in a spreadsheet."""

# What a spreadsheet calculates with, full-width signs of East Asian keyboards included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value):
    """A value in words that no spreadsheet takes for a formula; nothing for None."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
