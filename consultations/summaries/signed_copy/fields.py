"""The fields of a record as rows of a signed page: label and answer."""

from decimal import Decimal

from django.contrib.auth import get_user_model
from django.db.models import DateField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.models import AreaAssessment
from consultations.models.text import value_in_words
from consultations.summaries.timeline import name_of
from consultations.vocabulary import Isotretinoin, LaserType, RecentProcedure

OF_SURGERY = {*AreaAssessment.SURGERY_FIELDS} - {"surgery_on"}


def row(label, value):
    return {"label": str(label), "value": str(value)}


def label_of(record, name):
    return capfirst(record._meta.get_field(name).verbose_name)


def recorded(record, names, *, blanks=None):
    """Return rows for fields; a blank one says "Not recorded", or what `blanks` has for it."""
    blank = _("Not recorded")
    return [
        row(label_of(record, one), answer(record, one) or (blanks or {}).get(one, blank))
        for one in names
    ]


def health_asked(record):
    """Return the questions of the health screen, and what was answered of earlier ones."""
    return (*record.FIELDS, *record.answered_earlier())


def asked(record, names):
    """Return rows for questions. A blank answer was not asked, and is never a no.

    A blank day says only that no day was given.
    """
    return [
        row(label_of(record, one), answer(record, one) or _not_answered(record, one))
        for one in names
        if _is_a_question(record, one)
    ]


def _not_answered(record, name):
    is_day = isinstance(record._meta.get_field(name), DateField)
    return _("No day given") if is_day else _("Not asked")


def _is_a_question(record, name):
    """Whether a field was asked: some depend on another answer."""
    if name == "isotretinoin_last_dose_on":
        return record.isotretinoin in (Isotretinoin.PAST, Isotretinoin.TAKING)
    if name == "tanned_on":
        return bool(record.tanned or record.tanned_on)
    if name == "recent_procedure_on":
        return record.recent_procedure not in ("", RecentProcedure.NONE)
    return name not in OF_SURGERY or record.surgery_on is not None


def answer(record, name):
    """Return the value of a field as people read it; "" if it is blank."""
    value, field = getattr(record, name), record._meta.get_field(name)
    if value is None or value == "" or value == []:
        return ""
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    match value:
        case Decimal():
            return f"{value.normalize():f}"
        case list():
            return lasers_in_words(value)
    return name_of(value) if isinstance(value, get_user_model()) else value_in_words(value)


def lasers_in_words(values):
    return ", ".join(word_for(LaserType, value) for value in values)


def word_for(choices, value):
    return str(dict(choices.choices).get(value, value))
