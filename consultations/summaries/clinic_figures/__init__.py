"""The figures of the clinic: what happened in a span of days, each number beside that of the span
before. Counted when they are asked for, from indexed columns, and kept nowhere.

What was entered in error counts nowhere, nor do bookings of before there was a diary; sessions that
were done elsewhere are not the clinic's work.
"""

from dataclasses import dataclass

from .appointments import Missed, missed_of
from .consultations import Consultations, consultations_of
from .courses import Courses, courses_of
from .events import Events, events_of
from .money import Money, money_of
from .referrals import Referrals, referrals_of
from .sessions import Sessions, sessions_of
from .span import Span


@dataclass(frozen=True, slots=True)
class ClinicFigures:
    span: Span
    consultations: Consultations
    referrals: Referrals
    courses: Courses
    sessions: Sessions
    missed: Missed
    events: Events
    money: Money


def clinic_figures(span):
    """Return all figures of a span; a fixed number of queries, whatever its length."""
    sessions = sessions_of(span)
    return ClinicFigures(
        span=span,
        consultations=consultations_of(span),
        referrals=referrals_of(span),
        courses=courses_of(span),
        sessions=sessions,
        missed=missed_of(span),
        events=events_of(span, sessions),
        money=money_of(span),
    )
