"""Consents: given or refused in words that are stored, withdrawn at any time."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import (
    ClinicSettings,
    Consent,
    ConsentWording,
    Patient,
    TreatmentPlan,
    TreatmentSession,
    patient_of,
)
from consultations.models.first_wordings import first_wording
from consultations.models.signature import check_drawing
from consultations.models.text import folded
from consultations.models.transactions import atomic
from consultations.rules.protocol import ADULT_AGE
from consultations.summaries.consent_reading import reading_of
from consultations.summaries.consents import began_before
from consultations.vocabulary import ConsentKind, PlanStatus

from .locking import lock_patient_of, refuse_record_that_ended

CHANGED = gettext_lazy("The wording was changed a moment ago. Read it again, then sign.")
NO_LONGER_STANDS = gettext_lazy("This consent does not stand any more.")
SAY_WHY = gettext_lazy("Say why, as the patient says it.")
ALREADY_AGREED = {
    ConsentKind.PHOTO: gettext_lazy("This patient has already agreed to photos."),
    ConsentKind.PUBLICITY: gettext_lazy("This patient has already agreed to that."),
}


def photo_consent_of(patient):
    """Return the patient's standing consent to photos with its wording, or None."""
    consents = Consent.objects.standing().to_photos().filter(patient=patient)
    return consents.select_related("wording").order_by("-pk").first()


def refuse_without_photo_consent(patient):
    """Raise ValidationError unless the patient agrees to photos."""
    if photo_consent_of(patient) is None:
        raise ValidationError(_("The patient has not agreed to photos, or no longer does."))


def refuse_consent(consent):
    """Raise ValidationError if this consent could not have been given like this."""
    patient = patient_of(consent)
    told = {}
    if patient.in_error:
        told["signed_name"] = _("This patient was entered in error.")
    if consent.given_on > timezone.localdate():
        told["given_on"] = _("This date is in the future.")
    elif consent.given_on < patient.date_of_birth:
        told["given_on"] = _("This is before the patient was born.")
    if told:
        raise ValidationError(told)


@atomic()
def give_photo_consent(*, patient, signed_name, given_on, wording, by, by_guardian=False):
    """Store a patient's consent to photos, given in `wording` (None: the first wording).

    Raises ValidationError if a consent already stands, or if the wording is no longer current: then
    other words were shown than would be stored.
    """
    return give_patient_consent(
        kind=ConsentKind.PHOTO,
        patient=patient,
        signed_name=signed_name,
        given_on=given_on,
        by_guardian=by_guardian,
        wording=wording,
        by=by,
    )


@atomic()
def give_patient_consent(*, kind, patient, wording, by, **signed):
    """Store a patient's consent to photos or to their use in advertising.

    As `give_photo_consent`; `signed` are the fields that were filled in by signing.
    """
    patient = _locked_before_answer(patient, kind)
    ConsentWording.objects.lock(kind)
    if ConsentWording.objects.current(kind) != wording:
        raise ValidationError(CHANGED)
    consent = Consent(patient=patient, wording=wording or _first(kind, "", by), **signed)
    refuse_consent(consent)
    refuse_unsigned(consent, patient)
    consent.save(by=by)
    return consent


def _locked_before_answer(patient, kind):
    """Lock a patient and return it. Raises ValidationError where such a consent stands already."""
    patient = Patient.objects.locked(patient.pk)
    if Consent.objects.standing().to(kind).filter(patient=patient).exists():
        raise ValidationError(ALREADY_AGREED[kind])
    return patient


@atomic()
def refuse_patient_consent(*, kind, patient, reason, by):
    """Store that a patient does not agree to photos, or to their use in advertising.

    Raises ValidationError where a consent stands: that is withdrawn.
    """
    patient = _locked_before_answer(patient, kind)
    consent = Consent(
        patient=patient,
        wording=wording_to_sign(kind, "", by),
        signed_name=patient.full_name,
        refused=True,
        no_reason=reason,
    )
    refuse_consent(consent)
    consent.save(by=by)
    return consent


