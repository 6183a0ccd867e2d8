"""Tags of the clinic's own templates."""

from django import template

from consultations.admin import displays
from consultations.summaries import chart

register = template.Library()

register.simple_tag(displays.dots, name="progress_dots")
register.simple_tag(displays.chip, name="chip")


@register.simple_tag
def lifetime_alerts(patient):
    """What holds for life and must be known on every page about this patient."""
    return list(chart.lifetime_alerts(patient))


@register.filter
def laser_names(values):
    """Laser types by name, in their own order."""
    from consultations.vocabulary import LaserType

    return ", ".join(str(LaserType(value).label).lower() for value in values)
