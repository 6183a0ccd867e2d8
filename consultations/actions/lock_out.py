"""Locked sign-ins: an account is locked for one address after too many wrong passwords there."""

from dataclasses import dataclass
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice


@dataclass(frozen=True)
class Lock:
    """No sign-in of one account from `address` (None where unknown) before `until`."""

    address: str | None
    until: datetime


def locks_of(username):
    """The locks on one account, by address."""
    recent = AccessAttempt.objects.filter(
        username=username, attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME
    ).order_by("-attempt_time")
    attempts = {}
    for attempt in recent:
        attempts.setdefault(attempt.ip_address, []).append(attempt)
    locks = [Lock(address, _until(latest)) for address, latest in attempts.items()]
    return [lock for lock in locks if lock.until is not None]


def _until(attempts):
    """When so many of the failures have cooled off that few enough are left; None if few are."""
    failures = 0
    for attempt in attempts:
        failures += attempt.failures_since_start
        if failures >= settings.AXES_FAILURE_LIMIT:
            return attempt.attempt_time + settings.AXES_COOLOFF_TIME
    return None


@transaction.atomic
def unlock(*, user):
    """Let somebody try again at once: their password from anywhere, and their code."""
    AccessAttempt.objects.filter(username=user.get_username()).delete()
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.select_for_update().filter(user=user):
            device.throttle_reset()
