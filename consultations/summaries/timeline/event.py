"""One line of the timeline."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline; it links to `record`."""

    day: date
    kind: str
    areas: tuple[str, ...]
    title: str
    details: tuple[str, ...]
    who: str
    record: object
    in_error: bool = False
    is_signed: bool = False


def name_of(user):
    """Return the name of an account as people know it; "" for nobody."""
    return (user.get_full_name() or user.get_username()) if user else ""
