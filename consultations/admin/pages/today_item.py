"""One line of Today, and how late it is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.summaries.progress import Progress


@dataclass(frozen=True)
class Item:
    """One line of a list. `at` is the time of an appointment, `when` how long it waits, in words;
    `late_to_sign` is said in words beside it; `courses` are areas with their progress."""

    what: str
    url: str
    patient: object = None
    at: str = ""
    when: str = ""
    is_late: bool = False
    late_to_sign: bool = False
    chips: tuple = ()
    progress: Progress | None = None
    courses: tuple = ()
    note: str = ""
    phone: str = ""
    steps: tuple = ()
    presses: tuple = ()
    acts: tuple = ()
    discards: str = ""
    sends: int | None = None  # the key of a message that may be sent again


def today_at(follow_up):
    """When today a call is to be made: at a time, if it has one."""
    return f"{follow_up.due_time:%H:%M}" if follow_up.due_time else _("today")


def days_late(due, today):
    days = (today - due).days
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
