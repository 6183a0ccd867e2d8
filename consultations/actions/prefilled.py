"""What a new plan and a new session start from."""

from django.utils import timezone

from consultations.models import TreatmentPlan, TreatmentSession
from consultations.rules.candidacy.proposal import interval_days
from consultations.summaries.facts import last_done_session
from consultations.vocabulary import LaserType, Pace


def prefilled_plan(assessment):
    """Return a new, unsaved plan as the verdict proposes it."""
    pace = assessment.pace or Pace.GRADUAL
    plan = TreatmentPlan(assessment=assessment, laser_type=assessment.proposed_laser, pace=pace)
    if assessment.proposed_laser:
        plan.interval_days = interval_days(LaserType(assessment.proposed_laser), Pace(pace))
    return plan


def prefilled_session(plan, *, operator=None):
    """Return a new, unsaved session for today with last time's laser and settings."""
    session = TreatmentSession(plan=plan, operator=operator)
    session.performed_on = timezone.localdate()
    if last := last_done_session(plan, before=session.performed_on):
        session.laser_mode = last.laser_mode
        for name in TreatmentSession.SETTINGS:
            setattr(session, name, getattr(last, name))
    return session
