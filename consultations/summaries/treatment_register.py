"""The treatment register of a laser: its sessions of one month, without names of patients."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from consultations.models import AdverseEvent, Laser, TreatmentSession
from consultations.rules.calendar import months_after
from consultations.rules.readiness.settings import SETTINGS

from .devices import modes_on

PATIENT = "plan__assessment__consultation__patient"
SHOWN = (
    *("status", "day", "performed_on", "eyewear_worn", "pulse_count", *SETTINGS),
    *("plan__assessment__area", f"{PATIENT}__record_number"),
    *("operator__first_name", "operator__last_name", "operator__username"),
    *("laser_mode__name", "laser_mode__version", "laser_mode__wavelength_nm"),
    *("laser_mode__laser__name", "laser_mode__laser__version"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One session; `mode` is what its mode was called that day."""

    session: TreatmentSession
    mode: str
    events: tuple[AdverseEvent, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """`month` is the first day of the month, `wavelengths` are those of all modes that count or
    were used in it, in nm."""

    laser: Laser
    month: date
    wavelengths: tuple[int, ...]
    lines: tuple[Line, ...]

    @property
    def patients(self):
        """Return how many patients were treated."""
        return len({line.session.patient.pk for line in self.lines})

    @property
    def events(self):
        """Return how many adverse events followed."""
        return sum(len(line.events) for line in self.lines)

    @property
    def eyewear(self):
        """Return how many sessions say yes, no, or nothing of eyewear, by the answer."""
        return Counter(line.session.eyewear_worn for line in self.lines)


def register_of(laser, month):
    """Return the register of a laser for the month that begins on that day.

    It reads keys, days, choices and numbers alone, which an erasure leaves. At most five queries.
    """
    modes = list(laser.modes.all())
    sessions = list(month_of_sessions(modes, month))
    events = {}
    for event in AdverseEvent.objects.standing().filter(session__in=sessions).order_by("pk"):
        events.setdefault(event.session_id, []).append(event)
    called = modes_on(sessions)
    used = {session.laser_mode_id for session in sessions}
    counting = (mode for mode in modes if mode.pk in used or not mode.in_error)
    return Register(
        laser=laser,
        month=month,
        wavelengths=tuple(sorted({mode.wavelength_nm for mode in counting})),
        lines=tuple(Line(one, called[one.pk], tuple(events.get(one.pk, ()))) for one in sessions),
    )


def month_of_sessions(modes, month):
    """Return what was done here with these modes in that month, in order."""
    sessions = TreatmentSession.objects.done().filter(
        laser_mode__in=[mode.pk for mode in modes],
        performed_elsewhere="",
        day__gte=month,
        day__lt=months_after(month, 1),
    )
    related = (PATIENT, "operator", "laser_mode__laser")
    return sessions.select_related(*related).only(*SHOWN).order_by("day", "pk")
