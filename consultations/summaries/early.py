"""Whether a treatment is booked before the skin is safe to be treated again."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.models import AppointmentPlan
from consultations.models.text import day_in_words
from consultations.rules.readiness.course import gap_days
from consultations.vocabulary import AppointmentKind

from .chart import earliest_safe


def early_in_words(appointment, plans):
    """Say of each of these courses that it would treat too soon: after what was done, or beside
    what else is booked."""
    for plan in plans if appointment.kind == AppointmentKind.TREATMENT else ():
        area = capfirst(str(plan.assessment.get_area_display()))
        safe_from = earliest_safe(plan)
        if safe_from and appointment.day < safe_from:
            yield _("%(area)s: booked before the earliest safe day, %(day)s.") % {
                "area": area,
                "day": day_in_words(safe_from),
            }
        gap = gap_days(plan.laser_type, plan.laser_type)
        for day in _other_days(appointment, plan):
            if abs((appointment.day - day).days) < gap:
                yield _("%(area)s: booked %(day)s too; %(gap)s days must lie between them.") % {
                    "area": area,
                    "day": day_in_words(day),
                    "gap": gap,
                }


def _other_days(appointment, plan):
    """The days on which the course is booked otherwise."""
    held = AppointmentPlan.objects.treating().filter(plan=plan)
    others = held.exclude(appointment=appointment.pk).select_related("appointment")
    return sorted({one.appointment.day for one in others})
