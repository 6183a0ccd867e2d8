"""Run a course: start, extend, pause and stop a plan; record its sessions."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consultations.models import (
    AreaAssessment,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic, note_saved
from consultations.rules.readiness import NEVER_OVERRIDDEN
from consultations.summaries.consents import NEVER, reflections_of
from consultations.vocabulary import (
    Level,
    Outcome,
    PlanStatus,
)

from .attended import keep_appointment_in_step
from .follow_ups import schedule_reviews, schedule_watch
from .judging import judge_session
from .locking import lock_patient_of
from .refusals import (
    refuse_beside_events,
    refuse_plan,
    refuse_session_beyond_plan,
    refuse_unlike_history,
    stopping_event,
)

DECIDED_AGAINST = {
    Outcome.HOLD: gettext_noop("Decided to wait on %(day)s"),
    Outcome.NOT_A_CANDIDATE: gettext_noop("Decided not to treat on %(day)s"),
}


def settle_plan(plan, *, days=None, reflections=None):
    """Bring status, completion and next due date in line with the done sessions, unsaved.

    Returns whether anything changed. The last planned session completes the plan; a completed plan
    with fewer sessions done becomes active again. `days` are the days of the done sessions in
    order, `reflections` the days on which the time to reflect ends, by plan; both are read if not
    given.
    """
    before = (plan.status, plan.completed_on, plan.next_due_on)
    if days is None:
        days = list(plan.done_sessions().values_list("performed_on", flat=True)) if plan.pk else []
    if plan.status in {PlanStatus.ACTIVE, PlanStatus.PAUSED, PlanStatus.COMPLETED}:
        if len(days) >= plan.planned_sessions:
            plan.status, plan.completed_on = PlanStatus.COMPLETED, days[-1]
            plan.status_reason = ""
        elif plan.status == PlanStatus.COMPLETED:
            plan.status = PlanStatus.ACTIVE
    if plan.status != PlanStatus.COMPLETED:
        plan.completed_on = None
    if plan.status != PlanStatus.PAUSED:
        plan.paused_for = None
    plan.next_due_on = next_due(plan, days, reflections)
    return before != (plan.status, plan.completed_on, plan.next_due_on)


def next_due(plan, done_days, reflections=None):
    """Return the day the next session is due: the start, or an interval after the last one done.

    Only active plans have one. Nothing is due before the time to reflect on consent is over, nor
    once the patient refused or withdrew it.
    """
    if plan.status != PlanStatus.ACTIVE or plan.in_error:
        return None
    if reflections is None:
        reflections = reflections_of([plan], begun=bool(done_days))
    ends = reflections.get(plan.pk)
    if ends == NEVER:
        return None
    if not done_days:
        return max(plan.started_on, ends or plan.started_on)
    return done_days[-1] + timedelta(days=plan.interval_days)


def wait_instead(plan, refusal):
    """Pause a plan that may not be active, and say why; unsaved."""
    plan.status, plan.status_reason = PlanStatus.PAUSED, " ".join(refusal.messages)
    plan.paused_for = stopping_event(plan)
    settle_plan(plan)


def pause_plans(assessment, reason, *, by):
    """Pause the active plan of an assessed area, if there is one; return what was paused."""
    plans = TreatmentPlan.objects.open().of(assessment.consultation.patient_id, assessment.area)
    paused = list(plans.filter(status=PlanStatus.ACTIVE))
    for plan in paused:
        plan.status, plan.status_reason = PlanStatus.PAUSED, reason
        settle_plan(plan)
        plan.save(by=by, reason=reason)
    return paused


def keep_decision_in_step(*, patient, area, by):
    """Pause the active plan of an area if its latest decision is against laser.

    A verdict alone pauses nothing. Returns what was paused.
    """
    newest = AreaAssessment.objects.newest(patient, area)
    words = DECIDED_AGAINST.get(newest.decision) if newest else None
    if words is None:
        return []
    day = day_in_words(timezone.localdate(newest.decided_at))
    return pause_plans(newest, _(words) % {"day": day}, by=by)


@atomic()
def keep_plan(*, plan, by, reason=""):
    """Save a new or edited plan with its state settled.

    Raises ValidationError if the area has an open referral or another open plan.
    """
    lock_patient_of(plan)
    # As it stands now that nobody else is writing, not as it was when the page was opened.
    plan.assessment = AreaAssessment.objects.with_patient().get(pk=plan.assessment_id)
    settle_plan(plan)
    refuse_plan(plan)
    plan.save(by=by, reason=reason)
    schedule_reviews(plan=plan, by=by)
    return plan


def plan_as_it_stands(session):
    """Return the plan of a session as it is now; it may have changed since the page was opened.

    It is not read again if that was done with its patient locked.
    """
    if TreatmentSession.plan.is_cached(session) and session.plan.is_as_it_stands:
        return session.plan
    plans = TreatmentPlan.objects.with_patient()
    plan = plans.get(pk=session.plan_id)
    plan.is_as_it_stands = True
    return plan


@atomic()
def keep_session(*, session, by, reason="", checked=False):
    """Save a session, judged on its day, and bring its plan up to date.

    `checked` says that a form checked and judged all this in the same transaction, the patient
    locked.

    Raises ValidationError if the plan has no session left, if a session at another clinic is
    anything but history, or if readiness blocks it and no override says who, when and why.
    """
    lock_patient_of(session)
    if not checked:
        session.plan = plan_as_it_stands(session)
        refuse_session_beyond_plan(session)
        refuse_beside_events(session)
        refuse_unlike_history(session, by=by)
        blocking = [finding for finding in judge_session(session) if finding.level == Level.BLOCK]
        is_overridden = bool(session.override_reason) and not never_overridden(blocking)
        if blocking and not is_overridden:
            raise ValidationError({"override_reason": [finding.message for finding in blocking]})
    is_new = session.pk is None
    session.save(by=by, reason=reason)
    schedule_watch(session=session, by=by, is_new=is_new)
    keep_appointment_in_step(session=session, by=by, is_new=is_new)
    if is_new:
        # Its course may need fewer of its appointments, even where it is due as before.
        note_saved(session.plan, None)
    session.plan = settle_after(session=session, by=by)
    return session


def never_overridden(blocking):
    """Of what stops a session, that which no reason overrides: the patient's no."""
    return [finding for finding in blocking if finding.id in NEVER_OVERRIDDEN]


def settle_after(*, session, by):
    """Bring the plan up to date after a session changed, save it and return it.

    A plan that becomes open again is paused if its area has another open plan or a referral by now.
    """
    plan = plan_as_it_stands(session)
    before = plan.status
    if not settle_plan(plan):
        return plan
    if plan.status != before:
        try:
            refuse_plan(plan)
        except ValidationError as refusal:
            wait_instead(plan, refusal)
    plan.save(by=by, reason=_("Session of %(day)s.") % {"day": day_in_words(session.day)})
    if PlanStatus.COMPLETED in (before, plan.status):
        schedule_reviews(plan=plan, by=by)
    return plan
