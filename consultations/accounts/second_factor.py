"""The second factor: a code from an authenticator app, or a recovery code.

A session stores the device that its code came from. Recovery codes are stored as keyed digests.
"""

import secrets
from base64 import b32encode
from binascii import hexlify, unhexlify

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from .login_sessions import end_sessions_of

GIVEN_ON = "second_factor"
RECOVERY_CODES = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters that look alike


def with_second_factor(users):
    """Annotate users with `device_id`, so that requests need no query for it."""
    device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True).order_by("-pk")
    return users.annotate(device_id=Subquery(device.values("pk")[:1]))


def device_id_of(user):
    """Return the key of a user's authenticator, None without one."""
    if not hasattr(user, "device_id"):
        users = with_second_factor(get_user_model().objects)
        user.device_id = users.values_list("device_id", flat=True).get(pk=user.pk)
    return user.device_id


def is_enforced_for(user):
    """Whether a user's role needs a second factor; a superuser counts as every role."""
    roles = {name.lower() for name in settings.SECOND_FACTOR}
    if "all" in roles:
        return True
    roles -= {"none"}
    if not roles or user.is_superuser:
        return bool(roles)
    return any(name.lower() in roles for name in user.groups.values_list("name", flat=True))


def is_still_to_come(request):
    """Whether a user signed in by password still has to give or set up a second factor."""
    user = request.user
    if not user.is_authenticated:
        return False
    device_id = device_id_of(user)
    if device_id is not None:
        return request.session.get(GIVEN_ON) != device_id
    return is_enforced_for(user)


def next_step(request):
    """Return the name of the next page: to enter the code, or to set up a device."""
    has_device = device_id_of(request.user) is not None
    return "second_factor_code" if has_device else "second_factor_set_up"


def new_key():
    return hexlify(secrets.token_bytes(20)).decode()


def unsaved_device(*, user, key):
    return TOTPDevice(user=user, key=key, name="Authenticator")


@transaction.atomic
def set_up(*, user, key, code):
    """Store the authenticator that shows `code`, replacing any other; return new recovery codes.

    Returns [] if the code is wrong. Raises ValidationError if another authenticator was set up
    since this request began.
    """
    totp = TOTP(unhexlify(key))
    if not (is_six_digits(code) and totp.verify(int(code), tolerance=1)):
        return []
    current = get_user_model().objects.select_for_update().get(pk=user.pk)
    if device_id_of(current) != device_id_of(user):
        raise ValidationError(_("Sign-in codes were set up a moment ago. Sign in with those."))
    _forget(user)
    device = unsaved_device(user=user, key=key)
    # The code that proved it cannot be used again.
    device.last_t, device.drift = totp.t(), totp.drift
    device.save()
    user.device_id = device.pk
    return renew_recovery_codes(user=user)


@transaction.atomic
def renew_recovery_codes(*, user):
    """Replace the recovery codes; return the new ones, which cannot be read again."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = [_new_recovery_code() for _number in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=_digest(code))
    return codes


def recovery_codes_left(user):
    return StaticDevice.objects.filter(user=user, token_set__isnull=False).count()


@transaction.atomic
def reset(*, user):
    """Delete a user's authenticator and recovery codes, and end all their sessions.

    Otherwise whoever holds one of the sessions could set up an authenticator.
    """
    get_user_model().objects.select_for_update().get(pk=user.pk)
    _forget(user)
    end_sessions_of(user)


def _forget(user):
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    user.device_id = None


def give_code(*, request, code):
    """Check the code; if it is right, mark the session. Return whether it is."""
    user = request.user
    devices, token = _devices_for(user, code)
    device = devices.first()
    if device is None or not verify_token(user, device.persistent_id, token):
        return False
    remember(request)
    return True


def remember(request):
    """Store in the session that the second factor was given, under a new session key."""
    request.session.cycle_key()
    request.session[GIVEN_ON] = device_id_of(request.user)


def wait_before_next(*, user, code):
    """Return the time until which such codes are refused after wrong ones; None if they are not."""
    device = _devices_for(user, code)[0].first()
    allowed, why_not = device.verify_is_allowed() if device else (True, None)
    return None if allowed else why_not["locked_until"]


def _devices_for(user, code):
    """Return the devices for a code, and the token to check: six digits are the authenticator's."""
    if is_six_digits(code):
        return TOTPDevice.objects.filter(user=user, confirmed=True), code
    devices = StaticDevice.objects.filter(user=user, confirmed=True)
    # Codes made with an earlier secret key work as long as that key is a fallback.
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = [_digest(code, key) for key in keys]
    kept = StaticToken.objects.filter(device__in=devices, token__in=digests)
    return devices, kept.values_list("token", flat=True).first() or digests[0]


def is_six_digits(code):
    return len(code) == 6 and code.isascii() and code.isdigit()


def _new_recovery_code():
    letters = [secrets.choice(CODE_LETTERS) for _place in range(10)]
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def _digest(code, key=None):
    """Return what is stored of a recovery code: 80 bits that only the secret key can make."""
    plain = code.lower().replace("-", "")
    digest = salted_hmac("recovery code", plain, key, algorithm="sha256").digest()
    return b32encode(digest[:10]).decode()
