"""What each column of a table is taken for, by its heading."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language, override

from consultations.models.text import folded

from .fields import REQUIRED, TARGETS, Field, fields
from .systems import SYSTEMS


@dataclass(frozen=True)
class Matching:
    """What a table's columns were taken for.

    `mapping` has the key of a field for each column that was matched, by the column's index;
    `unmatched` has the headings of the others by theirs. `missing` are the fields without which no
    row can come in. `system` is the other system whose file this is, "own" for our templates, ""
    where only its headings were known.
    """

    target: str
    system: str
    mapping: dict[int, str]
    unmatched: dict[int, str]
    missing: tuple[Field, ...]


def normal(heading):
    """A heading without case, accents, punctuation, underscores and spaces."""
    return folded(str(heading)).replace(" ", "")


def match(table, format="auto", target=None):
    """Take the columns of a table for fields of one target.

    `format` is "auto", "own" or a key of `systems.SYSTEMS`; `target` is found where it is None.
    Raises KeyError for a format or a target that is none.
    """
    headings = [normal(heading) for heading in table.headings]
    system = _system_of(headings) if format == "auto" else SYSTEMS.get(format)
    if format not in {"auto", "own"} and system is None:
        raise KeyError(format)
    if system and target is None:
        target = system.target_of(headings)
    if target is None:
        target = max(TARGETS, key=lambda one: _score(headings, one))
    known = names_of(target) | (system.names_of(target) if system else {})
    mapping = _mapping(headings, known)
    unmatched = {
        place: heading
        for place, heading in enumerate(table.headings)
        if heading and place not in mapping
    }
    return Matching(
        target,
        _key_of(system, mapping, headings),
        mapping,
        unmatched,
        missing(target, mapping.values()),
    )


def missing(target, keys):
    """The fields without which no row of this target can come in, beyond those with these keys."""
    keys = set(keys)
    return tuple(
        fields(target)[ways[0]] for ways in REQUIRED[target] if not keys.intersection(ways)
    )


def is_known(heading):
    """Whether any target has a field of this heading."""
    plain = normal(heading)
    return any(plain in names_of(target) for target in TARGETS) or any(
        plain in system.headings for system in SYSTEMS.values()
    )


def names_of(target):
    """The key of each field by every heading it is known by, in English and in the language of
    whoever asks."""
    return _names_of(target, get_language())


@cache
def _names_of(target, language):
    known = {}
    # The keys last: they are the headings of our own files.
    for field in fields(target).values():
        known |= {normal(name): field.key for name in field.names}
    for name in {"en", language or "en"}:
        with override(name):
            known |= {
                normal(field.label): field.key
                for field in fields(target).values()
                if field.in_template
            }
    known |= {normal(key): key for key in fields(target)}
    return known


def _mapping(headings, known):
    """The first column of each field, by index: a second one of the same is left unmatched."""
    mapping = {}
    for place, heading in enumerate(headings):
        key = known.get(heading) if heading else None
        if key and key not in mapping.values():
            mapping[place] = key
    return mapping


def _score(headings, target):
    """How well a target fits: required fields count most, then what is matched at all."""
    mapping = _mapping(headings, names_of(target))
    own = [key for key in mapping.values() if key not in SHARED]
    return (-len(missing(target, mapping.values())), len(own), len(mapping))


# Fields of a person, which the files of all other records have too.
SHARED = {"record_number", "other_number", "full_name"}


def _system_of(headings):
    found = [system for system in SYSTEMS.values() if system.is_of(headings)]
    return max(found, key=lambda one: one.sureness(headings), default=None)


def _key_of(system, mapping, headings):
    if system:
        return system.key
    own = {normal(key): key for key in mapping.values()}
    is_own = (
        bool(mapping)
        and len(mapping) == len([one for one in headings if one])
        and all(headings[place] in own for place in mapping)
    )
    return "own" if is_own else ""


# Our own templates


def template(target):
    """The headings of our own file of a target: the keys of its fields."""
    return tuple(field.key for field in fields(target).values() if field.in_template)


def template_rows(target):
    """One example row for `template(target)`, of an invented person."""
    example = EXAMPLES[target]
    return [tuple(example.get(key, "") for key in template(target))]


EXAMPLES = {
    "patients": {
        "record_number": "P-000001",
        "family_name": "Example",
        "given_name": "Anna",
        "date_of_birth": "1980-03-05",
        "sex": "female",
        "phone": "020 7946 0000",
        "email": "anna@example.com",
        "address": "1 Example Street, London",
        "interpreter_needed": "no",
        "phototype": "II",
        "any_allergies": "no",
    },
    "lasers": {
        "laser": "Example laser",
        "manufacturer": "Example maker",
        "in_service": "yes",
        "mode": "Fractional",
        "laser_type": "non_ablative_fractional",
        "wavelength_nm": "1540",
        "pulse": "long",
        "pulse_energy_mj_min": "5",
        "pulse_energy_mj_max": "70",
    },
    "consultations": {
        "record_number": "P-000001",
        "consulted_on": "2026-01-31",
        "clinician": "username",
        "smoker": "no",
        "area": "neck",
        "severity": "mild",
        "grade": "1.5",
        "outcome": "candidate",
    },
    "sessions": {
        "record_number": "P-000001",
        "area": "neck",
        "consulted_on": "2026-01-31",
        "laser_type": "non_ablative_fractional",
        "planned_sessions": "5",
        "interval_days": "30",
        "plan_status": "stopped",
        "plan_status_reason": "Moved from another system",
        "started_on": "2026-02-10",
        "performed_on": "2026-02-10",
        "performed_elsewhere": "Example clinic",
    },
    "appointments": {
        "record_number": "P-000001",
        "kind": "treatment",
        "starts_at": "2026-03-10 14:00",
        "ends_at": "2026-03-10 14:45",
        "practitioner": "username",
        "laser": "Example laser",
        "status": "booked",
        "areas": "neck",
    },
}
