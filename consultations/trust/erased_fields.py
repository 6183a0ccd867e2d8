"""What becomes of each field when a person is erased.

Kept is what law and statistics need and what tells nobody who it was: days, choices, numbers,
yes and no, and the names of staff. Everything that somebody typed is taken away. That follows from
the kind of field; what is treated otherwise is said here.
"""

import re
from functools import cache

from django.db import models
from django.utils.translation import gettext as _

from consultations.models import (
    AccessRecord,
    Appointment,
    AreaAssessment,
    Consent,
    Erasure,
    IssuedDocument,
    Message,
    MessageAttempt,
    Patient,
    Payment,
    Photo,
    SearchKey,
)
from consultations.models.record import is_free_text
from consultations.rules.facts import CHOICES, FACTS

# Each takes the value and the key of its record, and gives the value that stays.


def kept(value, key):
    return value


def blank(value, key):
    return ""


def nothing(value, key):
    return None


def empty_record(value, key):
    return {}


def empty_list(value, key):
    return []


def worded(value, key):
    """What somebody typed: that there was something stays, so that every promise still holds."""
    return _("Erased.") if value else value


def named(value, key):
    return _("Erased")


def year_alone(value, key):
    """The year of birth, written as its first day."""
    return value.replace(month=1, day=1)


def fingerprint(value, key):
    """The digest of a picture finds it again; in its place stands the key, unlike any other."""
    return f"erased {key}"


def without_words(findings, key):
    """Findings by their ids; their words are in the rulebook of that version."""
    names = ("id", "level", "lasers", "until", "accepted")
    silent = {"hint": "", "source": ""}
    return [
        {
            "message": one.get("id", ""),
            **silent,
            **{name: one[name] for name in names if name in one},
        }
        for one in findings
    ]


def only_values(facts, key):
    """The facts that the rules saw, without anything that is neither a choice nor a day."""
    return {
        name: value for name, value in facts.items() if name in FACTS and _is_value(name, value)
    }


def _is_value(name, value):
    if not isinstance(value, str):
        return value is None or isinstance(value, bool | int | float)
    in_choices = name in CHOICES and value in CHOICES[name].values
    return in_choices or bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value))


def unsaid(rendition, key):
    """The page as it was signed holds name, answers and notes: none of it stays."""
    return rendition and {"version": 1, "title": _("Erased."), "sections": []}


def _all(treatment, *names):
    return dict.fromkeys(names, treatment)


# What every record has, and what is treated otherwise than its kind of field.
SHARED = {"form_token": nothing, "signed_as": unsaid, "findings": without_words, "rulebook": kept}
EXCEPTIONS = {
    Patient: {
        # The action gives a new one, by which paper does not lead back.
        "record_number": kept,
        "family_name": named,
        "date_of_birth": year_alone,
        **_all(blank, "given_name", "sort_name", "phone", "email", "address"),
        **_all(blank, "emergency_contact", "guardian", "general_practitioner"),
    },
    # Chosen from the clinic's list.
    Appointment: {"reason": kept},
    AreaAssessment: {"lasers": kept, "facts": only_values},
    Photo: {**_all(blank, "image", "thumbnail", "thumbnail_digest"), "digest": fingerprint},
    Consent: {"digest": blank, "read_as": empty_record, "points": empty_list},
    # Its digest still tells whether a copy on paper is the one that was issued.
    IssuedDocument: {"file": blank, "digest": kept, "number": kept},
    AccessRecord: {"model": kept},
    Message: _all(blank, "to", "subject", "body", "message_id", "reply", "claimed_by"),
    MessageAttempt: {"code": kept},
    # Written once the person is gone; its reasons name nobody.
    Erasure: _all(kept, "reason", "legal_reason", "rows", "key_name", "proof"),
    # By the number on paper an entry is found; in its place stands the key.
    Payment: {"receipt_number": fingerprint},
    # Taken away whole.
    SearchKey: _all(nothing, "id", "patient", "key"),
}


@cache
def treatments_of(model):
    """What becomes of each field of such a record, by name: functions of the value and the key.

    Raises LookupError for a field of a kind that has to be decided here.
    """
    own = SHARED | EXCEPTIONS.get(model, {})
    return {
        field.name: own.get(field.name) or _treatment_of_kind(field)
        for field in model._meta.concrete_fields
    }


def _treatment_of_kind(field):
    if isinstance(field, models.JSONField | models.BinaryField | models.FileField):
        raise LookupError(f"say in erased_fields what becomes of {field}")
    return worded if is_free_text(field) and not field.is_relation else kept


HISTORY = {
    **_all(kept, "history_id", "history_date", "history_type", "history_user"),
    "history_change_reason": worded,
}
