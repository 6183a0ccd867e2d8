"""What to know before touching a patient: for life, and from the latest answers."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from consultations.models.text import day_in_words
from consultations.rules.protocol import ADULT_AGE
from consultations.vocabulary import Isotretinoin


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to know before touching the patient; `since` is when it was answered, if not for
    life."""

    text: str
    tone: str = "stop"
    since: date | None = None


FOR_LIFE = ("keloid_history", "herpes_history", "gold_therapy")
AT_LAST_VISIT = (
    "pregnant_or_breastfeeding",
    "immunosuppressed",
    "uncontrolled_diabetes",
    "anticoagulants",
    "photosensitising_drug",
)


def alert_texts():
    """What each answer of yes means to whoever is about to treat, by field."""
    return {
        "keloid_history": _("Keloid or hypertrophic scars"),
        "herpes_history": _("Herpes: antiviral cover needed"),
        "gold_therapy": _("Gold therapy: no Q-switched or picosecond laser"),
        "pregnant_or_breastfeeding": _("Pregnant or breastfeeding"),
        "immunosuppressed": _("Immunosuppressed"),
        "uncontrolled_diabetes": _("Uncontrolled diabetes"),
        "anticoagulants": _("Takes anticoagulants"),
        "photosensitising_drug": _("Photosensitising drug"),
    }


def lifetime_alerts(patient):
    """What holds for life, from the patient's own record."""
    words = alert_texts()
    if patient.allergies:
        yield Alert(_("Allergies: %(text)s") % {"text": patient.allergies})
    for name in FOR_LIFE:
        if getattr(patient, name):
            yield Alert(words[name])
    if patient.age < ADULT_AGE:
        yield Alert(_("Under 18"))
    if patient.interpreter_needed:
        yield Alert(_("Interpreter needed"), "info")


def alerts_of(patient, consultations, sessions):
    yield from lifetime_alerts(patient)
    if latest := _latest_screen(consultations, sessions):
        since = getattr(latest, "consulted_on", None) or latest.performed_on
        words = alert_texts()
        for name in AT_LAST_VISIT:
            if getattr(latest, name):
                yield Alert(words[name], "wait", since)
        if latest.isotretinoin == Isotretinoin.TAKING:
            yield Alert(_("Takes isotretinoin"), "wait", since)
        elif latest.isotretinoin_last_dose_on:
            day = day_in_words(latest.isotretinoin_last_dose_on)
            yield Alert(_("Isotretinoin until %(day)s") % {"day": day}, "wait", since)


def _latest_screen(consultations, sessions):
    """The record that holds the latest answers about health."""
    asked = [one for one in consultations if not one.in_error]
    done = [one for one in sessions if one.is_done and not one.performed_elsewhere]
    latest = [*asked[:1], *done[:1]]
    return max(
        latest,
        key=lambda one: getattr(one, "consulted_on", None) or one.performed_on,
        default=None,
    )
