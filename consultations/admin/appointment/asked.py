"""The time that is asked for: by a link to the booking page, or as it was typed there."""

from consultations.admin.pages.diary.asked import YEARS
from consultations.admin.parts.half_filled import typed
from consultations.models import ClosedDay, OpeningHours


def asked_time(request):
    """The day and time of `?day=2026-12-21&time=10:30`, or of the posted form, as the two parts of
    a field; None where one is missing or cannot be read."""
    if request.method == "POST":
        day, time = (request.POST.get(f"starts_at_{part}", "") for part in (0, 1))
    else:
        day, time = (request.GET.get(name, "") for name in ("day", "time"))
    found = typed(ClosedDay, ["day"], {"day": day}).get("day")
    return [
        found if found and found.year in YEARS else None,
        typed(OpeningHours, ["opens_at"], {"opens_at": time}).get("opens_at"),
    ]
