"""The figures of the clinic: what happened in a span of days, each number beside that of the span
before. Counted when they are asked for, from indexed columns; where they are many, once in ten
minutes.

What was entered in error counts nowhere, nor do bookings of before there was a diary; sessions that
were done elsewhere are not the clinic's work.
"""

from dataclasses import dataclass
from datetime import datetime

from consultations.summaries.figures import MANY, kept_where_many

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
    """`counted_at` is when they were counted, where that may be a while ago."""

    span: Span
    consultations: Consultations
    referrals: Referrals
    courses: Courses
    sessions: Sessions
    missed: Missed
    events: Events
    money: Money
    counted_at: datetime | None = None

    @property
    def counted(self):
        """About how many records were counted."""
        kinds = (
            self.consultations.areas,
            self.courses.begun,
            self.courses.completed,
            self.sessions.done,
            self.money.kept.entries,
        )
        return sum(both.now + both.before for both in kinds)


def clinic_figures(span):
    """Return all figures of a span; a fixed number of queries, whatever its length."""
    key = f"clinic-figures-{span.first}-{span.last}"
    return kept_where_many(key, lambda: _count(span), MANY)


def _count(span):
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
