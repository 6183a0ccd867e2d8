"""Drawing a document up, to be looked at first, and issuing it: kept to the byte, and numbered."""

import hashlib
import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.documents import keep_document
from consultations.actions.files import without_stray_files
from consultations.actions.locking import lock_patient_of, refuse_record_that_ended
from consultations.models import ClinicSettings, IssuedDocument, StaleRecordError, patient_of
from consultations.models.document import ABOUT
from consultations.models.transactions import atomic

from .kinds import KINDS
from .sheet import head_of, identity_of, sheet
from .typesetting import pdf_of


@dataclass(frozen=True)
class Draft:
    """A document as it would be issued now. `stamp` tells it from one that says anything else."""

    template: str
    data: dict

    @property
    def stamp(self):
        return hashlib.sha256(json.dumps(self.data, sort_keys=True).encode()).hexdigest()

    @property
    def recipient(self):
        return self.data["to"][0] if self.data["to"] else ""

    def refuse_unless_seen(self, stamp):
        """Raise StaleRecordError where `stamp` is that of a draft that says something else."""
        if stamp != self.stamp:
            raise StaleRecordError(_("Something changed since you looked at it. Check it again."))

    def pdf(self, number=""):
        return pdf_of(self.template, self.data | ({"number": number} if number else {}))


def draft_of(kind, about, by, *, with_photos=False):
    """Return a document about a record as it would be issued by somebody now.

    Raises ValidationError where there can be none.
    """
    refuse_record_that_ended(patient_of(about))
    if told := KINDS[kind].refusal(about):
        raise ValidationError(told)
    options = {"with_photos": True} if with_photos else {}
    said = KINDS[kind].gather(about, by, **options)
    day = timezone.localdate()
    patient = patient_of(about)
    whose = {"identity": identity_of(patient), "patient": head_of(patient)}
    data = sheet(**whose | {"day": day, "number": _("Not issued")} | said)
    return Draft(KINDS[kind].template, data)


def missing_of(kind, about):
    """Return what such a document should say and does not, in words."""
    clinic = ClinicSettings.objects.current()
    head = {_("the clinic’s name"): clinic.name, _("the clinic’s address"): clinic.address}
    return [*KINDS[kind].missing(about), *(words for words, known in head.items() if not known)]


def last_issued(kind, about):
    """Return the latest document of a kind about a record that stands, or None."""
    named = {ABOUT[kind]: about} if kind in ABOUT else {"patient": about}
    found = IssuedDocument.objects.standing().filter(kind=kind, **named)
    return found.select_related("created_by").latest_first().first()


def issue(kind, about, by, *, with_photos=False, stamp=None, token=None, only_if=None):
    """Issue a document about a record and return it.

    `stamp` is that of the draft that was looked at, `token` that of its form: what was issued from
    it already is returned, and nothing issued twice. `only_if` is asked once nobody else writes
    about the patient; where it says no, nothing is issued and None returned.

    Raises ValidationError where there can be no such document, or a character of it cannot be
    printed, and StaleRecordError if it would say something else by now.
    """
    document = IssuedDocument(kind=kind, form_token=token)
    with without_stray_files(document, "file"), atomic():
        patient = lock_patient_of(about)
        if token and (made := patient.documents.filter(form_token=token).first()):
            return made
        if only_if is not None and not only_if():
            return None
        about.refresh_from_db()
        draft = draft_of(kind, about, by, with_photos=with_photos)
        if stamp is not None:
            draft.refuse_unless_seen(stamp)
        told = {"recipient": draft.recipient, "draw": draft.pdf}
        keep_document(document=document, about=about, by=by, **told)
        KINDS[kind].follows(about, by)
    return document
