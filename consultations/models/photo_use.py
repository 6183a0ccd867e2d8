"""PhotoUse: where a photo is shown outside the record, and until when."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import ConsentKind

from .consent import Consent
from .photo import Photo
from .record import Record, RecordQuerySet
from .spine import STANDING
from .text import day_in_words, no_invisible_characters, some_letter_or_digit

UP = STANDING & Q(down_on__isnull=True)


class PhotoUseQuerySet(RecordQuerySet):
    def up(self):
        """Still to be seen somewhere, also where the photo itself was entered in error."""
        return self.filter(UP)

    def to_take_down(self):
        """Still up though the patient does not agree to it, or no longer does, or though the photo
        was entered in error, so that it may be of somebody else; not those of somebody erased, of
        which nobody knows any more where they are."""
        patients = Consent.objects.standing().to(ConsentKind.PUBLICITY)
        agreed = Exists(patients.filter(patient=OuterRef("photo__patient")))
        in_error = Q(photo__entered_in_error_at__isnull=False)
        return self.up().filter(in_error | ~Q(agreed), photo__patient__erased_at__isnull=True)


class PhotoUse(Record):
    hangs_on = ("photo",)

    photo = models.ForeignKey(
        Photo, on_delete=models.PROTECT, related_name="uses", verbose_name=_("photo")
    )
    where = models.CharField(
        _("where"),
        max_length=200,
        validators=[no_invisible_characters, some_letter_or_digit],
        help_text=_("So that it is found again: “Clinic’s website, before and after, third row”."),
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    down_on = models.DateField(_("taken down on"), null=True, blank=True)

    objects = PhotoUseQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("use of a photo")
        verbose_name_plural = _("uses of photos")
        indexes = [
            models.Index(fields=["-since", "-id"], name="photo_use_latest"),
            models.Index(fields=["since", "id", "photo"], condition=UP, name="photo_use_up"),
        ]
        permissions = [("take_down_photouse", "Can record that a photo was taken down")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="photo_use_says_where",
                condition=~Q(where=""),
                violation_error_code="where",
                violation_error_message=_("Say where the photo is shown."),
            ),
            models.CheckConstraint(
                name="photo_use_down_after_it_was_up",
                condition=Q(down_on__isnull=True) | Q(down_on__gte=F("since")),
                violation_error_code="down_on",
                violation_error_message=_("It cannot be taken down before it was up."),
            ),
        ]

    def __str__(self):
        return _("%(where)s, since %(day)s") % {
            "where": self.where,
            "day": day_in_words(self.since),
        }

    @property
    def is_up(self):
        return self.down_on is None and not self.in_error
