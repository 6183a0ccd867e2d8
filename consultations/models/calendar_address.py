"""Calendar address: lets a program of its owner's read when they are booked, without signing in."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CalendarAddress(models.Model):
    """Who knows the secret in the address reads this person's diary; of the secret only a digest is
    stored. One a person: a new one takes the place of the last."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="calendar_address",
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("calendar address")

    def __str__(self):
        return str(self.user)
