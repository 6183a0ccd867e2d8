"""Running a course: start, extend, pause and stop a plan; record its sessions."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consultations.models import (
    AdverseEvent,
    AreaAssessment,
    StaleRecordError,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.text import day_in_words, moment_in_words
from consultations.models.transactions import atomic, current
from consultations.summaries.facts import known_against
from consultations.vocabulary import (
    Level,
    Outcome,
    PlanStatus,
    SessionStatus,
)

from .follow_ups import schedule_reviews, schedule_watch
from .judging import judge_session
from .locking import hold_patient_of

DECIDED_AGAINST = {
    Outcome.HOLD: gettext_noop("Decided to wait on %(day)s"),
    Outcome.NOT_A_CANDIDATE: gettext_noop("Decided not to treat on %(day)s"),
}


def settle_plan(plan, *, days=None):
    """Bring status, completion and next due date in line with the done sessions, unsaved.

    True where anything changed. The last planned session completes the plan; fewer done than
    planned makes a completed plan active again. `days` are the days of the done sessions in
    order, read here where they are not given.
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
    plan.next_due_on = next_due(plan, days)
    return before != (plan.status, plan.completed_on, plan.next_due_on)


def next_due(plan, done_days):
    """The day the next session is due: last done, else start, plus the interval; active only."""
    if plan.status != PlanStatus.ACTIVE or plan.in_error:
        return None
    return (done_days[-1] if done_days else plan.started_on) + timedelta(days=plan.interval_days)


def refuse_plan(plan):
    """Raise ValidationError where this new or resumed plan may not be open."""
    assessment = plan.assessment
    patient, area = assessment.consultation.patient_id, assessment.area
    if plan.pk and plan.planned_sessions < (done := plan.done_sessions().count()):
        raise ValidationError(
            {"planned_sessions": _("%(done)s sessions are already done.") % {"done": done}}
        )
    if plan.pk is None:
        if assessment.in_error or assessment.consultation.in_error:
            raise ValidationError({"assessment": _("This assessment was entered in error.")})
        if not assessment.is_treatable:
            raise ValidationError(
                {
                    "assessment": _("This area is not suitable for laser: %(outcome)s.")
                    % {"outcome": assessment.get_effective_outcome_display().lower()}
                }
            )
        refuse_against_newer_assessment(plan)
    if plan.status not in {PlanStatus.ACTIVE, PlanStatus.PAUSED}:
        return
    # A paused plan may wait beside a referral; it is resumed when the referral is closed.
    referrals = SurgicalReferral.objects.open().of(patient, area)
    if (plan.pk is None or plan.status == PlanStatus.ACTIVE) and referrals.exists():
        raise ValidationError(
            {
                _field(plan): _(
                    "This area has an open referral to a surgeon. Close the referral first."
                )
            }
        )
    if plan.pk and plan.status == PlanStatus.ACTIVE:
        refuse_against_decision(plan)
    if plan.pk is None or is_resumed(plan) or is_for_another_laser(plan):
        refuse_against_news(plan)
    if plan.status == PlanStatus.ACTIVE and (event := stopping_event(plan)):
        words = _("%(event)s: not cleared yet. A clinician clears it first, with a note.")
        raise ValidationError({_field(plan): words % {"event": event}})
    if TreatmentPlan.objects.open().of(patient, area).exclude(pk=plan.pk).exists():
        raise ValidationError(
            {_field(plan): _("This patient already has an open plan for this area.")}
        )


def is_resumed(plan):
    """Whether a plan that was not active is about to be."""
    stored = TreatmentPlan.objects.filter(pk=plan.pk).exclude(status=PlanStatus.ACTIVE)
    return plan.status == PlanStatus.ACTIVE and stored.exists()


def is_for_another_laser(plan):
    """Whether a stored plan is about to change its laser."""
    return TreatmentPlan.objects.filter(pk=plan.pk).exclude(laser_type=plan.laser_type).exists()


def refuse_against_newer_assessment(plan):
    """Raise ValidationError where the area was assessed again since, and laser is not for it."""
    newest = newest_assessment(plan.patient.pk, plan.area)
    if newest is not None and newest.pk != plan.assessment_id and not newest.is_treatable:
        words = _("This area was assessed again on %(day)s: %(outcome)s.") % {
            "day": day_in_words(newest.consultation.consulted_on),
            "outcome": newest.get_effective_outcome_display().lower(),
        }
        raise ValidationError({"assessment": words})


def newest_assessment(patient, area):
    """The latest standing assessment of an area; None without one."""
    areas = AreaAssessment.objects.of(patient, area).select_related("consultation")
    return areas.order_by("-consultation__consulted_on", "-pk").first()


