"""What letters tell of the patient: how to reach them, and their history as last answered."""

from decimal import Decimal

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consultation, Patient, TreatmentSession
from consultations.models.health import HealthScreen
from consultations.models.text import day_in_words, yes_or_no
from consultations.summaries.signed_copy.fields import answer, label_of
from consultations.summaries.signed_copy.sections import allergies_of
from consultations.summaries.told import last_said

from .sheet import row

AT_CONSULTATIONS = ("height_cm", "weight_kg", "smoker", "drinks_alcohol")
# What surgeons ask for beside: told with any answer, and where nobody asked.
ASKED_OF_PATIENT = ("keloid_history", "connective_tissue_disease", "herpes_history")
ASKED_AT_VISITS = ("immunosuppressed", "uncontrolled_diabetes", "isotretinoin")
TOLD_ANYWAY = {"anticoagulants", "phototype", *ASKED_OF_PATIENT, *ASKED_AT_VISITS}


def not_asked():
    return _("Not asked")


def said_of(patient):
    """Return the last answer to each question of the history, by name, from every visit."""
    return said_of_each([patient])[patient.pk]


def said_of_each(patients):
    """Return what `said_of` does by the key of each patient, in two queries for any number."""
    today = timezone.localdate()
    visits = {patient.pk: [] for patient in patients}
    treated = {patient.pk: [] for patient in patients}
    for one in Consultation.objects.standing().filter(patient__in=visits):
        visits[one.patient_id].append((one.consulted_on, one))
    [path] = TreatmentSession.paths_to_patient()
    done = TreatmentSession.objects.done().filter(**{f"{path}__in": visits})
    for one in done.annotate(whose=F(path)):
        if one.performed_on:
            treated[one.whose].append((one.performed_on, one))
    return {
        key: last_said(visits[key], AT_CONSULTATIONS, today)
        | last_said([*visits[key], *treated[key]], HealthScreen.FIELDS, today)
        for key in visits
    }


def contact_rows(patient):
    """Return who the patient is and how to reach them."""
    none = _("Not recorded")
    rows = [
        row(_("Name"), patient.full_name),
        row(_("Date of birth"), day_in_words(patient.date_of_birth)),
        row(_("Age"), patient.age),
        row(_("Record number"), patient.record_number),
        row(_("Sex"), patient.get_sex_display()),
        row(_("Address"), patient.address or none),
        row(_("Phone"), patient.phone or none),
    ]
    for label, value in (
        (_("E-mail"), patient.email),
        (_("Guardian"), patient.guardian),
        (_("Interpreter"), _("Needed") if patient.interpreter_needed else ""),
    ):
        rows += [row(label, value)] if value else []
    return [*rows, row(_("General practitioner"), patient.general_practitioner or none)]


def history_rows(patient, said):
    """Return the history: what surgeons and doctors ask for first, then what was answered with yes,
    a choice or a day."""
    asked = {name: said[name] for name in ASKED_AT_VISITS if said[name] is not None}
    return [
        row(_("Height"), _measure(said["height_cm"], _("cm"))),
        row(_("Weight"), _measure(said["weight_kg"], _("kg"))),
        row(_("BMI"), bmi_of(said) or not_asked()),
        row(_("Smokes, vapes or uses nicotine"), _yes_no(said["smoker"])),
        row(_("Blood thinner or bleeding disorder"), _yes_no(said["anticoagulants"])),
        row(_("Medicines"), patient.medicines or not_asked()),
        row(_("Allergies"), allergies_of(patient) or not_asked()),
        row(_("Past surgery"), patient.past_surgery or not_asked()),
        row(_("Phototype"), patient.get_phototype_display() or not_asked()),
        *_answers(patient, ASKED_OF_PATIENT),
        *_answers(Consultation(**asked), ASKED_AT_VISITS),
        *([row(_("Medical notes"), patient.medical_notes)] if patient.medical_notes else []),
        *_answered_yes(Patient, Patient.LIFETIME_ANSWERS, vars(patient)),
        *_answered_yes(Consultation, (*HealthScreen.FIELDS, "drinks_alcohol"), said),
    ]


def bmi_of(said):
    height, weight = said["height_cm"], said["weight_kg"]
    return round(weight / (Decimal(height) / 100) ** 2, 1) if height and weight else None


def _measure(value, unit):
    return not_asked() if value is None else f"{Decimal(value).normalize():f} {unit}"


def _yes_no(value):
    return not_asked() if value is None else yes_or_no(value)


def _answers(record, names):
    return [row(label_of(record, one), answer(record, one) or not_asked()) for one in names]


def _answered_yes(model, names, values):
    """Yield what was not answered with no: a no to everything else fills a letter with nothing."""
    for name in names:
        value = values[name]
        if name not in TOLD_ANYWAY and value not in (None, False, "", "never", "none"):
            yield row(label_of(model, name), answer(model(**{name: value}), name))
