"""One person as one Bundle, written entry by entry: at most one file is in memory.

Entries have `urn:uuid:` addresses, and references are these addresses: all of them lead to an entry
of the same bundle, and none to a server.
"""

import json

from django.utils import timezone

from consultations.models import ClinicSettings

from .around import Around
from .codes import code_systems
from .elements import moment
from .resources import resources_of

MEDIA_TYPE = "application/fhir+json"


def write_bundle(file, person):
    """Write everything about one person, as read, to a text file. Returns how many resources."""
    head = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": moment(timezone.now()),
    }
    file.write(as_json(head)[:-1] + ', "entry": [')
    number = 0
    for number, one in enumerate(entries(person), start=1):
        file.write(("\n" if number == 1 else ",\n") + as_json(one))
    file.write("\n]}\n")
    return number


def entries(person):
    """Yield the entries of a person's bundle."""
    around = Around(ClinicSettings.objects.current())
    yield from map(entry, resources_of(person, around))
    yield from map(entry, around.resources())
    yield from map(entry, code_systems())


def entry(resource):
    return {"fullUrl": address(resource["id"]), "resource": bundled(resource)}


def bundled(value):
    """A resource with its references as addresses in the bundle."""
    if isinstance(value, list):
        return [bundled(one) for one in value]
    if isinstance(value, dict):
        return {
            name: address(one.partition("/")[2])
            if name == "reference" and isinstance(one, str)
            else bundled(one)
            for name, one in value.items()
        }
    return value


def address(key):
    return f"urn:uuid:{key}"


def as_json(value):
    return json.dumps(value, ensure_ascii=False)
