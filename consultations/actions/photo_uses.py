"""Uses of photos outside the record: added while the patient agrees, taken down by a press."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consent, PhotoUse
from consultations.models.transactions import atomic
from consultations.vocabulary import ConsentKind

from .locking import lock_patient_of, refuse_record_that_ended


def agrees_to_publicity(patient):
    """Whether the patient's consent to photos in advertising stands."""
    return agreed_to_publicity(patient).standing().exists()


def agreed_to_publicity(patient):
    """The patient's consents to photos in advertising, also those that were withdrawn."""
    return Consent.objects.given().to(ConsentKind.PUBLICITY).filter(patient=patient)


def refuse_use(use):
    """Raise ValidationError, by field, if a photo cannot have been used like this."""
    photo, today = use.photo, timezone.localdate()
    told = {}
    if use.since > today:
        told["since"] = _("This date is in the future.")
    elif use.since < photo.taken_on:
        told["since"] = _("This is before the photo was taken.")
    if use.down_on and use.down_on > today:
        told["down_on"] = _("This date is in the future.")
    if told:
        raise ValidationError(told)
    if use.pk is None:
        refuse_new_use(photo, use.since)


def refuse_new_use(photo, since):
    """Raise ValidationError unless this photo may be shown outside the record from a day on.

    What went up while the patient agreed is recorded also when it is found after the withdrawal:
    it is then still to be taken down.
    """
    if not photo.may_be_shown:
        raise ValidationError(_("This photo is hidden, so it is not used."))
    patient = photo.patient
    if not (agrees_to_publicity(patient) or agreed_to_publicity(patient).on(since).exists()):
        raise ValidationError(_("The patient has not agreed to photos in advertising."))


@atomic()
def keep_use(*, use, by, reason=""):
    """Save a use of a photo. Raises ValidationError for a new one without the patient's consent to
    photos in advertising, and for days that cannot be."""
    refuse_record_that_ended(lock_patient_of(use))
    refuse_use(use)
    use.save(by=by, reason=reason)
    return use


@atomic()
def take_down(*, use, by):
    """Record that a photo was taken down today. Raises ValidationError if it is down already."""
    refuse_record_that_ended(lock_patient_of(use))
    if not PhotoUse.objects.up().filter(pk=use.pk).exists():
        raise ValidationError(_("This was taken down already."))
    use.down_on = timezone.localdate()
    use.save(by=by, reason=_("Taken down."))
    return use
