"""Answers as people read and type them, and those of last time beside their questions."""

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from consultations.models.text import day_in_words, yes_or_no

# What was asked in the place of these until edition 2026.12.
EARLIER_QUESTION = {
    "pregnant": "pregnant_or_breastfeeding",
    "breastfeeding": "pregnant_or_breastfeeding",
    "photosensitiser": "photosensitising_drug",
}


def in_words(record, name):
    """Return a field's value as people read it; a dash if it is blank."""
    field = record._meta.get_field(name)
    value = getattr(record, name)
    if value in (None, ""):
        return "–"
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    if value is True or value is False:
        return yes_or_no(value)
    return as_typed(value) if isinstance(value, Decimal) else str(formats.localize(value))


def as_typed(number):
    """Return a number as people write it: 12.50 is 12.5."""
    return f"{number.normalize():f}"


def offer_earlier_answer(form, name, record, day):
    """Show beside a question what was answered last time to the one asked in its place then."""
    earlier = EARLIER_QUESTION.get(name)
    if earlier is None or name not in form.fields or getattr(record, earlier) is None:
        return
    words = _("Last time (%(day)s): %(question)s: %(answer)s")
    question = record._meta.get_field(earlier).verbose_name
    form.fields[name].help_text = words % {
        "day": day_in_words(day),
        "question": question,
        "answer": in_words(record, earlier),
    }


def offer_last_answers(form, previous, day, names):
    """Show what was answered last time beside each question, without answering it."""
    for name in names:
        offer_earlier_answer(form, name, previous, day)
        if name in form.fields and getattr(previous, name) not in (None, ""):
            words = _("Last time (%(day)s): %(answer)s")
            offered = words % {"day": day_in_words(day), "answer": in_words(previous, name)}
            form.fields[name].help_text = offered
            if form.is_bound:
                # A form that was checked has its fields laid out already.
                form[name].help_text = offered
