"""How fast passwords may be tried: a few at once, then one a minute, and never by sleeping.

Counted is by account, by address, and by both. A browser that has signed in to an account before
is counted by itself for that account, so that strangers never delay its owner.
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

FORGOTTEN_AFTER = timedelta(minutes=1)  # of the failures one after the other
# How many failures are looked at without a wait.
OF_ADDRESS, OF_ACCOUNT, OF_BOTH, OF_BROWSER = 20, 10, 5, 5
AT_ONCE = 1000
SIGNED_IN = "signed in"  # a session stands for its browser

KNOWN_FOR = 365 * 24 * 60 * 60
REMEMBERED = 50  # accounts a browser
SALT = "known browser"


class Attempt:
    """One try at a password. It counts as failed until it has `succeeded`."""

    def __init__(self, *, username, user, address, browser=""):
        """`user` has that name, or is None; `browser` is one known to them, or empty."""
        self.account, self.user = _digest(username), user
        self.address, self.browser = counted_as(address), browser

    @transaction.atomic
    def begin(self):
        """Count it; returns 0, or the seconds to wait where it must not be looked at."""
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
        """Take it back, and forget what failed before at this address or in this browser."""
        for key, _failures in self._keys():
            row = self._locked(key)
            row.until -= FORGOTTEN_AFTER
            if len(key) == 2 or row.is_forgotten():
                row.delete()
            else:
                row.save(update_fields=["until"])
        _forget()

    def _keys(self):
        """What is counted by, in the order in which all lock it."""
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
    """Delete what limits nobody any more."""
    old = SignInLimit.objects.forgotten().select_for_update(skip_locked=True)
    SignInLimit.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()


def slowed(user):
    """Where sign-ins of an account were turned away within the last day."""
    return SignInLimit.objects.slowed().filter(account=_digest(user.get_username()))


@transaction.atomic
def unlock(*, user):
    """Let somebody try again at once: their password from anywhere, and their code."""
    own = SignInLimit.objects.filter(account=_digest(user.get_username()))
    addresses = set(own.values_list("address", flat=True)) - {""}
    SignInLimit.objects.filter(account="", address__in=addresses).delete()
    own.delete()
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.select_for_update().filter(user=user):
            device.throttle_reset()


# Known browsers


def known_browser(request, user):
    """A name for the browser of a request where `user` has signed in with it before; else empty."""
    name, accounts = _cookie_of(request)
    if user is not None and user.pk in accounts:
        return name
    return SIGNED_IN if user is not None and user == request.user else ""


def know_browser(request, response):
    """Keep in a cookie that this browser has signed in to the account. It opens nothing."""
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
    """The name of the browser and the accounts it has signed in to; neither without our cookie."""
    cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        return signing.loads(cookie, salt=SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return "", []
