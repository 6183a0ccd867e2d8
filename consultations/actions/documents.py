"""Documents: each is kept as it was issued, with its digest, under the next number."""

import hashlib

from django.core.files.base import ContentFile

from consultations.models import IssuedDocument, RecordCounter
from consultations.models.document import ABOUT
from consultations.models.transactions import atomic

from .locking import lock_patient_of, refuse_record_that_ended

LONGEST_RECIPIENT = IssuedDocument._meta.get_field("recipient").max_length


@atomic()
def keep_document(*, document, about, recipient, draw, by):
    """Issue a new document of its kind about a record of a patient, or about a laser: take the next
    number, draw it, keep the file and its digest.

    `draw` is called with the number and returns the bytes. Raises what it raises, and
    ValidationError for a patient to whose record nothing may be added; then no number is used.
    `without_stray_files` goes around it.
    """
    patient = lock_patient_of(about)
    if patient is not None:
        refuse_record_that_ended(patient)
    document.patient = patient
    document.recipient = " ".join(recipient.split())[:LONGEST_RECIPIENT]
    if document.kind in ABOUT:
        setattr(document, ABOUT[document.kind], about)
    document.number = RecordCounter.take_next_document()
    content = draw(document.number)
    document.digest = hashlib.sha256(content).hexdigest()
    document.size = len(content)
    document.validate_constraints()
    document.file.save("", ContentFile(content), save=False)
    document.save(by=by)
    return document
