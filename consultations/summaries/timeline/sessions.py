"""How the timeline shows sessions: numbered within their plan, with laser and settings."""

from collections import Counter

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.summaries.devices import names_on

from .event import Event, name_of

SETTING_UNITS = (
    ("fluence_j_cm2", "J/cm²"),
    ("pulse_energy_mj", "mJ"),
    ("power_w", "W"),
    ("pulse_duration_us", "µs"),
    ("spot_size_mm", "mm"),
    ("density_percent", "%"),
    ("repetition_rate_hz", "Hz"),
)


def settings_line(session):
    """Return the settings of a session in one line, each with its unit."""
    parts = [
        f"{getattr(session, name).normalize():f} {unit}"
        for name, unit in SETTING_UNITS
        if getattr(session, name) is not None
    ]
    if session.passes:
        words = ngettext("%(count)s pass", "%(count)s passes", session.passes)
        parts.append(words % {"count": session.passes})
    return ", ".join(parts)


def laser_in_words(session, named=None):
    """Return the laser and its mode; "" if none was used.

    A signed session shows the name they had then, any other shows `named`.
    """
    label = capfirst(session._meta.get_field("laser_mode").verbose_name)
    sections = (session.signed_as or {}).get("sections", ())
    as_signed = (row["value"] for part in sections for row in part["rows"] if row["label"] == label)
    return str(next(as_signed, named or session.laser_mode) if session.laser_mode else "")


def present_sessions(sessions):
    """Yield a line for each session of a patient; those done are numbered within their plan."""
    numbers = _numbers(sessions)
    named = names_on([one for one in sessions if one.is_done and not one.is_signed])
    for session in sessions:
        yield Event(
            day=session.day,
            kind="session",
            areas=(session.plan.area,),
            title=_title(session, numbers.get(session.pk)),
            details=tuple(line for line in _lines(session, named.get(session.pk)) if line),
            who=name_of(session.operator or session.created_by),
            record=session,
            in_error=session.in_error,
            is_signed=session.is_signed and not session.came_in_closed,
        )


def _numbers(sessions):
    """Return the number of each session that was done, by its key."""
    numbers, counts = {}, Counter()
    for session in sorted(sessions, key=lambda one: (one.day, one.pk)):
        if session.is_done:
            counts[session.plan_id] += 1
            numbers[session.pk] = counts[session.plan_id]
    return numbers


def _title(session, number):
    area = session.plan.assessment.get_area_display()
    if number:
        return _("%(area)s, session %(number)s of %(planned)s") % {
            "area": area,
            "number": number,
            "planned": session.plan.planned_sessions,
        }
    return _("%(area)s, session") % {"area": area}


def _lines(session, named):
    yield session.performed_elsewhere
    yield laser_in_words(session, named)
    yield settings_line(session)
    yield session.reaction
    yield session.notes
    if session.override_reason:
        yield f"{_('Override')}: {session.override_reason}"
