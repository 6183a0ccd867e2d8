"""The columns that a file of cases may have."""

from consultations.rules.facts import FACTS

ALIASES = {"consulted_on": "on"}
REQUIRED = ("on", "area")
KNOWN = (
    *FACTS,
    "case",
    "consulted_on",
    "date_of_birth",
    "laser_considered",
    "pulse_considered",
    "expected",
    "source",
)


def name_of(column: str) -> str:
    """Return the name of the fact that a column is about."""
    name = column.strip().lower()
    return ALIASES.get(name, name)
