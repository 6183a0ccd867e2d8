"""Holding a patient: what spans one person's records is written by one person at a time."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.models import Consultation, Patient, StaleRecordError


def hold_patient_of(consultation):
    """Lock the patient of a consultation until the transaction ends; returns the patient. One who
    was locked in it already, and read along with the consultation, is not read again.

    Raises StaleRecordError where the consultation has become another patient's since it was read:
    what was about to be written was meant for the patient it had.
    """
    if Consultation.patient.is_cached(consultation) and consultation.patient.is_locked:
        return consultation.patient
    patient = Patient.objects.locked(consultation.patient_id)
    if Consultation.objects.filter(pk=consultation.pk).exclude(patient=patient).exists():
        raise StaleRecordError(_("This moved to another patient’s record. Reload the page."))
    return patient


def refuse_record_that_ended(patient):
    """Raise ValidationError where nothing may be added to this patient's record any more."""
    if patient.why_ended:
        raise ValidationError(str(patient.why_ended))
