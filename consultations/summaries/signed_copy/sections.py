"""The sections that every signed page has."""

from django.utils.translation import gettext as _

from consultations.models import Patient
from consultations.models.imports import source_of
from consultations.models.text import day_in_words

from .fields import asked, label_of, recorded, row

VERSION = 1  # of the form in which pages are stored
HEALTH_NOTES = ("any_allergies", "allergies", "medicines", "past_surgery", "medical_notes")


def section(title, rows, **more):
    return {"title": str(title), "rows": rows, **more}


def identity(patient, day):
    """Return who the patient was that day, by name and age."""
    return section(
        _("Patient that day"),
        [
            row(_("Name"), patient.full_name),
            row(label_of(patient, "record_number"), patient.record_number),
            row(label_of(patient, "date_of_birth"), day_in_words(patient.date_of_birth)),
            row(_("Age that day"), patient.age_on(day)),
            *recorded(patient, ("sex", *(("guardian",) if patient.guardian else ()))),
        ],
    )


def known_for_life(patient):
    answers = asked(patient, Patient.LIFETIME_ANSWERS)
    blanks = dict.fromkeys(("any_allergies", "medicines", "past_surgery"), _("Not asked"))
    blanks["allergies"] = allergies_of(patient) or _("Not asked")
    notes = recorded(patient, HEALTH_NOTES, blanks=blanks)
    return section(_("Known of the patient"), [*answers, *notes])


def allergies_of(patient):
    """Return the allergies as pages and letters say them; "" where nobody asked."""
    if patient.allergies or patient.any_allergies is None:
        return patient.allergies
    return _("Yes, not named") if patient.any_allergies else _("None known")


def signature(record):
    if record.came_in_closed and (source := source_of(record)):
        return section(_("Source"), [row(_("Imported from"), source.came_from)])
    return section(_("Signature"), recorded(record, ("signed_by", "signed_at")))
