"""Keeping patients: what is answered for life is written once and judges every open case anew."""

from django.db import transaction

from consultations.models import Patient

from .assessments import reassess_unsigned

JUDGED_BY = frozenset({*Patient.LIFETIME_ANSWERS, "date_of_birth"})


@transaction.atomic
def keep_patient(*, patient, by, changed=(), reason=""):
    """Save a patient; where `changed` fields bear on a verdict, unsigned ones are given anew."""
    if patient.pk:
        Patient.objects.locked(patient.pk)
    patient.save(by=by, reason=reason)
    if JUDGED_BY.intersection(changed):
        reassess_unsigned(patient=patient, by=by)
    return patient


@transaction.atomic
def keep_lifetime_answers(*, consultation, answers, by):
    """Write what a consultation learned for life to the patient; blanks write nothing.

    Other unsigned consultations of the patient are judged anew; this one is about to be.
    """
    patient = consultation.patient
    patient.refresh_from_db()
    news = {
        name: value
        for name, value in answers.items()
        if value not in (None, "") and getattr(patient, name) != value
    }
    if not news:
        return
    for name, value in news.items():
        setattr(patient, name, value)
    patient.save(by=by, reason=consultation.gave_answers)
    reassess_unsigned(patient=patient, by=by, but=consultation)
