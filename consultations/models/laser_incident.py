"""LaserIncident: what went wrong with a laser, what was done, and who was told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .laser import Laser
from .record import Record
from .text import NOTE_LENGTH, day_in_words, no_invisible_characters


class LaserIncident(Record):
    laser = models.ForeignKey(
        Laser, on_delete=models.PROTECT, related_name="incidents", verbose_name=_("laser")
    )
    happened_on = models.DateField(_("happened on"))
    what = models.TextField(
        _("what happened"),
        max_length=NOTE_LENGTH,
        help_text=_("Without patients’ names."),
    )
    action_taken = models.TextField(_("action taken"), blank=True, max_length=NOTE_LENGTH)
    reported_to = models.CharField(
        _("reported to"), max_length=200, blank=True, validators=[no_invisible_characters]
    )
    reference = models.CharField(
        _("reference"), max_length=100, blank=True, validators=[no_invisible_characters]
    )

    class Meta(Record.Meta):
        verbose_name = _("laser incident")
        verbose_name_plural = _("laser incidents")

    def __str__(self):
        return _("Incident of %(day)s") % {"day": day_in_words(self.happened_on)}
