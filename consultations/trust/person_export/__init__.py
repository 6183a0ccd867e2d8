"""Interchange: export everything about one person as an archive of open formats, with photos and
documents.

One pass over the records writes them as JSON, as CSV and as a page to read. The rows of one person
are in memory, and one file at a time.
"""

import zipfile

from django.db import transaction
from django.utils.translation import gettext as _

from consultations.models import Consent, ConsentWording, IssuedDocument, Patient, Photo, kinds
from consultations.summaries.person import person_of
from consultations.trust.access import record_export

from .documents import Documents, made_by
from .files import add_files
from .names import Names
from .records import exported_records
from .rows import Rows
from .signatures import add_signatures


@transaction.atomic
def export_person(*, patient, by, file, address=None, way=""):
    """Write everything about the person of `patient` to `file` as a ZIP; log that `by` did.

    Returns the number of records in it. `way` is added to the log if it was not by the page.
    """
    Patient.objects.locked_together(patient.pk)
    person = person_of(patient)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        count, _missing = write_person(
            person=person, rows=Rows([person]), made=made_by(by), known={}, archive=archive
        )
    detail = _("Everything about the person: %(count)s records.") % {"count": count}
    record_export(by=by, detail=detail, address=address, way=way, patient=patient)
    return count


def write_person(*, person, rows, made, known, archive, every_table=True):
    """Write everything about a person, as `person_of` returns them, to an archive that is written
    as a ZipFile is.

    `rows` are read already, of this person and perhaps of others; `made` is what `made_by` tells of
    the export, `known` the names that are known. Returns how many records it has, and how many of
    their files are missing. Tables without rows are written if `every_table`. Drafts are left out:
    they are no records, and only their writer reads them.
    """
    names = Names(frozenset(one.record_number for one in person), known)
    documents = Documents(person, made, every_table=every_table)
    for model in kinds():
        documents.keep(model, exported_records(rows.of(person, model), names))
    documents.keep(ConsentWording, exported_records(rows.wordings_of(person), names))
    documents.copy_to(archive)
    photos, issued, consents = (
        [record for record, _history in rows.of(person, model)]
        for model in (Photo, IssuedDocument, Consent)
    )
    missing = [
        *add_files(archive, "photos", photos, "image", always=every_table),
        *add_files(archive, "documents", issued, "file", always=every_table),
    ]
    add_signatures(archive, consents)
    return documents.count, len(missing)
