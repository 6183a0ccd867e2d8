"""Sign a record or mark it as entered in error: the two ways in which editing ends."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import (
    Addendum,
    AdverseEvent,
    Appointment,
    AreaAssessment,
    ClinicSettings,
    Consent,
    ConsentWording,
    Consultation,
    IssuedDocument,
    Laser,
    LaserMode,
    LaserService,
    Patient,
    Payment,
    ReferralSending,
    Surgeon,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.transactions import atomic
from consultations.summaries.sendings import sent_in_words
from consultations.summaries.signed_copy import rendition_of
from consultations.vocabulary import Closure, ReferralStatus

from . import messages
from .appointments import is_recorded, wait_again_for
from .assessments import judge_after_referral
from .attended import keep_appointment_in_step, open_again_without_consultation
from .consents import settle_course_of
from .courses import keep_decision_in_step, settle_after, settle_plan
from .events import keep_plan_in_step
from .follow_ups import schedule_watch, withdraw_waiting
from .lasers import keep_service_day_in_step
from .locking import lock_patient_of
from .patches import judge_after_patch
from .quotes import take_back_quote, why_quote_stands
from .referral_steps import take_back_sending, why_not_taken_back
from .referrals import close, was_sent


def may_sign(record, user):
    """Whether somebody may sign this record: practitioners their own sessions, clinicians any."""
    if not user.has_perm(f"consultations.sign_{record._meta.model_name}"):
        return False
    return (
        not isinstance(record, TreatmentSession)
        or record.is_of(user)
        or user.has_perm("consultations.override_treatmentsession")
    )


def may_add_addendum(record, user):
    """Whether somebody may add to this record once it is signed: those who may sign it."""
    return may_sign(record, user) and user.has_perm("consultations.add_addendum")


@atomic()
def sign(*, record, by):
    """Sign a consultation or a session: it becomes read-only, and its page is stored as it is.

    Raises ValidationError for a record in error, already signed, or not yet done, and
    PermissionDenied for somebody who may not sign it.
    """
    lock_patient_of(record)
    if record.in_error:
        raise ValidationError(_("This was entered in error and cannot be signed."))
    if record.is_signed:
        raise ValidationError(_("This is already signed."))
    if isinstance(record, TreatmentSession) and record.is_former:
        raise ValidationError(_("Only a session that was done is signed."))
    if not may_sign(record, by):
        raise PermissionDenied(_("You do not have permission to sign this."))
    record.signed_by, record.signed_at = by, timezone.now()
    record.signed_as = rendition_of(record)
    record.save(by=by, reason=_("Signed."))
    record.is_open = False
    return record


@atomic()
def add_addendum(*, record, text, by, token=None):
    """Add a dated, signed correction to a signed record, which itself stays as it is.

    `token` is that of its form. Raises ValidationError without words, or if the record is not
    signed or was entered in error, and PermissionDenied for somebody who may not add to it.
    """
    lock_patient_of(record)
    kept = type(record).objects.get(pk=record.pk)
    if not may_add_addendum(kept, by):
        raise PermissionDenied(_("You do not have permission to add to this."))
    if kept.in_error:
        raise ValidationError(_("This was entered in error. Nothing can be added to it."))
    if not kept.is_signed:
        raise ValidationError(_("This is not signed yet. Edit it instead."))
    if not text.strip():
        raise ValidationError({"text": _("Write what is to be added.")})
    of = "consultation" if isinstance(kept, Consultation) else "session"
    addendum = Addendum(text=text.strip(), form_token=token, **{of: kept})
    addendum.save(by=by)
    return addendum


@atomic()
def mark_in_error(*, record, by, reason):
    """Mark a record as entered in error, and return it: it stays visible and no longer counts.

    Its `paused` are the plans that wait because an earlier assessment is the latest now. Raises
    ValidationError without a reason, or while something else still rests on the record.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why this was entered in error.")})
    lock_patient_of(record)
    record.refresh_from_db()
    if record.in_error:
        raise ValidationError({"reason": _("This is already marked as entered in error.")})
    refuse_while_rested_on(record)
    record.entered_in_error_at = timezone.now()
    record.entered_in_error_by = by
    record.entered_in_error_reason = reason
    if isinstance(record, TreatmentPlan):
        settle_plan(record)
    record.save(by=by, reason=reason, correcting=True)
    record.paused = _keep_earlier_decisions(record, by)
    _bring_others_up_to_date(record, by)
    return record


def refuse_while_rested_on(record):
    """Raise ValidationError that names what must be dealt with first."""
    if first := _what_rests_on(record):
        raise ValidationError({"reason": first})


