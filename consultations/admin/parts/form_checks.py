"""Checks that several forms share; each puts its message next to the field."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models.days import EARLIEST_BIRTH, FURTHEST_YEARS
from consultations.vocabulary import Isotretinoin

DATES_OF_HEALTH = ("isotretinoin_last_dose_on", "tanned_on", "filler_on")


def refuse_far_dates(form):
    """Refuse years that nobody means; date arithmetic fails near the end of the calendar."""
    last = timezone.localdate().year + FURTHEST_YEARS
    for name, value in list(form.cleaned_data.items()):
        if isinstance(value, date) and not EARLIEST_BIRTH.year <= value.year <= last:
            form.add_error(name, _("The year must be between 1900 and %(last)s.") % {"last": last})


def refuse_days_before_birth(form, patient):
    """Refuse days before the patient was born."""
    for name, day in list(form.cleaned_data.items()):
        is_day = isinstance(day, date) and not isinstance(day, datetime)
        if is_day and day < patient.date_of_birth:
            form.add_error(name, _("This is before the patient was born."))


def refuse_contradictions_about_health(form, day):
    """Refuse dates after the visit, and "never" beside a date."""
    for name in DATES_OF_HEALTH:
        answered = form.cleaned_data.get(name)
        if answered and day and answered > day:
            form.add_error(name, _("This date is after the visit."))
    never = form.cleaned_data.get("isotretinoin") == Isotretinoin.NEVER
    if never and form.cleaned_data.get("isotretinoin_last_dose_on"):
        form.add_error("isotretinoin_last_dose_on", _("“Never” is chosen, but a dose is given."))


def refuse_record_that_ended(form, patient):
    """Refuse a form about a patient to whose record nothing may be added any more.

    If another record goes on for the person, saving again is about that one.
    """
    if patient is None or not patient.why_ended:
        return
    words, kept = str(patient.why_ended), patient.kept_record
    if kept != patient and not kept.in_error and form.instance.pk is None:
        form.data = form.data.copy()
        form.data[form.add_prefix("patient")] = kept.pk
        words = f"{words} {_('Save again to record this there.')}"
    form.add_error(None, words)