@atomic()
def answer_treatment(*, plan, stamp, by, **signed):
    """Store a patient's answer to a course, yes or no, with all that was read.

    `stamp` is that of the Reading that was shown; `signed` are the fields that were filled in by
    signing. The course is due once the time to reflect is over. Raises ValidationError if the
    course has ended, if anything that was read was changed meanwhile, or for a yes without a
    signature of whoever may give it.
    """
    patient = lock_patient_of(plan)
    refuse_record_that_ended(patient)
    plan = TreatmentPlan.objects.with_patient().get(pk=plan.pk)
    if not (plan.stands and plan.is_open):
        raise ValidationError(_("This plan has ended. Consent is given to one that goes on."))
    ConsentWording.objects.lock(ConsentKind.TREATMENT)
    reading = reading_of(plan)
    if reading.stamp != stamp:
        raise ValidationError(CHANGED)
    on_paper = bool(signed.get("kept_at"))
    if on_paper and not began_before(plan, ClinicSettings.objects.current()):
        raise ValidationError(_("Consent to this course is signed here, not on paper."))
    consent = Consent(
        plan=plan,
        wording=reading.wording or _first(ConsentKind.TREATMENT, plan.laser_type, by),
        laser_type=plan.laser_type,
        severity=reading.severity,
        sessions=plan.planned_sessions,
        # What was read on paper stands on the paper.
        read_as={} if on_paper else reading.as_read,
        **signed,
    )
    refuse_consent(consent)
    refuse_unsigned(consent, patient)
    consent.save(by=by)
    _settle(plan, by)
    return consent


def refuse_unsigned(consent, patient):
    """Raise ValidationError for a yes that nobody signed who may: drawn, typed, or on paper; for
    a patient under age the guardian signs."""
    if consent.refused:
        return
    if consent.points:
        check_drawing(consent.points)
    if patient.age_on(consent.given_on) < ADULT_AGE and not consent.by_guardian:
        raise ValidationError(
            {"by_guardian": _("The patient is under age: the guardian signs, in their own name.")}
        )
    if consent.by_guardian and folded(consent.signed_name) in _names_of(patient):
        words = _("This is the patient’s name. The guardian signs in their own name.")
        raise ValidationError({"signed_name": words})


def _names_of(patient):
    given, family = folded(patient.given_name), folded(patient.family_name)
    return {f"{given} {family}", f"{family} {given}"}


@atomic()
def withdraw(*, consent, on, reason, by):
    """Record that a consent was withdrawn, effective at once; return it.

    Raises ValidationError if it no longer stands, for a day before it was given or to come, and for
    a consent to treatment without a reason.
    """
    lock_patient_of(consent)
    consent = Consent.objects.select_related("wording").get(pk=consent.pk)
    refuse_withdrawal(consent, on, reason)
    consent.withdrawn_on, consent.no_reason = on, reason
    consent.withdrawn_at = timezone.now()
    consent.save(by=by, reason=reason)
    settle_course_of(consent, by)
    return consent


def settle_course_of(consent, by):
    """Bring the course that a consent is to up to date, after the consent changed."""
    if consent.plan_id:
        _settle(TreatmentPlan.objects.with_patient().get(pk=consent.plan_id), by)


@atomic()
def settle_reflection(by):
    """Bring up to date when courses are due that wait for consent to be reflected on, after the
    clinic changed the time for it."""
    given = Consent.objects.standing().filter(plan__isnull=False)
    waiting = TreatmentPlan.objects.standing().filter(
        status=PlanStatus.ACTIVE, pk__in=given.values("plan")
    )
    waiting = waiting.exclude(pk__in=TreatmentSession.objects.done().values("plan"))
    by_patient = waiting.order_by("assessment__consultation__patient", "pk")
    for plan in by_patient.with_patient():
        lock_patient_of(plan)
        _settle(TreatmentPlan.objects.with_patient().get(pk=plan.pk), by)


def refuse_withdrawal(consent, on, reason):
    """Raise ValidationError, by field, if a consent cannot be withdrawn like this."""
    if not consent.is_given:
        raise ValidationError(NO_LONGER_STANDS)
    told = {}
    if on is None:
        told["withdrawn_on"] = _("Give the day.")
    elif on > timezone.localdate():
        told["withdrawn_on"] = _("This date is in the future.")
    elif on < consent.given_on:
        told["withdrawn_on"] = _("This is before the consent was given.")
    if consent.plan_id and not reason.strip():
        told["no_reason"] = SAY_WHY
    if told:
        raise ValidationError(told)


def _settle(plan, by):
    """When a course is due follows from its consent until something is done."""
    from .courses import settle_plan  # the two know each other

    if settle_plan(plan):
        plan.save(by=by, reason=_("Consent was changed."))


def wording_to_sign(kind, laser_type, by):
    """Return the wording of today, that which a new clinic begins with stored first."""
    return ConsentWording.objects.current(kind, laser_type) or _first(kind, laser_type, by)


def _first(kind, laser_type, by):
    """Return the wording that a new clinic begins with; written only once."""
    first = ConsentWording(
        kind=kind, laser_type=laser_type, edition=1, text=first_wording(kind, laser_type)
    )
    try:
        with transaction.atomic():  # what is rolled back here does not undo the consent
            first.save(by=by)
    except IntegrityError:
        return ConsentWording.objects.current(kind, laser_type)
    return first