def refuse_against_news(plan):
    """Raise ValidationError where the record knows today what its verdict did not know of, or what
    a later assessment found, against the plan's laser; but for what a clinician who decided to
    treat all the same knew."""
    if not plan.laser_type:
        return  # none is proposed, and none chosen yet
    newest = newest_assessment(plan.patient.pk, plan.area) or plan.assessment
    known = set()
    if newest.is_decided_otherwise and newest.is_treatable:
        known = {(finding["id"], finding["level"]) for finding in newest.findings}
    news = [one for one in known_against(plan) if (one.id, one.level) not in known]
    if news:
        raise ValidationError({_field(plan): [f"{one.message} {one.hint}" for one in news]})


def stopping_event(plan):
    """What keeps the laser off the plan's area until a clinician clears it, or None."""
    assessment = plan.assessment
    patient = assessment.consultation.patient_id
    return AdverseEvent.objects.stopping().of(patient, assessment.area).order_by("pk").first()


def wait_instead(plan, refusal):
    """Have a plan that may not be active wait, paused, and say what for; unsaved."""
    plan.status, plan.status_reason = PlanStatus.PAUSED, " ".join(refusal.messages)
    plan.paused_for = stopping_event(plan)
    settle_plan(plan)


def pause_plans(assessment, reason, *, by):
    """Pause the active plan of an assessed area, if there is one; returns what was paused."""
    plans = TreatmentPlan.objects.open().of(assessment.consultation.patient_id, assessment.area)
    paused = list(plans.filter(status=PlanStatus.ACTIVE))
    for plan in paused:
        plan.status, plan.status_reason = PlanStatus.PAUSED, reason
        settle_plan(plan)
        plan.save(by=by, reason=reason)
    return paused


def keep_decision_in_step(*, patient, area, by):
    """Pause the active plan of an area whose latest assessment a clinician decided against laser;
    a verdict alone pauses nothing. Returns what was paused."""
    newest = newest_assessment(patient, area)
    words = DECIDED_AGAINST.get(newest.decision) if newest else None
    if words is None:
        return []
    day = day_in_words(timezone.localdate(newest.decided_at))
    return pause_plans(newest, _(words) % {"day": day}, by=by)


def refuse_against_decision(plan):
    """Raise ValidationError where a clinician has decided against laser on this area since."""
    latest = newest_assessment(plan.patient.pk, plan.area)
    if latest is not None and latest.decision in DECIDED_AGAINST:
        words = _("A clinician decided: %(outcome)s. Decide to treat again first.")
        outcome = latest.get_decision_display().lower()
        raise ValidationError({"status": words % {"outcome": outcome}})


def _field(plan):
    return "status" if plan.pk else "assessment"


@atomic()
def keep_plan(*, plan, by, reason=""):
    """Save a new or edited plan with its state settled.

    Raises ValidationError where the area has an open referral or another open plan.
    """
    hold_patient_of(plan.assessment.consultation)
    # As it stands now that nobody else is writing, not as it was when the page was opened.
    plan.assessment = AreaAssessment.objects.select_related("consultation__patient").get(
        pk=plan.assessment_id
    )
    settle_plan(plan)
    refuse_plan(plan)
    plan.save(by=by, reason=reason)
    schedule_reviews(plan=plan, by=by)
    return plan


def plan_as_it_stands(session):
    """The plan of a session, read again unless that was done with its patient locked: it may have
    changed since the page was opened."""
    if TreatmentSession.plan.is_cached(session) and session.plan.is_as_it_stands:
        return session.plan
    plans = TreatmentPlan.objects.select_related("assessment__consultation__patient")
    plan = plans.get(pk=session.plan_id)
    plan.read_in = current()
    return plan


def refuse_session_beyond_plan(session):
    """Raise ValidationError where the plan has no session left for this one, or takes none."""
    if session.status not in {SessionStatus.DONE, SessionStatus.BOOKED}:
        return
    plan = session.plan
    new_booking = session.pk is None and session.status == SessionStatus.BOOKED
    if new_booking and (plan.in_error or plan.status in {PlanStatus.PAUSED, PlanStatus.STOPPED}):
        raise ValidationError({"booked_for": _("The plan is not active. Resume it first.")})
    if session.status == SessionStatus.BOOKED and session.booked_for:
        refuse_second_booking(session)
    done = plan.done_sessions().exclude(pk=session.pk).count()
    if done >= plan.planned_sessions:
        field = "performed_on" if session.status == SessionStatus.DONE else "booked_for"
        raise ValidationError(
            {
                field: _(
                    "All %(planned)s planned sessions are done. Extend the plan first, with a "
                    "reason."
                )
                % {"planned": plan.planned_sessions}
            }
        )


