"""The entries of the audit in words, on the page and as a table."""

import csv
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.models import Patient
from consultations.summaries.timeline import name_of
from consultations.trust.audit import CHANGED, CREATED, ERASED, After, entries
from consultations.trust.cells import cell
from consultations.vocabulary import AccessKind

from .asked import KINDS

IN_A_PIECE = 500
TONES = {
    CREATED: "good",
    CHANGED: "info",
    ERASED: "stop",
    AccessKind.EXPORT: "refer",
    AccessKind.SIGN_IN_REFUSED: "wait",
}


@dataclass(frozen=True)
class Row:
    """One entry in words."""

    at: datetime
    kind: str
    tone: str
    who: str
    what: str
    url: str
    patient: Patient | None
    address: str
    reason: str


def staff_by_key():
    columns = ("username", "first_name", "last_name")
    return {user.pk: name_of(user) for user in get_user_model().objects.only(*columns)}


def in_words(shown, staff, site, reads_reasons):
    patients = Patient.objects.in_bulk({one.patient for one in shown if one.patient})
    return [
        Row(
            at=one.at,
            kind=KINDS[one.kind],
            tone=TONES.get(one.kind, "quiet"),
            who=staff.get(one.user, ""),
            what=_what(one, staff),
            url=_history_url(one, site),
            patient=patients.get(one.patient),
            address=one.address or "",
            reason=(one.reason if reads_reasons else "") or one.detail,
        )
        for one in shown
    ]


def _what(entry, staff):
    """The record by its name and number, an account by whose it is; the patient's name stands
    beside it anyway."""
    if entry.model in {"", "patient"}:
        return str(_("Details")) if entry.model and entry.kind in {CREATED, CHANGED} else ""
    try:
        name = _model(entry.model)._meta.verbose_name
    except LookupError:
        name = entry.model
    which = staff.get(entry.object_id) if entry.model == "user" else entry.object_id
    return f"{capfirst(name)} {which or ''}".strip()


def _model(name):
    return apps.get_model("auth" if name == "user" else "consultations", name)


def _history_url(entry, site):
    """Where each field before and after is told."""
    if entry.kind not in {CREATED, CHANGED} or not site.is_registered(_model(entry.model)):
        return ""
    meta = _model(entry.model)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[entry.object_id])


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def lines(asked, staff, site, reads_reasons):
    writer, after = csv.writer(Echo()), None
    heads = (_("When"), _("What"), _("Who"), _("Record"), _("Number"), _("Patient"))
    yield "\ufeff" + writer.writerow([*heads, _("Address"), _("Reason")])
    while True:
        some = entries(asked, after=after, limit=IN_A_PIECE)
        for row in in_words(some, staff, site, reads_reasons):
            yield writer.writerow([cell(value) for value in _cells(row)])
        if len(some) < IN_A_PIECE:
            return
        after = After(some[-1].at, some[-1].place, some[-1].key)


def _cells(row):
    yield timezone.localtime(row.at).isoformat(timespec="seconds")
    yield from (row.kind, row.who, row.what)
    yield from (row.patient.record_number, row.patient.full_name) if row.patient else ("", "")
    yield from (row.address, row.reason)
