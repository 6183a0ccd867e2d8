"""Cells as JSON, so that a staged row says what the file said: text as text, all else by kind."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from consultations.exchange.reading.base import NoValue

WRITE = {
    bool: ("yes_no", lambda value: value),
    datetime: ("moment", datetime.isoformat),
    date: ("day", date.isoformat),
    time: ("time", time.isoformat),
    timedelta: ("seconds", timedelta.total_seconds),
    Decimal: ("number", str),
    NoValue: ("none", lambda value: [value.shown, str(value.why)]),
}
READ = {
    "yes_no": bool,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda value: timedelta(seconds=value),
    "number": Decimal,
    "none": lambda value: NoValue(*value),
}


def as_json(cell):
    """Return a cell of a table as it is stored."""
    if isinstance(cell, str):
        return cell
    kind, write = WRITE[type(cell)]
    return {kind: write(cell)}


def as_read(stored):
    """Return a stored cell as it was read."""
    if isinstance(stored, str):
        return stored
    [(kind, value)] = stored.items()
    return READ[kind](value)


def shown(stored):
    """Return a stored cell in the words of the file."""
    return str(as_read(stored))
