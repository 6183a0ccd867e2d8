"""What to know before touching a patient: known for life, and from the latest answers."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from consultations.models.text import day_in_words
from consultations.rules.protocol import ADULT_AGE
from consultations.vocabulary import Isotretinoin, Photosensitiser


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to know before touching the patient.

    `since` is when it was answered; None for what is known for life.
    """

    text: str
    tone: str = "stop"
    since: date | None = None


FOR_LIFE = ("keloid_history", "herpes_history", "gold_therapy", "connective_tissue_disease")
ISOTRETINOIN = ("isotretinoin", "isotretinoin_last_dose_on")
AT_LAST_VISIT = (
    "pregnant",
    "breastfeeding",
    "immunosuppressed",
    "uncontrolled_diabetes",
    "anticoagulants",
    "koebner_disease",
)
# Asked until edition 2026.12, and what answers it since.
ASKED_SINCE = {
    "pregnant_or_breastfeeding": "pregnant",
    "photosensitising_drug": "photosensitiser",
}


def alert_texts():
    """Return what each answer of yes means to whoever is about to treat, by field."""
    return {
        "keloid_history": _("Keloid or hypertrophic scars"),
        "herpes_history": _("Herpes: antiviral cover needed"),
        "gold_therapy": _("Gold therapy: no Q-switched or picosecond laser"),
        "connective_tissue_disease": _("Connective tissue disease"),
        "pregnant": _("Pregnant"),
        "breastfeeding": _("Breastfeeding"),
        "immunosuppressed": _("Immunosuppressed"),
        "uncontrolled_diabetes": _("Uncontrolled diabetes"),
        "anticoagulants": _("Blood thinner or bleeding disorder"),
        "koebner_disease": _("Psoriasis, vitiligo or lichen planus"),
        "pregnant_or_breastfeeding": _("Pregnant or breastfeeding"),
        "photosensitising_drug": _("Photosensitising drug"),
    }


def lifetime_alerts(patient):
    """Yield what is known for life, from the patient's own record."""
    words = alert_texts()
    yield _allergies(patient)
    for name in FOR_LIFE:
        if getattr(patient, name):
            yield Alert(words[name])
    if patient.age < ADULT_AGE:
        yield Alert(_("Under 18"))
    yield from desk_alerts(patient)


def desk_alerts(patient):
    """Yield what everybody who speaks with the patient must know, reception too."""
    if patient.interpreter_needed:
        yield Alert(_("Interpreter needed"), "info")


def _allergies(patient):
    """Never left out: "not asked" must not look like "none"."""
    if patient.allergies:
        return Alert(_("Allergies: %(text)s") % {"text": patient.allergies})
    if patient.any_allergies:
        return Alert(_("Allergies: not said which"))
    if patient.any_allergies is False:
        return Alert(_("No known allergies"), "quiet")
    return Alert(_("Allergies not asked"), "wait")


def alerts_of(patient, consultations, sessions, events=()):
    """Yield what is open, then what is known for life, then the latest answers.

    A blank answer leaves the one before it.
    """
    yield from _event_alerts(events)
    yield from lifetime_alerts(patient)
    screens = screens_of(consultations, sessions)
    words = alert_texts()
    last = last_answers_in(
        screens, (*AT_LAST_VISIT, *ISOTRETINOIN, *ASKED_SINCE, "photosensitiser")
    )
    for name in (*AT_LAST_VISIT, *ASKED_SINCE):
        if name in last and getattr(last[name][1], name) and not _was_asked_since(name, last):
            yield Alert(words[name], "wait", last[name][0])
    yield from _photosensitiser_alert(last)
    since, asked = last.get("isotretinoin", (None, None))
    if asked and asked.isotretinoin == Isotretinoin.TAKING:
        yield Alert(_("Takes isotretinoin"), "wait", since)
    elif "isotretinoin_last_dose_on" in last:
        since, asked = last["isotretinoin_last_dose_on"]
        day = day_in_words(asked.isotretinoin_last_dose_on)
        yield Alert(_("Isotretinoin until %(day)s") % {"day": day}, "wait", since)


def _was_asked_since(name, last):
    since = last.get(ASKED_SINCE.get(name))
    return since is not None and since[0] >= last[name][0]


def _photosensitiser_alert(last):
    day, asked = last.get("photosensitiser", (None, None))
    if asked and asked.photosensitiser in (Photosensitiser.CAUTIOUS, Photosensitiser.PDT_DRUG):
        words = _("Sensitive to light: %(drug)s")
        yield Alert(words % {"drug": asked.get_photosensitiser_display()}, "wait", day)


def _event_alerts(events):
    """Show adverse events that are not over; first what keeps the laser off its area."""
    still_open = [event for event in events if event.is_open and not event.session.in_error]
    for event in sorted(still_open, key=lambda one: (not one.is_stopping, one.onset_on)):
        words = _("%(kind)s, %(area)s: not cleared") if event.is_stopping else "%(kind)s, %(area)s"
        area = event.session.plan.assessment.get_area_display().lower()
        text = words % {"kind": event.get_kind_display(), "area": area}
        yield Alert(text, "stop" if event.is_stopping else "wait", event.onset_on)


def screens_of(consultations, sessions):
    """Return the health screens that count, with their days, latest first."""
    asked = [(one.consulted_on, one) for one in consultations if not one.in_error]
    done = [
        (one.performed_on, one) for one in sessions if one.is_done and not one.performed_elsewhere
    ]
    return sorted(asked + done, key=lambda pair: pair[0], reverse=True)


def last_answers_in(screens, names):
    """Return the day and the record of each question's last answer, by field."""
    found = {}
    for name in names:
        for day, record in screens:
            if getattr(record, name) not in (None, ""):
                found[name] = (day, record)
                break
    return found
