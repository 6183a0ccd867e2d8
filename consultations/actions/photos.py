"""Photos: each is stored by itself, so that a bad one among several does not lose the good."""

from datetime import date, timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import IssuedDocument, Patient, Photo
from consultations.summaries.integrity import is_as_recorded, read_file

from .consents import refuse_without_photo_consent
from .files import without_stray_files
from .pictures import Moment, read_picture, turned_picture

# A day before that is a clock that was never set: they begin in 1970 and 1980.
FIRST_CAMERAS = date(1990, 1, 1)
FILES = ("image", "thumbnail")
STAYS_WHEN_TURNED = ("patient", "area", "view", "taken_on", "taken_at", "taken_by")


def keep_photo(*, patient, file, area, view, by, taken_on=None, imported=""):
    """Store one uploaded picture as a photo of `area` from `view`.

    Without `taken_on` it was taken on the first believable day in the file. `imported` is the
    reason in history of one that another system kept: without consent it stays hidden. Raises
    ValidationError for any other without consent, for what is no picture or already there, and with
    the code "day" if the file has no such day.
    """
    picture = read_picture(file)
    photo = _photo_of(picture, patient=patient, area=area, view=view, taken_by=by)
    with without_stray_files(photo, *FILES), transaction.atomic():
        if Patient.objects.locked(patient.pk).in_error:
            raise ValidationError(_("This patient was entered in error."))
        if not imported:
            refuse_without_photo_consent(patient)
        _refuse_twice(photo)
        moment = _moment(picture, patient, taken_on)
        photo.taken_on, photo.taken_at = moment.day, moment.at
        refuse_day(photo)
        _store(photo, picture, by=by, reason=imported)
    return photo


def _refuse_twice(photo):
    """Raise ValidationError for what the database would refuse; it says which picture it was."""
    try:
        photo.validate_constraints()
    except ValidationError as refusal:
        refusal.digest = photo.digest
        raise


def turn_photo(*, photo, degrees, by):
    """Turn a photo to the right by 90, 180 or 270 degrees; return the new one.

    The one before stays in the record with its files and its history, marked as entered in error.
    Raises ValidationError if that cannot be done, and StaleRecordError if the photo was changed
    since it was read.
    """
    picture = turned_picture(_recorded_image(photo), degrees)
    where = {name: getattr(photo, name) for name in STAYS_WHEN_TURNED}
    turned = _photo_of(picture, **where)
    with without_stray_files(turned, *FILES), transaction.atomic():
        refuse_without_photo_consent(Patient.objects.locked(photo.patient_id))
        photo.entered_in_error_at, photo.entered_in_error_by = timezone.now(), by
        photo.entered_in_error_reason = _("Replaced by the same photo, turned.")
        photo.save(by=by, reason=photo.entered_in_error_reason)
        turned.validate_constraints()
        reason = _("Turned, from photo %(key)s.") % {"key": photo.pk}
        _store(turned, picture, by=by, reason=reason)
        for use in photo.uses.standing():
            use.photo = turned
            use.save(by=by, reason=reason)
    return turned


def _recorded_image(photo):
    """Return the image of a standing photo, as it was recorded."""
    content = read_file(photo.image) or b""
    if photo.in_error or not is_as_recorded(photo, "image", content):
        raise ValidationError(_("This photo cannot be turned: its image is not the one recorded."))
    return content


def _photo_of(picture, **fields):
    return Photo(
        width=picture.width,
        height=picture.height,
        digest=picture.digest,
        thumbnail_digest=picture.thumbnail_digest,
        **fields,
    )


def _store(photo, picture, *, by, reason=""):
    photo.image.save("", ContentFile(picture.image), save=False)
    photo.thumbnail.save("", ContentFile(picture.thumbnail), save=False)
    photo.save(by=by, reason=reason)


@transaction.atomic
def renew_thumbnail(*, photo, by):
    """Make the thumbnail of a photo again from its image, and store it with its digest.

    Raises ValidationError if the image is missing or not the one recorded, and for a person whose
    data were erased.
    """
    Patient.objects.locked(photo.patient_id)
    photo.refresh_from_db()
    content = read_file(photo.image)
    if content is None or not is_as_recorded(photo, "image", content):
        raise ValidationError(_("The image is missing, or not the one that was recorded."))
    picture, former = read_picture(ContentFile(content)), photo.thumbnail.name
    photo.thumbnail_digest = picture.thumbnail_digest
    photo.thumbnail.save("", ContentFile(picture.thumbnail), save=False)
    try:
        photo.save(by=by, reason=_("Thumbnail made anew."))
    except BaseException:
        remove_file(photo.thumbnail.name)
        raise
    transaction.on_commit(partial(remove_file, former))


def refuse_day(photo):
    """Raise ValidationError if the photo cannot have been taken on its day."""
    if photo.taken_on > timezone.localdate():
        raise ValidationError({"taken_on": _("This date is in the future.")})
    if photo.taken_on < photo.patient.date_of_birth:
        raise ValidationError({"taken_on": _("This is before the patient was born.")})


def _moment(picture, patient, typed):
    """Return when a picture was taken: on the day typed, else the first believable day in the file.

    A camera's clock may be plainly wrong.
    """
    earliest = max(patient.date_of_birth, FIRST_CAMERAS)
    for moment in picture.taken:
        if moment.day == typed:
            return moment
        if not typed and earliest <= moment.day <= timezone.localdate():
            return moment
    if typed:
        return Moment(typed)
    told = _("This file does not say when it was taken. Enter the day, then save again.")
    raise ValidationError(told, code="day")


def remove_file(name):
    """Delete one file; return False if that failed."""
    try:
        Photo._meta.get_field("image").storage.delete(name)
    except OSError:
        return False
    return True


def remove_files_of_nobody():
    """Delete files that no photo and no document names; return how many were deleted, and how
    many failed.

    An erasure may have failed to delete them. Files younger than an hour are kept: they may belong
    to one that is just being stored.
    """
    storage = Photo._meta.get_field("image").storage
    young = timezone.now() - timedelta(hours=1)
    found = [*_files_in(storage, "photos"), *_files_in(storage, "documents")]
    named = {name for pair in Photo.objects.values_list("image", "thumbnail") for name in pair}
    named.update(IssuedDocument.objects.values_list("file", flat=True))
    of_nobody = [name for name in found if name not in named]
    old = [name for name in of_nobody if storage.get_modified_time(name) < young]
    removed = [remove_file(name) for name in old]
    return removed.count(True), removed.count(False)


def _files_in(storage, folder):
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from _files_in(storage, f"{folder}/{name}")
