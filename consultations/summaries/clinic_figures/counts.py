"""Which records count, and on which day: for the figures, and for the lists behind them."""

from django.db.models import Exists, F, OuterRef, Q

from consultations.models import TreatmentSession
from consultations.models.session import UNDONE
from consultations.models.spine import STANDING
from consultations.summaries.money import DONE_HERE
from consultations.vocabulary import SessionStatus

# Of areas; the outcome that counts is the decision where there is one.
DECIDED_OTHERWISE = ~Q(outcome=F("effective_outcome"))


def graded_after():
    """The sessions of a course whose area was graded, the last first."""
    # By what they are not: asked for by status, SQLite reads all done sessions there are.
    after = TreatmentSession.objects.filter(STANDING, plan=OuterRef("pk"), grade__isnull=False)
    return after.exclude(status__in=(SessionStatus.BOOKED, *UNDONE)).order_by("-day", "-pk")


# Of courses.
GRADED_BEFORE_AND_AFTER = Q(assessment__grade__isnull=False) & Exists(graded_after())


def of_consultations(span):
    return STANDING & span.holds("consulted_on")


def of_areas(span):
    return STANDING & of_consultations_at("consultation__", span)


def of_referrals(span):
    """Of areas assessed in these days."""
    area = Q(assessment__entered_in_error_at__isnull=True)
    return STANDING & area & of_consultations_at("assessment__consultation__", span)


def of_consultations_at(path, span):
    stands = Q(**{f"{path}entered_in_error_at__isnull": True})
    return stands & span.holds(f"{path}consulted_on")


def of_courses_begun(span):
    return STANDING & span.holds("started_on")


def of_courses_completed(span):
    return STANDING & span.holds("completed_on")


def of_sessions(span):
    """Done here: neither what was done elsewhere nor a booking of before there was a diary."""
    return STANDING & DONE_HERE & span.holds("day")


def of_events(span):
    """Begun in these days, after a session that was done here."""
    return STANDING & Q(session__performed_elsewhere="") & span.holds("onset_on")


def of_appointments(span):
    return STANDING & span.holds_moment("starts_at")


def of_payments(span):
    """Whatever became of the course: it was in the till."""
    return STANDING & span.holds("paid_on")
