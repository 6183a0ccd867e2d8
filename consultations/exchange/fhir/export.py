"""Who takes what out as FHIR, under what lock, and that it is logged."""

import io

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from consultations.models import Patient
from consultations.summaries.person import person_of
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind

from .bundle import write_bundle


@transaction.atomic
def export_bundle(*, patient, by, file, address=None, way=""):
    """Write one person's Bundle to a binary file, and log that `by` did. `way` is added to the log
    if it was not by the page.

    Returns the number of resources. A merged record leads to the one that goes on. Raises
    ValidationError for somebody erased, or entered in error.
    """
    Patient.objects.locked_together(patient.pk)
    person = person_of(patient)
    if person[0].why_ended:
        raise ValidationError(person[0].why_ended)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="\n", write_through=True)
    count = write_bundle(text, person)
    text.detach()
    detail = _("FHIR: %(count)s resources.") % {"count": count}
    record_access(
        by=by,
        kind=AccessKind.EXPORT,
        address=address,
        patient=patient,
        record=patient,
        detail=f"{detail} {way}".strip(),
    )
    return count
