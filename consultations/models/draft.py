"""Draft: what somebody typed into a form and did not save yet. Theirs alone, and no record."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_ADDRESS = 500
KEPT_DAYS = 30
MOST = 100  # of one user


class DraftQuerySet(models.QuerySet):
    def of(self, user):
        """What somebody may still go on with, latest first."""
        kept = self.filter(user=user, saved_at__gt=self._end_of_keeping())
        return kept.order_by("-saved_at")

    def expired(self):
        """What nobody came back to: drafts hold health answers, and are no record."""
        return self.filter(saved_at__lte=self._end_of_keeping())

    def _end_of_keeping(self):
        return timezone.now() - timedelta(days=KEPT_DAYS)


class Draft(models.Model):
    """One user's unsaved form. `form` is the address of its page with its query; `values` the
    fields as typed, by name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=LONGEST_ADDRESS)
    title = models.CharField(max_length=300)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        indexes = [models.Index(fields=["user", "-saved_at"], name="draft_of_user")]
        constraints = [
            models.UniqueConstraint(fields=["user", "form"], name="draft_one_per_user_and_form")
        ]

    def __str__(self):
        return self.title

    @property
    def texts(self):
        """What was typed as text, by the name of its field."""
        hidden = ("read_version", "_FORMS", "-id")
        for name, value in self.values.items():
            if isinstance(value, str) and value and not name.endswith(hidden):
                yield name.replace("_", " "), value
