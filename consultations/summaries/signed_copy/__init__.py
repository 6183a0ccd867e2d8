"""A signed record as it was signed: every label, answer and verdict in the words of that day.

The copy is stored with the signature and only ever shown. Nothing in it is looked up again, so
neither a later release nor a later answer changes what was signed.
"""

import hashlib
import json

from consultations.models import Consultation

from .consultation import consultation_page
from .findings import finding_in_words
from .session import session_page


def seen_in(record):
    """Return the versions of everything that would be signed with a record, as one word.

    That is the record, its patient, and its areas or its plan.
    """
    own = record.assessments.order_by("pk") if isinstance(record, Consultation) else [record.plan]
    return "-".join(f"{one.pk}.{one.version}" for one in (record, record.patient, *own))


def rendition_of(record, *, progress=""):
    """Return the page of a consultation or session in today's words, ready to be stored as JSON.

    `progress` is how far the course had come ("3 of 5"), if it is already known.
    """
    if isinstance(record, Consultation):
        return consultation_page(record)
    return session_page(record, progress)


def digest_of(rendition):
    """Return the SHA-256 of a page's canonical JSON; it compares a print with the stored page."""
    plain = json.dumps(rendition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def lines_of(rendition):
    """Yield a stored page as lines of plain text, for files that are read without the program."""
    yield rendition["title"]
    for section in rendition["sections"]:
        yield from ("", section["title"])
        yield from (section[name] for name in ("state", "text") if section.get(name))
        yield from (f"{row['label']}: {row['value']}" for row in section["rows"])
        yield from (finding_in_words(finding) for finding in section.get("findings", ()))
