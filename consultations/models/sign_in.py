"""Wrong passwords, counted: how many of late, and what the audit still counts into one row.

Neither holds what was typed. A name that is no account's may be a password in the wrong field.
"""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .audit import AccessRecord

TOLD_FOR = timedelta(days=1)


class SignInLimitQuerySet(models.QuerySet):
    def slowed(self):
        """Where sign-ins were turned away within the last day, latest first."""
        since = timezone.now() - TOLD_FOR
        return self.filter(slowed_at__gt=since).order_by("-slowed_at", "pk")

    def forgotten(self):
        """Rows that neither limit anything nor tell anybody anything any more."""
        since = timezone.now() - TOLD_FOR
        return self.filter(until__lt=since)


class SignInLimit(models.Model):
    """Failed sign-ins of an account, from an address, of both, or at a browser that is known to
    the account. What is not counted by is empty.

    `account` is a keyed digest of the name typed, `browser` names one that has signed in before.
    Each failure moves `until` a minute on; then all of them are forgotten.
    """

    account = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=32, blank=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    until = models.DateTimeField(default=timezone.now, db_index=True)
    slowed_at = models.DateTimeField(null=True, db_index=True)

    objects = SignInLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in limit")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "address", "browser"], name="sign_in_limit_counted_once"
            )
        ]

    def __str__(self):
        return f"{self.user or '?'}, {self.address or '?'}"

    def is_forgotten(self):
        """Whether it limits nobody and was never told to anybody."""
        return self.until <= timezone.now() and self.slowed_at is None


class RefusalCount(models.Model):
    """The row of the audit into which refused sign-ins from one address are counted.

    `counts` holds how many by account (its key, "" for none) and reason. Sealing deletes it, so a
    sealed row never changes.
    """

    address = models.CharField(max_length=45, unique=True)
    record = models.ForeignKey(AccessRecord, on_delete=models.CASCADE, null=True, related_name="+")
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("count of refused sign-ins")

    def __str__(self):
        return self.address

    def add(self, account, reason):
        """Count one more, of this account or of None."""
        reasons = self.counts.setdefault(str(account.pk) if account else "", {})
        reasons[reason] = reasons.get(reason, 0) + 1
