"""Who takes what out as FHIR, what is locked while it is read, and that it is logged."""

import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.models import Patient
from consultations.models.transactions import atomic
from consultations.summaries.person import person_of
from consultations.trust.access import record_export

from .bundle import write_bundle
from .ndjson import write_everybody
from .resources import read_people


def export_bundle(*, patient, by, file, address=None, way=""):
    """Write one person's Bundle to a binary file, and log that `by` did. `way` is added to the log
    if it was not by the page.

    Returns the number of resources. A merged record leads to the one that goes on. Raises
    ValidationError for somebody erased, or entered in error.
    """
    with atomic():
        person = person_of(Patient.objects.locked_together(patient.pk)[patient.pk])
        if person[0].why_ended:
            raise ValidationError(person[0].why_ended)
        people = read_people(person)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
    count = write_bundle(text, people)
    text.detach()
    detail = _("FHIR: %(count)s resources.") % {"count": count}
    record_export(by=by, detail=detail, address=address, way=way, patient=patient)
    return count


def export_everybody(folder, *, by, way="", step=lambda patients: None):
    """Write all patients to a folder as NDJSON, or go on where that was stopped; log that `by` did,
    before the first patient is written. `step` is told how many patients each batch had.

    Returns the state of the export, as `ndjson.State`. Raises FolderError.
    """

    def begun(state):
        words = _("FHIR of all patients, after %(after)s.") if state.after else None
        words = (words or _("FHIR of all patients.")) % {"after": state.patients}
        record_export(by=by, detail=words, way=way)

    return write_everybody(folder, begun=begun, step=step)
