"""Checks that several forms share; each puts its message next to the field."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models.days import EARLIEST_BIRTH, FURTHEST_YEARS
from consultations.models.text import yes_or_no
from consultations.rules.calendar import days_after
from consultations.rules.protocol import TAN_DAYS
from consultations.vocabulary import Isotretinoin, RecentProcedure

HEALTH_DAYS = (
    "isotretinoin_last_dose_on",
    "topical_retinoid_on",
    "delivered_on",
    "tanned_on",
    "filler_on",
)
AREA_DAYS = ("surgery_on", "recent_procedure_on")
# A day beside an answer that says it never was.
DENIED = (
    ("isotretinoin", Isotretinoin.NEVER, "isotretinoin_last_dose_on"),
    ("tanned", False, "tanned_on"),
    ("recent_procedure", RecentProcedure.NONE, "recent_procedure_on"),
)


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


def refuse_contradictions(form, days, on):
    """Refuse days after the visit, a day beside an answer that denies it, and a day of a procedure
    that nobody named."""
    given = form.cleaned_data
    for name in days:
        if given.get(name) and on and given[name] > on:
            form.add_error(name, _("This date is after the visit."))
    for question, denial, day in DENIED:
        is_denied = day in days and given.get(day) and given.get(question) == denial
        if is_denied and not _is_long_ago(day, given[day], on):
            words = _("A day is given, but the answer is “%(answer)s”.")
            form.add_error(day, words % {"answer": _denied(question, denial)})
    if given.get("recent_procedure_on") and not given.get("recent_procedure"):
        form.add_error("recent_procedure", _("Say what was done that day."))


def _is_long_ago(name, day, on):
    """A tan from longer ago than any laser waits for is no contradiction of a no."""
    return name == "tanned_on" and on and on >= days_after(day, max(TAN_DAYS.values()))


def _denied(question, denial):
    return denial.label if denial else yes_or_no(denial)


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
