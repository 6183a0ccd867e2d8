"""Interchange: format one value as a cell of a CSV file that people open in a spreadsheet."""

# Starts of formulas, including the full-width signs of East Asian keyboards.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value):
    """Return a value as text that no spreadsheet reads as a formula; "" for None.

    Text that has such a ' of its own gets one more, so that `plain` gives back what it was.
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def plain(text):
    """Return the text that `cell` made this of."""
    is_marked = text.startswith("'") and text.lstrip("'").startswith(FORMULA)
    return text[1:] if is_marked else text
