"""When is a patient to be called or seen again?

Most infections show within two weeks of ablative laser and some in weeks three to five;
non-ablative fractional is not immune in its first week (6.1). Collagen goes on remodelling for
months, so results are looked at one, three and six months after the last session (3.4).
"""

from datetime import date

from consultations.vocabulary import LaserType

from .calendar import days_after, months_after
from .protocol import LATE_ONSET_MONTHS, REVIEW_MONTHS, WATCH_CONTACT_DAYS


def watch_days(laser_type: LaserType, done_on: date) -> list[date]:
    """The days of the infection watch after a session, in order; none for non-ablative laser."""
    return [days_after(done_on, days) for days in WATCH_CONTACT_DAYS.get(laser_type, ())]


def review_days(completed_on: date) -> list[date]:
    """The days on which the result of a course is reviewed, in order."""
    return [months_after(completed_on, months) for months in REVIEW_MONTHS]


def last_onset(done_on: date) -> date:
    """The last day on which something that began is still put down to a session."""
    return months_after(done_on, LATE_ONSET_MONTHS)
