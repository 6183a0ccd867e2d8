"""What no validator looks at: each rule yields what breaks it, in words."""

import base64
import hashlib
import re
from datetime import UTC, datetime

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel

UCUM = "http://unitsofmeasure.org"
# Grammar of UCUM's case sensitive symbols, with the units that a laser has.
ATOM = r"(?:[kcmun]?(?:m|s|g|J|W|Hz)|%|1|d)"
UNIT = re.compile(rf"{ATOM}\d?(?:[./]{ATOM}\d?)*")
ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")


# The lists in fhir.resources are those of FHIR's short descriptions, some of which end with a +.
MORE = {"Encounter.status": ["entered-in-error"], "Observation.status": ["entered-in-error"]}


def broken(bundle):
    """Everything that breaks one of our own rules."""
    rules = (references, units, moments, spans, attachments, blanks, codes, keys)
    return [words for rule in rules for words in rule(bundle)]


def dicts_in(value, path=""):
    if isinstance(value, dict):
        yield path, value
        for name, one in value.items():
            yield from dicts_in(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from dicts_in(one, f"{path}[{place}]")


def references(bundle):
    addresses = {entry["fullUrl"] for entry in bundle["entry"]}
    for path, one in dicts_in(bundle):
        leads_to = one.get("reference")
        if isinstance(leads_to, str) and leads_to not in addresses:
            yield f"{path}: {leads_to} leads nowhere"


def keys(bundle):
    seen = set()
    for entry in bundle["entry"]:
        if entry["fullUrl"] != f"urn:uuid:{entry['resource']['id']}" or entry["fullUrl"] in seen:
            yield f"{entry['fullUrl']} is not its own"
        seen.add(entry["fullUrl"])


def units(bundle):
    for path, one in dicts_in(bundle):
        if one.get("system") == UCUM and not UNIT.fullmatch(one["code"]):
            yield f"{path}: {one['code']} is no unit"
        if "value" in one and "code" in one and isinstance(one["value"], str | bool):
            yield f"{path}: {one['value']} is no number"


def moments(bundle):
    for path, one in dicts_in(bundle):
        for name, value in one.items():
            if isinstance(value, str) and MOMENT.match(value) and not ZONE.search(value):
                yield f"{path}.{name}: {value} has no zone"


def spans(bundle):
    for path, one in dicts_in(bundle):
        if "start" in one and "end" in one and not _at(one["start"]) <= _at(one["end"]):
            yield f"{path}: ends before it starts"


def _at(text):
    """A day, or a moment; one without its zone is another rule's."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def attachments(bundle):
    for path, one in dicts_in(bundle):
        if "hash" in one:
            content = base64.b64decode(one["data"], validate=True)
            digest = base64.b64encode(hashlib.sha1(content).digest()).decode()
            if (one["hash"], one["size"]) != (digest, len(content)):
                yield f"{path}: not the bytes that were digested"


def blanks(bundle):
    for path, one in dicts_in(bundle):
        for name, value in one.items():
            if value is None or (isinstance(value, str | list | dict) and not value):
                yield f"{path}.{name}: blank"


def codes(bundle):
    """By the lists of codes that fhir.resources knows and does not look at."""
    for entry in bundle["entry"]:
        resource = entry["resource"]
        model = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        yield from _codes(model, resource["resourceType"])


def _codes(model, path):
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        allowed = (field.json_schema_extra or {}).get("enum_values")
        for one in value if isinstance(value, list) else [value]:
            more = MORE.get(f"{path}.{name}", ())
            if one is not None and allowed and one not in allowed and one not in more:
                yield f"{path}.{name}: {one} is no code"
            if isinstance(one, BaseModel):
                yield from _codes(one, f"{path}.{name}")
