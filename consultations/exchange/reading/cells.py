"""One cell: as text, and as it is kept between reading a file and saving what it holds."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from .base import NoValue


class UnreadableValueError(ValueError):
    """Why a cell cannot be read, in words."""


def text_of(cell):
    """A cell as text, the way it would be typed: 2026-01-31, 14:05, yes, 12.5."""
    if isinstance(cell, NoValue):
        raise UnreadableValueError(cell.why)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.isoformat(
            " ", "minutes" if not (cell.second or cell.microsecond) else "seconds"
        )
    if isinstance(cell, time):
        return cell.isoformat("minutes" if not cell.second else "seconds")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return str(cell).strip()


def to_json(cell):
    """A cell as JSON holds it; `from_json` gives the same cell back."""
    if isinstance(cell, str | bool):
        return cell
    if isinstance(cell, NoValue):
        return {"NoValue": [cell.shown, cell.why]}
    if isinstance(cell, timedelta):
        return {"timedelta": cell.total_seconds()}
    if isinstance(cell, Decimal):
        return {"Decimal": str(cell)}
    return {type(cell).__name__: cell.isoformat()}


def from_json(stored):
    """The cell that `to_json` made this of."""
    if isinstance(stored, str | bool):
        return stored
    ((kind, value),) = stored.items()
    return {
        "NoValue": lambda: NoValue(*value),
        "timedelta": lambda: timedelta(seconds=value),
        "Decimal": lambda: Decimal(value),
        "date": lambda: date.fromisoformat(value),
        "datetime": lambda: datetime.fromisoformat(value),
        "time": lambda: time.fromisoformat(value),
    }[kind]()


def is_blank(cell):
    return isinstance(cell, str) and not cell.strip()


def several(cell):
    """The values of a cell that joins them as Google Contacts does, or by lines."""
    return [part for one in re.split(r" ::: |\n", text_of(cell)) if (part := one.strip())]
