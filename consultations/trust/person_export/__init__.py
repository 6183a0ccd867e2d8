"""Interchange: export everything about one person as an archive of open formats, with photos and
documents.

One pass over the records writes them as JSON, as CSV and as a page to read. At most a few hundred
rows are in memory at a time.
"""

import zipfile

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from consultations.models import (
    Consent,
    ConsentWording,
    IssuedDocument,
    Patient,
    Photo,
    TestPatch,
    kinds,
)
from consultations.summaries.person import person_of, records_of
from consultations.trust.access import record_export

from .documents import Documents
from .files import add_files
from .names import Names
from .records import exported_records
from .signatures import add_signatures


@transaction.atomic
def export_person(*, patient, by, file, address=None, way=""):
    """Write everything about the person of `patient` to `file` as a ZIP; log that `by` did.

    Returns the number of records in it. `way` is added to the log if it was not by the page.
    """
    Patient.objects.locked_together(patient.pk)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        count, _missing = write_person(person=person_of(patient), by=by, archive=archive)
    detail = _("Everything about the person: %(count)s records.") % {"count": count}
    record_export(by=by, detail=detail, address=address, way=way, patient=patient)
    return count


def write_person(*, person, by, archive, every_table=True):
    """Write everything about a person, as `person_of` returns them, to an archive that is written
    as a ZipFile is.

    Returns how many records it has, and how many of their files are missing. Tables without rows
    are written if `every_table`. Drafts are left out: they are no records, and only their writer
    reads them.
    """
    names = Names(frozenset(one.record_number for one in person))
    with Documents(person, by, every_table=every_table) as documents:
        for model in kinds():
            documents.keep(model, exported_records(model, records_of(person, model), names))
        read = [records_of(person, one).values("wording") for one in (Consent, TestPatch)]
        read = Q(pk__in=read[0]) | Q(pk__in=read[1])
        wordings = ConsentWording.objects.filter(read).order_by("pk")
        documents.keep(ConsentWording, exported_records(ConsentWording, wordings, names))
        documents.copy_to(archive)
    missing = [
        *add_files(archive, "photos", records_of(person, Photo), "image", always=every_table),
        *add_files(
            archive, "documents", records_of(person, IssuedDocument), "file", always=every_table
        ),
    ]
    add_signatures(archive, records_of(person, Consent))
    return documents.count, len(missing)
