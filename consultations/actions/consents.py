"""Consents: given in words that are stored, needed before the first photo, withdrawn any time."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consent, ConsentWording, Patient
from consultations.models.transactions import atomic
from consultations.vocabulary import ConsentKind

FIRST_PHOTO_WORDING = """\
I agree that this clinic takes photographs of the parts of my body that are assessed or treated.

What they are for: to plan my treatment and, by comparing before and after, to see what it has \
done. They are part of my record and are kept as long as it is.

Who sees them: only those at this clinic who treat me or are responsible for my treatment. \
Reception does not. If I am referred to a surgeon, they are sent along only if I agree to it then.

What they are not for: they are not published, shown to other patients or used for advertising \
or teaching. For anything of that kind I would be asked separately, and may say no.

I may decline photographs and still be treated. I may withdraw this consent at any time, without \
giving a reason. From then on no photograph is taken, and those already in my record are no \
longer shown. Should I agree again later, that covers them too.
"""


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
    patient = consent.patient
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
def give_photo_consent(*, patient, signed_name, given_on, wording, by):
    """Store a patient's consent to photos, given in `wording` (None: the first wording).

    Raises ValidationError if a consent already stands, or if the wording is no longer current: then
    other words were shown than would be stored.
    """
    patient = Patient.objects.locked(patient.pk)
    if photo_consent_of(patient) is not None:
        raise ValidationError(_("This patient has already agreed to photos."))
    current = ConsentWording.objects.current(ConsentKind.PHOTO)
    if current != wording:
        raise ValidationError(_("The wording was changed a moment ago. Read it again, then sign."))
    consent = Consent(
        patient=patient,
        wording=current or _first_photo_wording(by),
        signed_name=signed_name,
        given_on=given_on,
    )
    refuse_consent(consent)
    consent.save(by=by)
    return consent


def _first_photo_wording(by):
    """Return the wording that a new clinic begins with; written only once."""
    first = ConsentWording(kind=ConsentKind.PHOTO, edition=1, text=FIRST_PHOTO_WORDING)
    try:
        with transaction.atomic():  # what is rolled back here does not undo the consent
            first.save(by=by)
    except IntegrityError:
        return ConsentWording.objects.current(ConsentKind.PHOTO)
    return first
