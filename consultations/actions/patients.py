"""Patients: lifetime answers are written once, and judge every unsigned case again."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.models import Patient
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic
from consultations.summaries.contacts import first_contact
from consultations.summaries.person import person_of

from .assessments import reassess_unsigned

JUDGED_BY = frozenset({*Patient.LIFETIME_ANSWERS, "date_of_birth"})


@atomic()
def keep_patient(*, patient, by, changed=(), reason=""):
    """Save a patient; if `changed` fields bear on a verdict, judge unsigned areas again."""
    if patient.pk:
        Patient.objects.locked(patient.pk)
    patient.save(by=by, reason=reason)
    if JUDGED_BY.intersection(changed):
        reassess_unsigned(patient=patient, by=by)
    return patient


def refuse_birth_after_visit(patient):
    """Raise ValidationError if a patient would be born after they were first here."""
    first = first_contact(person_of(patient)) if patient.pk else None
    if first and patient.date_of_birth > first:
        refuse_birth_after(first)


def refuse_birth_after(day):
    words = _("The first visit, on %(day)s, is before this birth.")
    raise ValidationError({"date_of_birth": words % {"day": day_in_words(day)}})


@atomic()
def keep_lifetime_answers(*, consultation, answers, by):
    """Write a consultation's lifetime answers to the patient; blanks write nothing.

    Other unsigned consultations of the patient are judged again; this one is about to be.
    """
    patient = consultation.patient
    if all(value in (None, "") for value in answers.values()):
        return
    stored = Patient.objects.values(*answers).get(pk=patient.pk)
    news = {
        name: value
        for name, value in answers.items()
        if value not in (None, "") and stored[name] != value
    }
    if not news:
        return
    patient.refresh_from_db()
    for name, value in news.items():
        setattr(patient, name, value)
    patient.save(by=by, reason=consultation.gave_answers)
    reassess_unsigned(patient=patient, by=by, but=consultation)
