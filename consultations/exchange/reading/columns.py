"""What each column of a table is taken for, by its heading."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language, override

from consultations.models.text import folded

from .fields import FOR_ALL_ROWS, NEEDED_TOO, REQUIRED, TARGETS, Field, fields
from .systems import SYSTEMS


@dataclass(frozen=True)
class Matching:
    """What a table's columns were taken for.

    `mapping` has the key of a field for each column that was matched, by the column's index;
    `unmatched` has the headings of the others by theirs. `missing` are the fields without which no
    row can come in. `system` is the other system whose file this is, "own" for our templates, ""
    where only its headings were known. `advice` is what its user has to know of such a file.
    """

    target: str
    system: str
    mapping: dict[int, str]
    unmatched: dict[int, str]
    missing: tuple[Field, ...]
    advice: str = ""


def normal(heading):
    """A heading without case, accents, punctuation, underscores and spaces."""
    return folded(str(heading)).replace(" ", "")


def match(table, format="auto", target=None):
    """Take the columns of a table for fields of one target.

    `format` is "auto", "own" or a key of `systems.SYSTEMS`; `target` is found where it is None.
    Raises KeyError for a format or a target that is none.
    """
    headings = [normal(heading) for heading in table.headings]
    system, file = _file_of(headings, format)
    if target is None:
        target = file.target if file else max(TARGETS, key=lambda one: _score(headings, one))
    known = names_of(target)
    if file and file.target == target:
        known = known | {normal(heading): key for heading, key in file.meanings.items()}
    mapping = _mapping(headings, known)
    unmatched = {
        place: heading
        for place, heading in enumerate(table.headings)
        if heading and place not in mapping
    }
    return Matching(
        target,
        system or _own(target, mapping, headings),
        mapping,
        unmatched,
        missing(target, mapping.values()),
        str(file.advice) if file and file.target == target else "",
    )


def missing(target, keys):
    """The fields without which no row of this target can come in, beyond those with these keys."""
    return _lacking(target, keys, needed(target))


def needed(target):
    """The fields that every row of a target needs: for each the keys of those that will do."""
    return (*REQUIRED[target], *NEEDED_TOO.get(target, ()))


def for_all_rows(target, keys):
    """The fields that may be said of all rows at once, where none of these keys has a column."""
    return tuple(fields(target)[key] for key in FOR_ALL_ROWS[target] if key not in keys)


def _lacking(target, keys, needed):
    keys = set(keys)
    return tuple(fields(target)[ways[0]] for ways in needed if not keys.intersection(ways))


def is_known(heading):
    """Whether any target has a field of this heading."""
    return any(normal(heading) in names_of(target) for target in TARGETS)


def names_of(target):
    """The key of each field by every heading it is known by, in English and in the language of
    whoever asks."""
    return _names_of(target, get_language())


@cache
def _names_of(target, language):
    known, own = {}, {}
    for field in fields(target).values():
        words = own if field.in_template else known
        for name in ("en", language or "en"):
            with override(name):
                words[normal(field.label)] = field.key
        words[normal(field.key)] = field.key
    # Our own last: they are the headings of our templates.
    names = {normal(name): field.key for field in fields(target).values() for name in field.names}
    return known | names | own


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
    lacking = _lacking(target, mapping.values(), REQUIRED[target])
    return (-len(lacking), len(own), len(mapping))


# Fields of a person, which the files of all other records have too.
SHARED = {"record_number", "other_number", "full_name"}


def _file_of(headings, format):
    """The key of the system whose file this is, and which File; "" and None where of none."""
    if format == "own":
        return "", None
    systems = SYSTEMS.values() if format == "auto" else (SYSTEMS[format],)
    for system in systems:
        for file in system.files:
            if all(normal(sign) in headings for sign in file.signs):
                return system.key, file
    return ("", None) if format == "auto" else (format, None)


def _own(target, mapping, headings):
    """Return "own" where every heading is the key of its field, as in our templates, else "". Cards
    and FHIR have such headings too, of fields that no template has."""
    known, filled = fields(target), [place for place, heading in enumerate(headings) if heading]
    keys = [mapping.get(place, "") for place in filled]
    is_own = keys and all(
        key and known[key].in_template and normal(key) == headings[place]
        for place, key in zip(filled, keys, strict=True)
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
        "record_number": "P-000000",
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
        "record_number": "P-000000",
        "consulted_on": "2026-01-31",
        "clinician": "username",
        "smoker": "no",
        "area": "neck",
        "severity": "mild",
        "grade": "1.5",
        "outcome": "candidate",
    },
    "sessions": {
        "record_number": "P-000000",
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
        "record_number": "P-000000",
        "kind": "treatment",
        "starts_at": "2026-03-10 14:00",
        "ends_at": "2026-03-10 14:45",
        "practitioner": "username",
        "laser": "Example laser",
        "status": "booked",
        "areas": "neck",
    },
}
