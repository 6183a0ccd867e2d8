"""Check constraints evaluated in memory, with the three-valued logic of SQL: a form asks dozens of
them at every save, and the database would be asked for each."""

import operator
from datetime import date
from decimal import Decimal

from django.db.models import F, JSONField, Q

ORDERED = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
ORDERED_ALIKE = (int, float, Decimal, date)  # a datetime is a date


class CannotTell(Exception):
    """The condition holds something that only the database can evaluate."""


def holds(condition, record):
    """True or false for these values of a record; None where a NULL leaves it open.

    Raises CannotTell for what is not a plain comparison of fields and values.
    """
    if not isinstance(condition, Q):
        raise CannotTell
    parts = [
        holds(child, record) if not isinstance(child, tuple) else _compared(*child, record)
        for child in condition.children
    ]
    if condition.connector == Q.AND:
        told = _all(parts)
    elif condition.connector == Q.OR:
        told = _negated(_all([_negated(part) for part in parts])) if parts else True
    else:
        raise CannotTell
    return _negated(told) if condition.negated else told


def _all(parts):
    if False in parts:
        return False
    return None if None in parts else True


def _negated(told):
    return None if told is None else not told


def _compared(lookup, value, record):
    name, *lookups = lookup.split("__")
    own = _value(record, name)
    match lookups:
        case ["isnull"]:
            return (own is None) is value
        case [] | ["exact"] if value is None:
            return own is None
        case [] | ["exact"]:
            return _known(operator.eq, own, _other(record, value))
        case ["in"]:
            return _any_of(own, value)
        case [one] if one in ORDERED:
            return _known(ORDERED[one], own, _comparable(own, _other(record, value)))
    raise CannotTell


def _any_of(own, values):
    if any(hasattr(one, "resolve_expression") for one in values):
        raise CannotTell
    return None if own is None else own in values


def _other(record, value):
    if isinstance(value, F) and "__" not in value.name:
        return _value(record, value.name)
    if hasattr(value, "resolve_expression"):
        raise CannotTell
    return value


def _value(record, name):
    """What a field holds, as its column does."""
    field = record._meta.pk if name == "pk" else record._meta.get_field(name)
    value = getattr(record, field.attname)
    if field.generated or isinstance(field, JSONField) or hasattr(value, "resolve_expression"):
        raise CannotTell
    return value


def _known(compare, own, other):
    if own is None or other is None:
        return None
    try:
        return compare(own, other)
    except TypeError as wrong:  # a day beside a moment
        raise CannotTell from wrong


def _comparable(own, other):
    """Numbers and moments are ordered here as there; texts follow the database's collation."""
    if isinstance(own, ORDERED_ALIKE) and isinstance(other, ORDERED_ALIKE):
        return other
    if own is None or other is None:
        return None
    raise CannotTell
