"""OpeningHours and ClosedDay: when the clinic can be booked."""

from datetime import time

from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from .record import Record, RecordQuerySet
from .spine import STANDING
from .text import day_in_words

# Of a clinic that has saved none.
USUAL_HOURS = dict.fromkeys(range(5), ((time(9), time(18)),))


class OpeningHoursQuerySet(RecordQuerySet):
    def by_weekday(self):
        """The spans in which the clinic is open, in order, by weekday (0 is Monday)."""
        found = {}
        rows = self.standing().order_by("weekday", "opens_at")
        for weekday, opens_at, closes_at in rows.values_list("weekday", "opens_at", "closes_at"):
            found[weekday] = (*found.get(weekday, ()), (opens_at, closes_at))
        return found or USUAL_HOURS


class OpeningHours(Record):
    """One span of one weekday; a lunch break stands between two."""

    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    opens_at = models.TimeField(_("opens at"))
    closes_at = models.TimeField(_("closes at"))

    objects = OpeningHoursQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="openinghours_of_a_weekday",
                condition=Q(weekday__gte=0, weekday__lte=6),
                violation_error_code="weekday",
                violation_error_message=_("Choose one of these."),
            ),
            models.CheckConstraint(
                name="openinghours_close_after_opening",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_code="closes_at",
                violation_error_message=_("The clinic closes after it opens."),
            ),
            models.UniqueConstraint(
                fields=["weekday", "opens_at"],
                condition=STANDING,
                name="openinghours_once",
                violation_error_code="opens_at",
                violation_error_message=_("These hours are already there."),
            ),
        ]

    def __str__(self):
        return _("%(weekday)s, %(opens)s to %(closes)s") % {
            "weekday": self.get_weekday_display(),
            "opens": self.opens_at.strftime("%H:%M"),
            "closes": self.closes_at.strftime("%H:%M"),
        }


class ClosedDay(Record):
    """A day on which the clinic is closed, whatever its weekday."""

    day = models.DateField(_("day"))
    why = models.CharField(_("why"), max_length=100, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["day"],
                condition=STANDING,
                name="closedday_once",
                violation_error_code="day",
                violation_error_message=_("This day is already closed."),
            ),
        ]

    def __str__(self):
        return _("Closed on %(day)s") % {"day": day_in_words(self.day)}
