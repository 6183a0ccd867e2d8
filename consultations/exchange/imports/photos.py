"""Photos of another system: a ZIP, each photo for the patient whose number its name holds."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.photos import keep_photo
from consultations.actions.pictures import read_picture
from consultations.exchange.reading.base import UnreadableFileError
from consultations.exchange.reading.photos_zip import photos_in
from consultations.models import ImportBatch, ImportedRecord, Patient, Photo
from consultations.models.transactions import atomic
from consultations.vocabulary import Area, ImportState, PhotoView

from .staging import digest_of, refuse_known

TARGET = "photos"


@dataclass
class PhotosTaken:
    """What came of a ZIP: the photos that came in, and pairs of a photo's number with its name, and
    why it did not. `known` are those that an earlier import of the same ZIP brought. `batch` is
    None where nothing was saved."""

    photos: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    known: int = 0
    batch: ImportBatch | None = None


def import_photos(file, name, *, by, area="", view="", dry_run=False, step=lambda: None):
    """Store the photos of a ZIP that is open for reading; return PhotosTaken.

    The name of a photo or of its folder holds the number of the patient, and may hold area, view
    and day; `area` and `view` are of those that name none. Each photo is stored by itself, so a run
    that was ended is run again and goes on, and so does one that left photos out: what was wrong
    with them may be mended by then. Photos of patients who have not agreed to photos stay hidden.
    Raises UnreadableFileError for what is no ZIP, and ValidationError for one that came in whole.
    """
    digest = digest_of(file)
    earlier = Earlier(digest)
    if earlier.is_whole:
        refuse_known(digest)
    reason = _("Imported from %(file)s (%(digest)s).") % {"file": name, "digest": digest[:12]}
    taken = PhotosTaken()
    for entry in photos_in(file, name):
        try:
            photo = _take(entry, by, area, view, reason, dry_run, earlier)
            if photo is not None:
                taken.photos.append(photo)
            elif not dry_run:
                taken.known += 1
        except (ValidationError, UnreadableFileError) as refusal:
            words = " ".join(getattr(refusal, "messages", [str(refusal)]))
            taken.problems.append((f"{entry.number} ({entry.name})", words))
        step()
    if taken.photos and not dry_run:
        taken.batch = _keep_batch(name, digest, taken, by)
    return taken


@dataclass
class Earlier:
    """What earlier imports of the same ZIP brought, as far as they were not undone."""

    digest: str

    def __post_init__(self):
        batches = ImportBatch.objects.filter(
            digest=self.digest, target=TARGET, state=ImportState.SAVED
        )
        self.counts = [one.counts for one in batches]
        keys = ImportedRecord.objects.filter(batch__in=batches, model="photo").values("key")
        # In error too: what somebody took away does not come back.
        photos = Photo._base_manager.filter(pk__in=keys)
        self.photos = set(photos.values_list("patient", "digest"))

    @property
    def is_whole(self):
        rows = max((one["rows"] for one in self.counts), default=0)
        return sum(one["made"]["photo"] for one in self.counts) >= rows

    def has(self, patient, file):
        return bool(self.photos) and (patient.pk, read_picture(file).digest) in self.photos


def _take(entry, by, area, view, reason, dry_run, earlier):
    """Store one photo; a dry run only says what is missing of it. One that a run before this stored
    and that was ended since is returned as it is, and None for one of an earlier import."""
    said = _words_of(entry.name)
    area, view = _named(Area, said) or area, _named(PhotoView, said) or view
    if entry.record_number is None:
        raise ValidationError(_("Its name holds no record number, such as P-000012."))
    patient = Patient.objects.standing().filter(record_number=entry.record_number).first()
    if patient is None:
        words = _("There is no patient %(number)s.")
        raise ValidationError(words % {"number": entry.record_number})
    if not area:
        raise ValidationError(_("Its name says no area, and none was given for all."))
    if not view:
        raise ValidationError(_("Its name says no view, and none was given for all."))
    if dry_run:
        return None
    file = ContentFile(entry.read(), name=entry.name)
    if earlier.has(patient, file):
        return None
    try:
        return keep_photo(
            patient=patient,
            file=file,
            area=area,
            view=view,
            by=by,
            taken_on=entry.taken_on,
            imported=reason,
        )
    except ValidationError as refusal:
        known = _stored_before(refusal, patient, reason)
        if known is None:
            raise
        return known


def _stored_before(refusal, patient, reason):
    """The photo that is in the way, where an earlier run of the same import stored it."""
    digest = getattr(refusal, "digest", "")
    stored = Photo.history.filter(history_change_reason=reason).values("id")
    found = Photo.objects.standing().filter(patient=patient, digest=digest, pk__in=stored)
    return found.first() if digest else None


def _words_of(name):
    return re.sub(r"[\W_]+", " ", name).lower().split()


def _named(choices, said):
    """The choice whose words all stand in a name; None where none does or two do."""
    found = {
        choice
        for choice in choices
        for words in (choice.value.split("_"), _words_of(str(choice.label)))
        if set(words) <= set(said)
    }
    # "left side" is no "side" of another view: the one with more words is meant.
    longest = max((len(one.value.split("_")) for one in found), default=0)
    found = {one for one in found if len(one.value.split("_")) == longest}
    return found.pop().value if len(found) == 1 else None


@atomic()
def _keep_batch(name, digest, taken, by):
    now, photos, left_out = timezone.now(), taken.photos, len(taken.problems)
    batch = ImportBatch.objects.create(
        file_name=name[:200],
        digest=digest,
        source=name[:200],
        target=TARGET,
        state=ImportState.SAVED,
        counts={
            "rows": len(photos) + taken.known + left_out,
            "left_out": left_out,
            "made": {"photo": len(photos)},
        },
        made_at=now,
        made_by=by,
        saved_at=now,
    )
    ImportedRecord.objects.bulk_create(
        ImportedRecord(batch=batch, model="photo", key=photo.pk) for photo in photos
    )
    return batch
