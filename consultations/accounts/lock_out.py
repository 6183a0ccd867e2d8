"""Limit how fast passwords can be tried: a few at once, then one a minute; never by sleeping.

Failures are counted by account, by address, and by both. A browser that has signed in to an account
before is counted by itself for that account, so that strangers never delay its owner.
"""

import math
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.models import SignInLimit
from consultations.trust.access import counted_as

FORGOTTEN_AFTER = timedelta(minutes=1)  # for each failure
# How many passwords are checked without a wait.
OF_ADDRESS, OF_ACCOUNT, OF_BOTH, OF_BROWSER = 20, 10, 5, 5
AT_ONCE = 1000
SIGNED_IN = "signed in"  # used as the browser of whoever is signed in

KNOWN_FOR = 365 * 24 * 60 * 60
REMEMBERED = 50  # accounts for each browser
SALT = "known browser"


class Attempt:
    """One attempt at a password. It counts as failed until `succeeded` is called."""

    def __init__(self, *, username, user, address, browser=""):
        """`user` has that name, or is None; `browser` is a known browser of theirs, or ""."""
        self.account, self.user = _digest(username), user
        self.address, self.browser = counted_as(address), browser

    @transaction.atomic
    def begin(self):
        """Count the attempt; return 0, or the seconds to wait if it must not be checked."""
        now, rows = timezone.now(), []
        for key, failures in self._keys():
            row = self._locked(key)
            until = max(row.until, now) + FORGOTTEN_AFTER
            wait = until - now - failures * FORGOTTEN_AFTER
            if wait > timedelta():
                row.slowed_at = now
                row.save(update_fields=["slowed_at"])
                return math.ceil(wait.total_seconds())
            row.until = until
            rows.append(row)
        for row in rows:
            row.save(update_fields=["until"])
        return 0

    @transaction.atomic
    def succeeded(self):
        """Uncount the attempt, and earlier failures from this address or browser."""
        for key, _failures in self._keys():
            row = self._locked(key)
            row.until -= FORGOTTEN_AFTER
            if len(key) == 2 or row.is_forgotten():
                row.delete()
            else:
                row.save(update_fields=["until"])
        _forget()

    def _keys(self):
        """Yield each key to count by and its limit, always in the same order, to lock them in."""
        if self.browser:
            yield {"account": self.account, "browser": self.browser}, OF_BROWSER
            return
        yield {"address": self.address}, OF_ADDRESS
        yield {"account": self.account}, OF_ACCOUNT
        yield {"account": self.account, "address": self.address}, OF_BOTH

    def _locked(self, key):
        whole = {"account": "", "address": "", "browser": ""} | key
        user = self.user if whole["account"] else None
        rows = SignInLimit.objects.select_for_update()
        return rows.get_or_create(**whole, defaults={"user": user})[0]


def _digest(username):
    return salted_hmac("sign-in limit", username, algorithm="sha256").hexdigest()


def _forget():
    """Delete limits that are over."""
    old = SignInLimit.objects.forgotten().select_for_update(skip_locked=True)
    SignInLimit.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()


def slowed(user):
    """Return the limits that refused sign-ins of an account within the last day."""
    return SignInLimit.objects.slowed().filter(account=_digest(user.get_username()))


@transaction.atomic
def unlock(*, user):
    """Let a user try again at once: the password from anywhere, and the code."""
    own = SignInLimit.objects.filter(account=_digest(user.get_username()))
    addresses = set(own.values_list("address", flat=True)) - {""}
    SignInLimit.objects.filter(account="", address__in=addresses).delete()
    own.delete()
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.select_for_update().filter(user=user):
            device.throttle_reset()


# Known browsers


def known_browser(request, user):
    """Return a name for the browser if `user` has signed in with it before, else ""."""
    name, accounts = _cookie_of(request)
    if user is not None and user.pk in accounts:
        return name
    return SIGNED_IN if user is not None and user == request.user else ""


def know_browser(request, response):
    """Store in a cookie that this browser has signed in to the account. It grants no access."""
    name, accounts = _cookie_of(request)
    this = request.user.pk
    accounts = [this, *(one for one in accounts if one != this)][:REMEMBERED]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps([name or secrets.token_hex(16), accounts], salt=SALT),
        max_age=KNOWN_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _cookie_of(request):
    """Return the browser's name and the keys of its accounts; ("", []) without our cookie."""
    cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        return signing.loads(cookie, salt=SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return "", []
