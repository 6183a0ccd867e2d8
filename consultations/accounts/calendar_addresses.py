"""Calendar addresses: made, renewed and taken away; and whose one is."""

import secrets
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from consultations.models import CalendarAddress

SECRET_BYTES = 32


def digest_of(secret):
    """What is stored of a secret. It has 256 random bits, which nobody finds by guessing, so the
    digest needs neither a key nor to be slow."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def renew(*, user):
    """Give a user a new address, in place of any other; return its secret, which cannot be read
    again."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    now = {"digest": digest_of(secret), "made_at": timezone.now()}
    CalendarAddress.objects.update_or_create(user=user, defaults=now)
    return secret


def take_away(*, user):
    """End a user's address; return whether there was one."""
    ended, _tables = CalendarAddress.objects.filter(user=user).delete()
    return bool(ended)


def made_at(user):
    """Return when a user's address was made, None without one."""
    addresses = CalendarAddress.objects.filter(user=user)
    return addresses.values_list("made_at", flat=True).first()


def owner_of(secret):
    """Return whose diary is read with this secret; None if it is nobody's, or no longer."""
    addresses = CalendarAddress.objects.select_related("user")
    working = addresses.filter(user__is_active=True, user__is_staff=True)
    found = working.filter(digest=digest_of(secret)).first()
    return found and found.user
