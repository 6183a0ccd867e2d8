"""The values of a person's records: as stored, and as people read them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultations.models.text import day_in_words, value_in_words, yes_or_no
from consultations.rules.candidacy.screen import QUESTIONS
from consultations.rules.facts import CHOICES, DATES, FACTS
from consultations.summaries.signed_copy import lines_of
from consultations.summaries.signed_copy.findings import finding_as_shown, finding_in_words
from consultations.vocabulary import LaserType

# Asked as the date of birth, shown as the age on the day of the verdict.
LABELS_OF_FACTS = {name: name.replace("_", " ") for name in FACTS} | QUESTIONS | {"age": "age"}


@dataclass(frozen=True)
class Value:
    """One field of one record: `stored` as the database has it, `shown` as people read it. What
    has no words is the program's own: it is in the files, and not on the page."""

    name: str
    label: str
    stored: object
    shown: str
    has_words: bool = True


@dataclass(frozen=True)
class Column:
    """What is the same for one field of every record."""

    name: str
    attname: str
    label: str
    related_model: type | None
    choices: dict | None
    has_words: bool


def columns_of(model):
    """Return the Columns of a model, in words of the language that is spoken now."""
    return _columns_in(model, get_language())


@cache
def _columns_in(model, language):
    return tuple(
        Column(
            name=one.name,
            attname=one.attname,
            label=str(capfirst(one.verbose_name)),
            related_model=one.related_model if one.is_relation else None,
            choices={key: str(words) for key, words in one.flatchoices} if one.choices else None,
            has_words=column_has_words(one),
        )
        for one in model._meta.concrete_fields
    )


def column_has_words(field):
    """Whether a field was given a name for people to read."""
    return "verbose_name" in field.deconstruct()[3]


def values_of(record, names, like=()):
    """Return the Values of a record or of a row of its history. `like` are those of another row:
    what is stored the same is shown the same, and not put into words again."""
    told = {one.name: one for one in like}
    return tuple(_value(one, record, names, told) for one in columns_of(type(record)))


def _value(column, record, names, told):
    value = getattr(record, column.attname)
    if column.name == "history_change_reason" and value:
        value = names.without_others(value)
    kept, same = stored(value), told.get(column.name)
    if same is not None and same.stored == kept:
        return same
    told = shown(column, value, names)
    return Value(column.name, column.label, kept, told, column.has_words)


def stored(value):
    """Return a value as JSON holds it: dates as ISO text, decimals and names of files as text."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal() | UUID() | models.fields.files.FieldFile():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).decode(errors="replace")
    return value


def shown(one, value, names):
    """Return a value as people read it; "" for none."""
    if value in (None, "", [], {}):
        return ""
    if one.related_model:
        return names.of(one.related_model, value)
    if one.choices:
        return str(one.choices.get(value, value))
    if isinstance(value, bool | date):
        return value_in_words(value)
    if one.name == "points":
        return _("drawn, in %(strokes)s strokes") % {"strokes": len(value)}
    if isinstance(value, dict | list):
        return "\n".join(lines_of_json(value))
    return str(stored(value))


def lines_of_json(value):
    """Yield lines of a value stored as JSON: a signed page, findings, facts, or laser types."""
    if isinstance(value, list):
        lasers = dict(LaserType.choices)
        for one in value:
            if isinstance(one, dict):
                yield finding_in_words(finding_as_shown(one))
            else:
                yield str(lasers.get(one, one))
    elif "sections" in value:
        yield from lines_of(value)
    elif "parts" in value:
        for part in value["parts"]:
            yield from (f"{part['title']}: {line}" for line in part["lines"])
    else:
        for name, one in value.items():
            if one is not None:
                yield f"{LABELS_OF_FACTS.get(name, name)}: {fact_in_words(name, one)}"


def fact_in_words(name, value):
    if isinstance(value, bool):
        return yes_or_no(value)
    if name in CHOICES:
        return dict(CHOICES[name].choices).get(value, value)
    if isinstance(value, str) and (name == "on" or name in DATES):
        return day_in_words(date.fromisoformat(value))
    return value