def _what_rests_on(record):
    match record:
        case Patient():
            if record.consultations.standing().exists():
                return _("This patient has consultations. Mark those first.")
            if record.photos.standing().exists():
                return _("This patient has photos. Mark those first.")
            if record.appointments.holding().exists():
                return _("This patient has appointments. Cancel those first.")
        case Consultation() | AreaAssessment():
            areas = _assessments_of(record)
            if TreatmentPlan.objects.standing().filter(assessment__in=areas).exists():
                return _("A treatment plan is based on this. Mark the plan first.")
            referrals = SurgicalReferral.objects.standing().filter(assessment__in=areas)
            if any(was_sent(referral) for referral in referrals):
                return _("A sent referral is based on this. Mark the referral first.")
        case Surgeon():
            if record.sendings.standing().exists():
                return _("Referrals were sent there. Say that no more are taken instead.")
        case ReferralSending():
            return why_not_taken_back(record)
        case IssuedDocument():
            if sending := record.sendings.standing().select_related("surgeon").first():
                words = _("%(sending)s with this letter. Mark that as entered in error first.")
                return words % {"sending": sent_in_words(sending)}
            return why_quote_stands(record)
        case TreatmentPlan():
            if record.done_sessions().exists():
                return _("This plan has sessions. Mark those first.")
            if record.appointments.holding().exists():
                return _("This plan has appointments. Cancel those first.")
            if Payment.objects.held(record):
                return _("This plan has payments. Refund or correct those first.")
        case TreatmentSession():
            if AdverseEvent.objects.standing().filter(session=record).exists():
                return _("This session has an adverse event. Mark the event first.")
        case Laser() | LaserMode():
            modes = record.modes.all() if isinstance(record, Laser) else [record]
            if TreatmentSession.objects.done().filter(laser_mode__in=modes).exists():
                return _("Sessions were done with this. Take the laser out of service instead.")
        case Appointment():
            if is_recorded(record):
                return _("A record made this done. Mark that first.")
        case Payment():
            return _("An entry of the ledger stays. Correct it instead.")
        case ConsentWording():
            if record.is_used:
                return _("Consents were given in these words. Add a new wording instead.")
        case ClinicSettings():
            return _("A clinic always has its settings. Change them instead.")
    return ""


def _assessments_of(record):
    if isinstance(record, AreaAssessment):
        return [record]
    return record.assessments.standing()


def _keep_earlier_decisions(record, by):
    """Without this one, an earlier assessment of its areas is the latest."""
    if not isinstance(record, Consultation | AreaAssessment):
        return []
    areas = record.assessments.all() if isinstance(record, Consultation) else [record]
    return [
        plan
        for area in sorted({one.area for one in areas})
        for plan in keep_decision_in_step(patient=record.patient.pk, area=area, by=by)
    ]


def _bring_others_up_to_date(record, by):
    match record:
        case Consultation() | AreaAssessment():
            unsent = SurgicalReferral.objects.filter(
                assessment__in=AreaAssessment.objects.filter(consultation=record)
                if isinstance(record, Consultation)
                else [record],
                status=ReferralStatus.TO_SEND,
                entered_in_error_at__isnull=True,
            )
            for referral in unsent:
                close(referral, Closure.WITHDRAWN)
                referral.save(by=by, reason=_("The assessment was entered in error."))
            if isinstance(record, Consultation):
                open_again_without_consultation(
                    patient=record.patient_id, day=record.consulted_on, by=by
                )
        case Patient():
            withdraw_waiting(by=by, patient=record)
        case TreatmentPlan():
            withdraw_waiting(by=by, plan=record)
        case SurgicalReferral():
            withdraw_waiting(by=by, referral=record)
            judge_after_referral(referral=record, by=by)
        case ReferralSending():
            take_back_sending(sending=record, by=by)
        case Consent():
            settle_course_of(record, by)
        case IssuedDocument():
            take_back_quote(document=record, by=by, reason=record.entered_in_error_reason)
        case TreatmentSession():
            schedule_watch(session=record, by=by)
            keep_appointment_in_step(session=record, by=by)
            settle_after(session=record, by=by)
        case Appointment():
            wait_again_for(appointment=record, by=by)
            messages.called_off(record, by=by)
        case AdverseEvent():
            keep_plan_in_step(event=record, by=by)
        case TestPatch():
            judge_after_patch(patch=record, by=by)
        case LaserService():
            keep_service_day_in_step(laser=record.laser, by=by)
