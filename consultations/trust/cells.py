"""Interchange: format one value as a cell of a CSV file that people open in a spreadsheet."""

# Starts of formulas, including the full-width signs of East Asian keyboards.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value):
    """Return a value as text that no spreadsheet reads as a formula; "" for None."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
