"""Tags of the clinic's own templates."""

import re
from datetime import date

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from consultations.admin.parts import displays
from consultations.admin.parts.widgets import unanswered
from consultations.models.text import day_in_words
from consultations.rules.candidacy.screen import QUESTIONS, UNREMARKABLE
from consultations.summaries import alerts, asking, timeline
from consultations.vocabulary import LaserType

register = template.Library()

register.simple_tag(displays.dots, name="progress_dots")
register.simple_tag(displays.chip, name="chip")
register.simple_tag(asking.why, name="why")
register.simple_tag(displays.unreached, name="unreached")

DECIMAL = re.compile(r"\d+\.\d+")
LINK = re.compile(r"</?a\b[^>]*>")
ICON = re.compile(r'<img [^>]*alt="(True|False|None)"[^>]*>')


@register.simple_tag
def icon(name):
    """One of the drawings in icons.svg, beside words that say the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("consultations/icons.svg"),
        name,
    )


@register.simple_tag
def lifetime_alerts(patient):
    """What holds for life and must be known on every page about this patient."""
    return list(alerts.lifetime_alerts(patient))


@register.simple_tag
def desk_alerts(patient):
    """What everybody must know about this patient, those who read nothing clinical too."""
    return list(alerts.desk_alerts(patient))


@register.filter
def laser_names(values):
    """Laser types by name, in their own order."""
    return ", ".join(str(LaserType(value).label).lower() for value in values)


register.filter("person_name", timeline.name_of)
register.filter("iso_day", lambda text: day_in_words(date.fromisoformat(text)))


@register.filter
def plain_answer(contents, name=""):
    """Yes, no or not asked in words: a red cross beside "pregnant" would say the wrong thing.
    Numbers without the zeros that only the database needs; names without a link to a page that
    the reader may not open."""
    if DECIMAL.fullmatch(str(contents)):
        return str(contents).rstrip("0").rstrip(".")
    words = {"True": _("Yes"), "False": _("No"), "None": unanswered(name)}
    return mark_safe(  # noqa: S308  escaped first; only whole icons and links are replaced
        LINK.sub("", ICON.sub(lambda icon: words[icon[1]], conditional_escape(contents)))
    )


ASKED = {*QUESTIONS, "tanned_on", "filler_on"}


@register.filter
def is_question(name):
    """Whether a field is one of the questions that a verdict is given on."""
    return name in QUESTIONS


@register.filter
def unremarkable(name):
    """The value of the answer that "No to all the rest" may give for somebody; "" for none."""
    answer = UNREMARKABLE.get(name, "")
    return "false" if answer is False else answer


@register.filter
def left_open(bound_fields):
    """The labels of the questions that "No to all the rest" leaves to be answered one by one."""
    return [one.label for one in bound_fields if one.name in ASKED - UNREMARKABLE.keys()]


@register.filter
def bound_fields(fieldset):
    """The fields of an admin fieldset that can be filled in."""
    fields = [field for line in fieldset for field in line if not field.is_readonly]
    return [field.field for field in fields if not field.field.is_hidden]


@register.filter
def title_of(inline, record):
    """Which row of a form this is, on a page that says whose it is."""
    return inline.title_of(record)


@register.filter
def has_errors(fieldset):
    """Whether a folded part of a form hides a message, and so must be open."""
    names = set(displays.field_names(fieldset))
    return bool(names & set(fieldset.form.errors))
