"""The time that a link to the booking page names."""

from consultations.admin.parts.half_filled import typed
from consultations.models import ClosedDay, OpeningHours


def asked_time(request):
    """The day and time of `?day=2026-12-21&time=10:30`, as the two parts of a field; None where
    one is missing or cannot be read."""
    day = typed(ClosedDay, ["day"], {"day": request.GET.get("day", "")}).get("day")
    return [day, _time(request.GET.get("time", ""))]


def _time(text):
    return typed(OpeningHours, ["opens_at"], {"opens_at": text}).get("opens_at")
