"""The pieces that resources are made of: keys, references, quantities, days and moments."""

from datetime import UTC
from uuid import UUID, uuid5

from consultations.models.spine import patient_of

from .codes import SHOWN, UCUM, UNITS

OURS = UUID("5d0c5e0a-5a3f-4d0b-8b57-5f7c1f0f6a52")


def id_of(record, part=""):
    """The key of the resource that a record is written as, or a part of it: the same for life, and
    another in every clinic, whose records were not made in the same microsecond."""
    made = getattr(record, "created_at", None) or record.date_joined
    made = made.astimezone(UTC).isoformat(timespec="microseconds")
    return str(uuid5(OURS, f"{record._meta.model_name} {record.pk} {made} {part}"))


def resource(kind, record, part="", **elements):
    """A resource of this kind about a record, without what is blank."""
    return without_blanks(
        {
            "resourceType": kind,
            "id": id_of(record, part),
            "meta": {"lastUpdated": moment(record.changed_at)},
            **elements,
        }
    )


def without_blanks(value):
    """The value without what is None or empty at any depth: a blank is never written. False and 0
    are answers."""
    if isinstance(value, dict):
        kept = ((name, without_blanks(one)) for name, one in value.items())
        return {name: one for name, one in kept if not is_blank(one)}
    if isinstance(value, list):
        return [one for one in map(without_blanks, value) if not is_blank(one)]
    return value


def is_blank(value):
    return value is None or (isinstance(value, str | list | dict) and not value)


def reference(kind, record, part=""):
    """A reference to the resource that a record is written as; None for no record."""
    return None if record is None else {"reference": f"{kind}/{id_of(record, part)}"}


def subject(record):
    return reference("Patient", patient_of(record))


def moment(when):
    """A moment with its zone, in UTC; None for none."""
    return (
        when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if when else None
    )


def day(when):
    return when.isoformat() if when else None


def number(value):
    """A decimal as JSON writes it: 12.500 is 12.5, and 12.000 is 12."""
    return int(value) if value == int(value) else float(value)


def quantity(which, value):
    """A measured value with its UCUM unit; None for a blank."""
    if value is None:
        return None
    unit = UNITS[which]
    named = {} if unit == "1" else {"unit": SHOWN.get(unit, unit)}
    return {"value": number(value), **named, "system": UCUM, "code": unit}


def notes(*texts):
    """What was typed, as annotations."""
    return [{"text": str(text)} for text in texts if text]
