"""How long an appointment takes, by the clinic's lengths."""

from consultations.models import AppointmentLength
from consultations.models.appointment_words import USUAL_MINUTES, USUAL_MINUTES_OF_AREA
from consultations.vocabulary import AppointmentKind

# A treatment of which nobody has said the area.
USUAL_MINUTES_OF_TREATMENT = 30


def minutes_for(kind, plans=()):
    """Return the minutes that an appointment of this kind takes, for these courses. One query.

    A treatment takes the sum of its areas; anything else as long as the longest of them.
    """
    saved = AppointmentLength.objects.by_what()
    found = [_minutes(saved, kind, plan.assessment.area, plan.laser_type) for plan in plans]
    if not found:
        return _minutes(saved, kind, "", "")
    return sum(found) if kind == AppointmentKind.TREATMENT else max(found)


def _minutes(saved, kind, area, laser_type):
    """The most specific length, else the usual one."""
    for what in ((area, laser_type), (area, ""), ("", laser_type), ("", "")):
        if (kind, *what) in saved:
            return saved[kind, *what]
    if kind == AppointmentKind.TREATMENT:
        return USUAL_MINUTES_OF_AREA.get(area, USUAL_MINUTES_OF_TREATMENT)
    return USUAL_MINUTES[kind]
