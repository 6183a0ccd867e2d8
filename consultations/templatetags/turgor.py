"""Tags of the clinic's own templates."""

import re
from datetime import date

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from consultations.admin import displays
from consultations.admin.forms import unanswered
from consultations.models.text import day_in_words
from consultations.summaries import alerts, timeline
from consultations.vocabulary import LaserType

register = template.Library()

register.simple_tag(displays.dots, name="progress_dots")
register.simple_tag(displays.chip, name="chip")

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


@register.filter
def has_errors(fieldset):
    """Whether a folded part of a form hides a message, and so must be open."""
    names = set(displays.field_names(fieldset))
    return bool(names & set(fieldset.form.errors))
