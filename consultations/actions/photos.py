"""Keeping photos: each by itself, so that a bad one among several does not lose the good."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Patient, Photo

from .consents import refuse_without_photo_consent
from .pictures import read_picture


def keep_photo(*, patient, file, area, view, by, taken_on=None):
    """Keep one uploaded picture as a photo of `area` from `view`.

    Without `taken_on` it was taken on the day that its camera kept, else today. Raises
    ValidationError, in words, without consent and for what is no picture or is already there.
    """
    picture = read_picture(file)
    photo = Photo(
        patient=patient,
        area=area,
        view=view,
        taken_on=taken_on or _believable(picture.taken_on, patient) or timezone.localdate(),
        width=picture.width,
        height=picture.height,
        digest=picture.digest,
        taken_by=by,
    )
    try:
        with transaction.atomic():
            if Patient.objects.locked(patient.pk).in_error:
                raise ValidationError(_("This patient was entered in error."))
            refuse_without_photo_consent(patient)
            refuse_day(photo)
            photo.validate_constraints()
            photo.image.save("", ContentFile(picture.image), save=False)
            photo.thumbnail.save("", ContentFile(picture.thumbnail), save=False)
            photo.save(by=by)
    except BaseException:
        _remove_files(photo)
        raise
    return photo


def refuse_day(photo):
    """Raise ValidationError where the photo cannot have been taken on its day."""
    if photo.taken_on > timezone.localdate():
        raise ValidationError({"taken_on": _("This date is in the future.")})
    if photo.taken_on < photo.patient.date_of_birth:
        raise ValidationError({"taken_on": _("This is before the patient was born.")})


def _believable(day, patient):
    """A camera's day, unless its clock was plainly wrong."""
    return day if day and patient.date_of_birth <= day <= timezone.localdate() else None


def _remove_files(photo):
    """What was written for a row that is not there."""
    for file in (photo.image, photo.thumbnail):
        if file:
            file.storage.delete(file.name)
