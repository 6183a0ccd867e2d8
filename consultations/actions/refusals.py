"""What a course refuses: a plan that may not be open, a session that has no place in it."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import (
    AdverseEvent,
    AreaAssessment,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.text import day_in_words
from consultations.summaries.facts import known_against
from consultations.vocabulary import (
    Outcome,
    PlanStatus,
)


def refuse_plan(plan):
    """Raise ValidationError if this new or resumed plan may not be open."""
    if plan.pk and plan.planned_sessions < (done := plan.done_sessions().count()):
        raise ValidationError(
            {"planned_sessions": _("%(done)s sessions are already done.") % {"done": done}}
        )
    if plan.pk is None:
        _refuse_new_plan(plan)
    if plan.is_open:
        _refuse_open_plan(plan)


def _refuse_new_plan(plan):
    """Refuse a plan whose assessment is in error, speaks against laser, or is not the last."""
    assessment = plan.assessment
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


def _refuse_open_plan(plan):
    """Refuse an open plan beside a referral, a decision, news, an event or another open plan."""
    patient, area = plan.assessment.consultation.patient_id, plan.assessment.area
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
    if _begins(plan):
        refuse_against_news(plan)
    if plan.status == PlanStatus.ACTIVE and (event := stopping_event(plan)):
        words = _("%(event)s: not cleared yet. A clinician clears it first, with a note.")
        raise ValidationError({_field(plan): words % {"event": event}})
    if TreatmentPlan.objects.open().of(patient, area).exclude(pk=plan.pk).exists():
        raise ValidationError(
            {_field(plan): _("This patient already has an open plan for this area.")}
        )


def _begins(plan):
    """Whether a plan is new, or about to be resumed or to go on with another laser."""
    stored = TreatmentPlan.objects.filter(pk=plan.pk).values("status", "laser_type").first()
    if stored is None:
        return True
    is_resumed = plan.status == PlanStatus.ACTIVE != stored["status"]
    return is_resumed or plan.laser_type != stored["laser_type"]


def refuse_against_newer_assessment(plan):
    """Raise ValidationError if a newer assessment of the area is not for laser."""
    newest = AreaAssessment.objects.newest(plan.patient.pk, plan.area)
    if newest is not None and newest.pk != plan.assessment_id and not newest.is_treatable:
        words = _("This area was assessed again on %(day)s: %(outcome)s.") % {
            "day": day_in_words(newest.consultation.consulted_on),
            "outcome": newest.get_effective_outcome_display().lower(),
        }
        raise ValidationError({"assessment": words})


def refuse_against_news(plan):
    """Raise ValidationError if there is news against the plan's laser.

    News is what the verdict did not know of, or what a later assessment found. What a clinician
    knew who decided to treat anyway is not news.
    """
    if not plan.laser_type:
        return  # none is proposed, and none chosen yet
    newest = AreaAssessment.objects.newest(plan.patient.pk, plan.area) or plan.assessment
    known = set()
    if newest.is_decided_otherwise and newest.is_treatable:
        known = {(finding["id"], finding["level"]) for finding in newest.findings}
    news = [one for one in known_against(plan) if (one.id, one.level) not in known]
    if news:
        raise ValidationError({_field(plan): [f"{one.message} {one.hint}" for one in news]})


def stopping_event(plan):
    """Return the event that keeps the laser off the area until it is cleared, or None."""
    assessment = plan.assessment
    patient = assessment.consultation.patient_id
    return AdverseEvent.objects.stopping().of(patient, assessment.area).order_by("pk").first()


def refuse_against_decision(plan):
    """Raise ValidationError if a clinician has decided against laser on this area since."""
    latest = AreaAssessment.objects.newest(plan.patient.pk, plan.area)
    if latest is not None and latest.decision in Outcome.refusing():
        words = _("A clinician decided: %(outcome)s. Decide to treat again first.")
        outcome = latest.get_decision_display().lower()
        raise ValidationError({"status": words % {"outcome": outcome}})


def _field(plan):
    return "status" if plan.pk else "assessment"


def refuse_session_beyond_plan(session):
    """Raise ValidationError if the plan has no session left for this one."""
    plan = session.plan
    if plan.in_error:
        raise ValidationError({"status": _("This plan was entered in error.")})
    done = plan.done_sessions().exclude(pk=session.pk).count()
    if done >= plan.planned_sessions:
        raise ValidationError(
            {
                "performed_on": _(
                    "All %(planned)s planned sessions are done. Extend the plan first, with a "
                    "reason."
                )
                % {"planned": plan.planned_sessions}
            }
        )


def refuse_beside_events(session):
    """Raise ValidationError if an adverse event of this session would no longer follow it."""
    if session.pk is None:
        return
    events = AdverseEvent.objects.standing().filter(session=session).order_by("onset_on")
    if (first := events.first()) is None:
        return
    if session.performed_on > first.onset_on:
        raise ValidationError(
            {
                "performed_on": _("An adverse event of this session began on %(day)s.")
                % {"day": day_in_words(first.onset_on)}
            }
        )


OF_HISTORY = ("performed_elsewhere", "status", "performed_on", "booked_for")


def refuse_unlike_history(session, *, by):
    """Raise ValidationError for a session at another clinic that is not entered as history.

    A clinician enters it as a new record, on a day before today. One stored earlier stays as it is.
    """
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