def refuse_second_booking(session):
    """Raise ValidationError where the area is booked on that day already."""
    others = TreatmentSession.objects.booked().filter(plan=session.plan).exclude(pk=session.pk)
    if (other := others.filter(day=session.day_of_session()).first()) is not None:
        words = _("This area is booked already: %(when)s.")
        when = moment_in_words(other.booked_for)
        raise ValidationError({"booked_for": words % {"when": when}})


def refuse_beside_events(session):
    """Raise ValidationError where an adverse event of this session would no longer follow it."""
    if session.pk is None:
        return
    events = AdverseEvent.objects.standing().filter(session=session).order_by("onset_on")
    if (first := events.first()) is None:
        return
    if session.status != SessionStatus.DONE:
        raise ValidationError(
            {"status": _("This session has an adverse event. Mark the event first.")}
        )
    if session.performed_on > first.onset_on:
        raise ValidationError(
            {
                "performed_on": _("An adverse event of this session began on %(day)s.")
                % {"day": day_in_words(first.onset_on)}
            }
        )


OF_HISTORY = ("performed_elsewhere", "status", "performed_on", "booked_for")


def refuse_unlike_history(session, *, by):
    """Raise ValidationError unless a session at another clinic is entered by a clinician, on a day
    before today, and as a new record. One stored earlier stays as it is."""
    stored = None
    if session.pk:
        stored = TreatmentSession.objects.filter(pk=session.pk).values(*OF_HISTORY).first()
    was_elsewhere = bool(stored and stored["performed_elsewhere"])
    if not (session.performed_elsewhere or was_elsewhere):
        return
    if stored == {name: getattr(session, name) for name in OF_HISTORY}:
        return
    if not by.has_perm("consultations.override_treatmentsession"):
        words = _("Only a clinician enters sessions of another clinic.")
        raise ValidationError({"performed_elsewhere": words})
    if stored and was_elsewhere != bool(session.performed_elsewhere):
        words = _(
            "A session stays with the clinic that it was stored for. Mark it as entered in error, "
            "then enter it anew."
        )
        raise ValidationError({"performed_elsewhere": words})
    if session.performed_on and session.performed_on >= timezone.localdate():
        words = _("A session at another clinic is history: a day before today.")
        raise ValidationError({"performed_on": words})


@atomic()
def keep_session(*, session, by, reason="", checked=False):
    """Save a session, judged on its day, and bring its plan up to date. `checked` says that a form
    has asked all of this in the same transaction, the patient locked, and judged it.

    Raises ValidationError where the plan has no session left, where a session at another clinic
    is anything but history, or where readiness blocks it and no override says who, when and why.
    """
    hold_patient_of(session.plan.assessment.consultation)
    if not checked:
        session.plan = plan_as_it_stands(session)
        refuse_session_beyond_plan(session)
        refuse_beside_events(session)
        refuse_unlike_history(session, by=by)
        blocking = [finding for finding in judge_session(session) if finding.level == Level.BLOCK]
        if blocking and not session.override_reason:
            raise ValidationError({"override_reason": [finding.message for finding in blocking]})
    is_new = session.pk is None
    session.save(by=by, reason=reason)
    schedule_watch(session=session, by=by, is_new=is_new)
    session.plan = settle_after(session=session, by=by)
    return session


@atomic()
def call_off(*, session, status, reason, by):
    """Write that a booked session was missed or cancelled, and why.

    Raises ValidationError without a reason, or where the session is not booked any more, and
    StaleRecordError where the booking has changed since its version was read.
    """
    hold_patient_of(session.plan.assessment.consultation)
    read = session.version
    session.refresh_from_db()
    if session.status != SessionStatus.BOOKED or session.in_error:
        raise ValidationError(_("This session is no longer booked."))
    if session.version != read:
        when = moment_in_words(session.booked_for)
        raise StaleRecordError(
            _("This booking is now on %(when)s. Nothing was changed.") % {"when": when}
        )
    if status == SessionStatus.MISSED and session.day > timezone.localdate():
        raise ValidationError(_("This booking is still to come. Cancel it instead."))
    if not reason.strip():
        raise ValidationError({"status_reason": _("Say why.")})
    session.status, session.status_reason = status, reason.strip()
    return keep_session(session=session, by=by, reason=session.status_reason)


def settle_after(*, session, by):
    """Bring the plan up to date with what became of a session, and save it; returns the plan.

    A plan that this opens again waits, paused, where the area meanwhile has another open plan or
    a referral.
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
