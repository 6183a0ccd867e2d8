"""Photo: one area from one side on one day, as pixels alone, in a file that has no address."""

import secrets

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import Area, PhotoView

from .consent import Consent
from .files import PrivateStorage
from .patient import Patient
from .record import Record, RecordQuerySet, user_key
from .spine import STANDING
from .text import day_in_words

_ROUND_THE_FRONT = (
    PhotoView.FRONT,
    PhotoView.LEFT_OBLIQUE,
    PhotoView.RIGHT_OBLIQUE,
    PhotoView.LEFT_SIDE,
    PhotoView.RIGHT_SIDE,
)
_ALL_ROUND = (PhotoView.FRONT, PhotoView.BACK, PhotoView.LEFT_SIDE, PhotoView.RIGHT_SIDE)

# The standard views: only like and like can be laid one over the other.
VIEWS_OF_AREA: dict[Area, tuple[PhotoView, ...]] = {
    Area.FACE: _ROUND_THE_FRONT,
    Area.NECK: _ROUND_THE_FRONT,
    Area.STOMACH: _ROUND_THE_FRONT,
    Area.ARMS: (*_ALL_ROUND, PhotoView.ARMS_OUT),
    Area.LEGS: _ALL_ROUND,
}


def random_name(photo, filename):
    """A name that tells nothing and that nobody guesses."""
    name = secrets.token_hex(16)
    return f"photos/{name[:2]}/{name}.jpg"


def _view_fits_area():
    condition = Q()
    for area, views in VIEWS_OF_AREA.items():
        condition |= Q(area=area, view__in=views)
    return condition


class PhotoQuerySet(RecordQuerySet):
    def agreed(self):
        """Those that may be shown: standing, of patients whose consent to photos stands, and not
        erased."""
        consents = Consent.objects.standing().to_photos().filter(patient=OuterRef("patient"))
        return self.standing().filter(Exists(consents)).exclude(image="")


class Photo(Record):
    hangs_on = ("patient",)

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="photos", verbose_name=_("patient")
    )
    area = models.CharField(_("area"), max_length=10, choices=Area)
    view = models.CharField(_("view"), max_length=15, choices=PhotoView)
    taken_on = models.DateField(_("taken on"), default=timezone.localdate)
    taken_at = models.TimeField(_("at"), null=True, editable=False)
    image = models.FileField(storage=PrivateStorage(), upload_to=random_name, editable=False)
    thumbnail = models.FileField(storage=PrivateStorage(), upload_to=random_name, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    # "" for a thumbnail of an earlier release: it is served only once it was made anew.
    thumbnail_digest = models.CharField(max_length=64, blank=True, editable=False)
    taken_by = user_key(verbose_name=_("taken by"))

    objects = PhotoQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        indexes = [
            models.Index(fields=["-taken_on", "-id"], name="photo_latest"),
            models.Index(fields=["area", "-taken_on", "-id"], name="photo_latest_of_area"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "digest"],
                condition=STANDING,
                name="photo_once_per_patient",
                violation_error_code="image",
                violation_error_message=_("This photo is already in the patient's record."),
            ),
            models.CheckConstraint(
                name="photo_view_fits_area",
                condition=_view_fits_area(),
                violation_error_code="view",
                violation_error_message=_("This area has no such view."),
            ),
        ]

    def __str__(self):
        return _("%(area)s, %(view)s, %(day)s") % {
            "area": self.get_area_display(),
            "view": self.get_view_display().lower(),
            "day": self.taken,
        }

    @property
    def taken(self):
        """When it was taken, in words: the day, and the time where the camera wrote it."""
        day = day_in_words(self.taken_on)
        return f"{day}, {self.taken_at:%H:%M}" if self.taken_at else day

    @property
    def has_consent(self):
        """Whether the patient's consent to photos stands."""
        return Consent.objects.standing().to_photos().filter(patient=self.patient_id).exists()

    @property
    def may_be_shown(self):
        """Whether staff see it: it stands, and so does the patient's consent."""
        return bool(self.image) and not self.in_error and self.has_consent
