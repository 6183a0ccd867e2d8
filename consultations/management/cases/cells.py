"""Read one cell. Each reader raises ValueError with the words for what it accepts."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from consultations.rules.facts import CHOICES, DATES, YES_NO
from consultations.rules.protocol import HIGHEST_GRADE
from consultations.vocabulary import LaserType, Outcome, Pulse

YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
FIRST_YEAR, LAST_YEAR = 1900, 2100
OLDEST_AGE = 130

Reader = Callable[[str], Any]


def _yes_no(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError("write yes or no")
    return text.lower() in YES


def _day(text: str) -> date:
    accepted = f"write a day as YYYY-MM-DD, {FIRST_YEAR} to {LAST_YEAR}"
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(accepted)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(accepted) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(accepted)
    return day


def _age(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text) or int(text) > OLDEST_AGE:
        raise ValueError(f"write whole years, 0 to {OLDEST_AGE}")
    return int(text)


def _days(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError("write whole days, 0 or more")
    return int(text)


def _grade(text: str) -> Decimal:
    if not re.fullmatch(r"[0-4](\.[05]0{0,3})?", text) or Decimal(text) > HIGHEST_GRADE:
        raise ValueError(f"write 0 to {HIGHEST_GRADE} in half steps")
    return Decimal(text)


def _one_of(choices: Any) -> Reader:
    words = {choice.value.lower(): choice for choice in choices}
    *most, last = [choice.value for choice in choices]

    def read(text: str) -> Any:
        if text.lower() not in words:
            raise ValueError(f"write {', '.join(most)} or {last}")
        return words[text.lower()]

    return read


READERS: dict[str, Reader] = {
    "on": _day,
    "age": _age,
    "grade": _grade,
    "max_downtime_days": _days,
    "date_of_birth": _day,
    "laser_considered": _one_of(LaserType),
    "pulse_considered": _one_of(Pulse),
    "expected": _one_of(Outcome),
    **dict.fromkeys(DATES, _day),
    **dict.fromkeys(YES_NO, _yes_no),
    **{name: _one_of(choices) for name, choices in CHOICES.items()},
}
