"""The days of a course's sessions: at least its interval apart, not too regular."""

import random

from consultations.rules.candidacy.proposal import interval_days
from consultations.rules.protocol import MINIMUM_GAP_DAYS
from consultations.vocabulary import Pace

from .words import laser_of

LATER_BY = (0, 0, 0, 1, 2, 7)
# The consultation comes this many days before the first session: time to think it over.
REFLECTION_DAYS = 16


def interval_of(assessed):
    return interval_days(laser_of(assessed), Pace(assessed.course.pace))


def days_of(assessed, seed):
    """How long ago each done session was, the earliest first."""
    course, interval = assessed.course, interval_of(assessed)
    chance = random.Random(seed)  # noqa: S311  for variety, the same on every run
    if not course.done:
        return []
    last = interval - course.due_in if course.last is None else course.last
    days = [last]
    if course.override:
        days.append(last + MINIMUM_GAP_DAYS[laser_of(assessed)] - 3)
    while len(days) < course.done:
        days.append(days[-1] + interval + chance.choice(LATER_BY))
    return days[::-1]


def start_of(assessed, seed):
    """How long ago the plan was started: with the first session here, or on a day without."""
    course = assessed.course
    here = days_of(assessed, seed)[course.elsewhere :]
    if here:
        return here[0]
    # A course with nothing done is due at its start.
    return max(-course.due_in, 0) if course.last is None else course.last


def consulted(visit, seed):
    """How long ago a visit was."""
    if visit.ago is not None:
        return visit.ago
    return REFLECTION_DAYS + max(start_of(area, seed) for area in visit.areas if area.course)
