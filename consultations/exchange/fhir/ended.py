"""Who was merged, erased or entered in error while all patients were written.

Their lines may say what is not so any more, or stand in no file at all: they are taken out, and the
record that goes on is written anew.
"""

import json
import os
import re

from django.db.models import Q

from consultations.models import Patient
from consultations.summaries.person import person_of

from .elements import id_of

KEY = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def people_ended_since(moment):
    """Return by the key of the record that goes on the FHIR keys of all records of that person, of
    everybody of whom a record ended since then."""
    changed = Patient._base_manager.filter(Q(changed_at__gte=moment) | Q(erased_at__gte=moment))
    ended = changed.filter(Q(entered_in_error_at__isnull=False) | Q(erased_at__isnull=False))
    found = {}
    for one in ended.order_by("pk"):
        person = person_of(one)
        found[person[0].pk] = {id_of(record) for record in person}
    return found


def take_out(path, keys):
    """Rewrite an NDJSON file without the lines that name any of these keys; return how many lines
    are left, and how many of them are patients who go on."""
    keys, draft = {key.encode() for key in keys}, path.with_name(f".{path.name}")
    count = patients = 0
    with open(path, "rb") as lines, os.fdopen(_opened(draft), "wb") as kept:
        for line in lines:
            if keys.isdisjoint(KEY.findall(line)):
                kept.write(line)
                count += 1
                patients += path.stem == "Patient" and json.loads(line)["active"]
        kept.flush()
        os.fsync(kept.fileno())
    draft.replace(path)
    return count, patients


def _opened(path):
    return os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
