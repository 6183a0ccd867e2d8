"""Signing, and marking as entered in error: the two acts that end a record's editing."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import (
    AdverseEvent,
    AreaAssessment,
    ClinicSettings,
    Consent,
    ConsentWording,
    Consultation,
    Laser,
    LaserMode,
    Patient,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.vocabulary import Closure, ReferralStatus, SessionStatus

from .courses import settle_after, settle_plan
from .events import keep_plan_in_step
from .follow_ups import schedule_watch, withdraw_waiting
from .referrals import close, was_sent


@transaction.atomic
def sign(*, record, by):
    """Sign a consultation or a session; from then on it is read-only.

    Raises ValidationError for a record in error, already signed, or not yet done.
    """
    if record.in_error:
        raise ValidationError(_("This was entered in error and cannot be signed."))
    if record.is_signed:
        raise ValidationError(_("This is already signed."))
    if isinstance(record, TreatmentSession) and record.status == SessionStatus.BOOKED:
        raise ValidationError(_("A booked session cannot be signed before it is done."))
    record.signed_by, record.signed_at = by, timezone.now()
    record.save(by=by, reason=_("Signed."))
    return record


@transaction.atomic
def mark_in_error(*, record, by, reason):
    """Mark a record as entered in error: it stays visible and no longer counts anywhere.

    Raises ValidationError without a reason, or while something else still rests on the record.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why this was entered in error.")})
    patient = patient_of(record)
    if patient is not None:
        Patient.objects.locked(patient.pk)
    record.refresh_from_db()
    if record.in_error:
        raise ValidationError({"reason": _("This is already marked as entered in error.")})
    refuse_while_rested_on(record)
    record.entered_in_error_at = timezone.now()
    record.entered_in_error_by = by
    record.entered_in_error_reason = reason
    if isinstance(record, TreatmentPlan):
        settle_plan(record)
    if hasattr(record, "signed_at"):
        record.save(by=by, reason=reason, correcting=True)
    else:
        record.save(by=by, reason=reason)
    _bring_others_up_to_date(record, by)
    return record


def patient_of(record):
    """The patient a record is about; None for what the clinic is set up with."""
    if isinstance(record, Laser | LaserMode | ConsentWording | ClinicSettings):
        return None
    if isinstance(record, Consent) and record.plan_id:
        return record.plan.patient
    return record if isinstance(record, Patient) else record.patient


def refuse_while_rested_on(record):
    """Raise ValidationError that names what must be dealt with first."""
    if first := _what_rests_on(record):
        raise ValidationError({"reason": first})


def _what_rests_on(record):
    match record:
        case Patient():
            if record.consultations.standing().exists():
                return _("Consultations rest on this patient. Mark those first.")
            if record.photos.standing().exists():
                return _("Photos rest on this patient. Mark those first.")
        case Consultation() | AreaAssessment():
            areas = _assessments_of(record)
            if TreatmentPlan.objects.standing().filter(assessment__in=areas).exists():
                return _("A treatment plan rests on this. Mark the plan first.")
            referrals = SurgicalReferral.objects.standing().filter(assessment__in=areas)
            if any(was_sent(referral) for referral in referrals):
                return _("A referral that was sent rests on this. Mark the referral first.")
        case TreatmentPlan():
            counting = (SessionStatus.DONE, SessionStatus.BOOKED)
            if record.sessions.standing().filter(status__in=counting).exists():
                return _("Sessions rest on this plan. Mark or cancel those first.")
        case TreatmentSession():
            if AdverseEvent.objects.standing().filter(session=record).exists():
                return _("An adverse event rests on this session. Mark the event first.")
        case Laser() | LaserMode():
            modes = record.modes.all() if isinstance(record, Laser) else [record]
            if TreatmentSession.objects.done().filter(laser_mode__in=modes).exists():
                return _("Sessions were done with this. Take the laser out of service instead.")
        case ConsentWording():
            if record.consents.exists():
                return _("Consents were given in these words. Add a new wording instead.")
        case ClinicSettings():
            return _("A clinic always has its settings. Change them instead.")
    return ""


def _assessments_of(record):
    if isinstance(record, AreaAssessment):
        return [record]
    return record.assessments.standing()


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
        case Patient():
            withdraw_waiting(by=by, patient=record)
        case TreatmentPlan():
            withdraw_waiting(by=by, plan=record)
        case SurgicalReferral():
            withdraw_waiting(by=by, referral=record)
        case TreatmentSession():
            schedule_watch(session=record, by=by)
            settle_after(session=record, by=by)
        case AdverseEvent():
            keep_plan_in_step(event=record, by=by)
