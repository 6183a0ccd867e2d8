"""Tags of the clinic's own templates."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

from consultations.admin.parts import displays
from consultations.admin.parts.appointments import state_of
from consultations.admin.parts.field_box import (
    field_box,
    is_question,
    plain_answer,
    unremarkable,
)
from consultations.admin.parts.patches import patch_state
from consultations.admin.parts.rows import list_of
from consultations.rules.candidacy.screen import QUESTIONS, UNREMARKABLE
from consultations.summaries import alerts, asking, timeline
from consultations.summaries.appointments import areas_in_words, what_is_booked
from consultations.summaries.signed_copy.findings import shown_until_unsaid, until_unsaid
from consultations.vocabulary import LaserType

register = template.Library()

register.inclusion_tag("admin/change_list_results.html")(list_of)
register.simple_tag(field_box)
register.filter(plain_answer)
register.filter(is_question)
register.filter(unremarkable)
register.simple_tag(displays.dots, name="progress_dots")
register.simple_tag(displays.chip, name="chip")
register.simple_tag(asking.why, name="why")
register.simple_tag(patch_state)
register.simple_tag(state_of, name="appointment_state")
register.simple_tag(displays.unreached, name="unreached")


@register.simple_tag
def icon(name):
    """One of the drawings in icons.svg, beside words that say the same."""
    return _icon(static("consultations/icons.svg"), name)


@cache
def _icon(drawings, name):
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', drawings, name
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
register.filter(what_is_booked)
register.filter(areas_in_words)
register.filter(until_unsaid)
register.filter(shown_until_unsaid)


@register.filter
def left_open(bound_fields):
    """The labels of the questions that "No to all the rest" leaves to be answered one by one."""
    return [one.label for one in bound_fields if one.name in QUESTIONS.keys() - UNREMARKABLE.keys()]


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
