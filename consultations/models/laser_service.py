"""LaserService: a laser serviced once – the day, by whom, what was done, and the next day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .laser import Laser
from .record import Record, RecordQuerySet
from .text import NOTE_LENGTH, day_in_words, no_invisible_characters


class LaserServiceQuerySet(RecordQuerySet):
    def with_next(self):
        """Those that count and name the next one, the latest first."""
        found = self.standing().filter(next_due_on__isnull=False)
        return found.order_by("-serviced_on", "-pk")


class LaserService(Record):
    laser = models.ForeignKey(
        Laser, on_delete=models.PROTECT, related_name="services", verbose_name=_("laser")
    )
    serviced_on = models.DateField(_("serviced on"))
    serviced_by = models.CharField(
        _("serviced by"), max_length=200, validators=[no_invisible_characters]
    )
    work = models.TextField(_("what was done"), max_length=NOTE_LENGTH)
    next_due_on = models.DateField(_("next service due on"), null=True, blank=True)

    objects = LaserServiceQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("laser service")
        verbose_name_plural = _("laser services")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="laserservice_next_comes_after",
                condition=Q(next_due_on__isnull=True) | Q(next_due_on__gt=F("serviced_on")),
                violation_error_code="next_due_on",
                violation_error_message=_("The next service comes after this one."),
            ),
        ]

    def __str__(self):
        return _("Service of %(day)s") % {"day": day_in_words(self.serviced_on)}
