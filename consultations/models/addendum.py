"""Addendum: a dated correction to what is signed, signed by whoever wrote it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .consultation import Consultation
from .record import Record, SignedRecordError
from .session import TreatmentSession
from .text import NOTE_LENGTH


class Addendum(Record):
    """Written once and read-only from then on: `created_by` and `created_at` are its signature."""

    hangs_on = ("consultation", "session")

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="addenda",
        verbose_name=_("consultation"),
    )
    session = models.ForeignKey(
        TreatmentSession,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="addenda",
        verbose_name=_("session"),
    )
    text = models.TextField(_("addendum"), max_length=NOTE_LENGTH)

    class Meta(Record.Meta):
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="addendum_to_one_record",
                condition=Q(consultation__isnull=False, session__isnull=True)
                | Q(consultation__isnull=True, session__isnull=False),
                violation_error_message=_("An addendum belongs to one signed record."),
            ),
            models.CheckConstraint(
                name="addendum_says_something",
                condition=~Q(text=""),
                violation_error_code="text",
                violation_error_message=_("Write what is to be added."),
            ),
        ]

    def __str__(self):
        return _("Addendum to %(record)s") % {"record": self.corrects}

    def save(self, *args, correcting=False, **kwargs):
        """As Record.save. Raises SignedRecordError once written, unless `correcting` it as a whole
        (entered in error)."""
        if not correcting and not self._state.adding:
            raise SignedRecordError(f"{self} is signed")
        super().save(*args, **kwargs)

    @property
    def corrects(self):
        """The signed record that this adds to."""
        return self.parent
