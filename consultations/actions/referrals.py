"""Referrals: opened when an area is severe, withdrawn when it no longer is."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import SurgicalReferral, TreatmentPlan
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic
from consultations.vocabulary import Closure, Outcome, PlanStatus, ReferralStatus, SurgeonAnswer

from .courses import pause_plans
from .locking import lock_patient_of


def standing_plan(assessment):
    """Return the plan that stands on an assessment, or None."""
    plans = [plan for plan in assessment.plans.all() if not plan.in_error]
    return plans[0] if plans else None


def standing_referral(assessment):
    """Return the referral of an assessment, open or closed, or None."""
    referrals = [referral for referral in assessment.referrals.all() if not referral.in_error]
    return referrals[0] if referrals else None


def was_sent(referral):
    """Whether the surgeon has, or had, this referral."""
    if referral.in_error:
        return False
    return referral.sent_on is not None or referral.status not in {
        ReferralStatus.TO_SEND,
        ReferralStatus.CLOSED,
    }


@atomic()
def keep_referral_in_step(*, assessment, by, former_outcome):
    """Open, reopen or withdraw the referral to fit the area's outcome; return it, or None.

    A referral is withdrawn if `former_outcome` had opened it and the surgeon does not have it yet;
    one that somebody made by hand stays. The referral that an assessment follows is closed: the
    area is back.
    """
    _take_back(assessment, by)
    referral = standing_referral(assessment)
    if assessment.effective_outcome == Outcome.REFER_TO_SURGERY and not assessment.in_error:
        return _open(assessment, referral, by)
    was_due = former_outcome == Outcome.REFER_TO_SURGERY
    if was_due and referral and referral.status == ReferralStatus.TO_SEND:
        close(referral, Closure.WITHDRAWN)
        referral.save(by=by, reason=_("The area no longer needs referral."))
    return referral


def _take_back(assessment, by):
    referral = assessment.follows_referral
    if referral is None or assessment.in_error or referral.status != ReferralStatus.RECOVERED:
        return
    close(referral, Closure.RETURNED_FOR_TOUCH_UP)
    referral.save(by=by, reason=_("The area was assessed for touch-up."))


def _open(assessment, referral, by):
    if referral is None:
        referral = SurgicalReferral(assessment=assessment)
        referral.save(by=by, reason=_("The area was found to need surgery."))
    elif referral.closure == Closure.WITHDRAWN and not was_sent(referral):
        referral.status, referral.closure, referral.closed_on = ReferralStatus.TO_SEND, "", None
        referral.save(by=by, reason=_("The area needs referral again."))
    else:
        return referral
    _pause_plans(assessment, by)
    return referral


def _pause_plans(assessment, by):
    """Pause a plan made earlier for the same area while the surgeon is asked."""
    day = day_in_words(assessment.consultation.consulted_on)
    pause_plans(assessment, _("Referred to surgery on %(day)s.") % {"day": day}, by=by)


def close(referral, closure, on=None):
    """Mark a referral as closed, unsaved."""
    referral.status = ReferralStatus.CLOSED
    referral.closure = closure
    referral.closed_on = on or timezone.localdate()


@atomic()
def change_referral(*, referral, by, reason=""):
    """Save a referral that staff moved on; to open it, the area must have no open plan.

    What it says of surgery reaches the unsigned consultations about the same area. Raises
    ValidationError if the same area has an open plan.
    """
    from .assessments import judge_after_referral  # the two know each other

    lock_patient_of(referral)
    refuse_open_beside_plan(referral)
    referral.save(by=by, reason=reason)
    _keep_answer_in_step(referral, by)
    judge_after_referral(referral=referral, by=by)
    return referral


def _keep_answer_in_step(referral, by):
    """What the surgeon answered stands beside what was sent last."""
    answered, sending = _answer_in(referral), referral.latest_sending()
    if answered is None or sending is None:
        return
    if answered != (sending.answer, sending.answered_on):
        sending.answer, sending.answered_on = answered
        sending.save(by=by, reason=_("As the referral says."))


def _answer_in(referral):
    """The surgeon's answer and its day, by what a referral says; None where it says nothing."""
    if referral.status == ReferralStatus.SENT:
        return "", None
    if referral.closure == Closure.SURGEON_DECLINED:
        return SurgeonAnswer.DECLINED, referral.closed_on
    if referral.accepted_on and referral.status != ReferralStatus.TO_SEND:
        return SurgeonAnswer.ACCEPTED, referral.accepted_on
    return None


def refuse_open_beside_plan(referral):
    if not referral.is_open:
        return
    if not referral.assessment.stands:
        raise ValidationError({"status": _("This assessment was entered in error.")})
    area = referral.assessment.area
    plans = TreatmentPlan.objects.open().of(referral.patient.pk, area)
    if standing_plan(referral.assessment) or plans.filter(status=PlanStatus.ACTIVE).exists():
        raise ValidationError(
            {"status": _("This area has an open plan. Stop or pause the plan first.")}
        )
