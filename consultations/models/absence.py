"""Absence: when a member of staff is not there to be booked."""

from datetime import time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .record import Record, RecordQuerySet
from .text import day_in_words, moment_in_words, no_invisible_characters


class AbsenceQuerySet(RecordQuerySet):
    def within(self, starts_at, ends_at):
        """Those that touch this span."""
        return self.standing().filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Absence(Record):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    why = models.CharField(
        _("why"),
        max_length=100,
        blank=True,
        validators=[no_invisible_characters],
        help_text=_("No health details here: everybody reads this."),
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        indexes = [
            models.Index(fields=["ends_at", "starts_at"], name="absence_by_end"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_code="ends_at",
                violation_error_message=_("An absence ends after it starts."),
            ),
        ]

    def __str__(self):
        return _("%(person)s away, %(when)s") % {
            "person": self.user.get_full_name() or self.user.get_username(),
            "when": self.span_in_words,
        }

    @property
    def is_all_day(self):
        """Whether it is of whole days, by the clinic's clock."""
        ends = map(timezone.localtime, (self.starts_at, self.ends_at))
        return all(one.time() == time.min for one in ends)

    @property
    def span_in_words(self):
        """1 May 2026; 1 May 2026 to 3 May 2026; with times where it is not of whole days (an end
        without one is that of its day)."""
        start, end = moment_in_words(self.starts_at), moment_in_words(self.ends_at)
        if self.is_all_day:
            # It ends with the midnight after its last day.
            start, end = map(day_in_words, (self.first_day, self.last_day))
        elif timezone.localtime(self.ends_at).time() == time.min:
            end = day_in_words(self.last_day)
        return start if start == end else _("%(start)s to %(end)s") % {"start": start, "end": end}

    @property
    def first_day(self):
        return timezone.localdate(self.starts_at)

    @property
    def last_day(self):
        return timezone.localdate(self.ends_at - timedelta.resolution)
