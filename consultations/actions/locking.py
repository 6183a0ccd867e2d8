"""Lock a patient, so that one person at a time writes to all records of a patient."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.models import Patient, StaleRecordError


def lock_patient_of(record):
    """Lock the patient of a record until the transaction ends, and return the patient.

    None for records of the clinic's own. A patient already locked in it is not read again.

    Raises StaleRecordError if the record has become another patient's since it was read: what was
    about to be written was meant for the patient it had.
    """
    if isinstance(record, Patient):
        return Patient.objects.locked(record.pk)
    names = next((one for one in record.up() if getattr(one, "patient_id", None)), None)
    if names is None:
        return None
    if type(names).patient.is_cached(names) and names.patient.is_locked:
        return names.patient
    patient = Patient.objects.locked(names.patient_id)
    if type(names).objects.filter(pk=names.pk).exclude(patient=patient).exists():
        raise StaleRecordError(_("This moved to another patient’s record. Reload the page."))
    return patient


def refuse_record_that_ended(patient):
    """Raise ValidationError if nothing may be added to this patient's record any more."""
    if patient.why_ended:
        raise ValidationError(str(patient.why_ended))
