"""Passwords that somebody else set or may have read: their owners must choose their own."""

from django.db.models import Exists, OuterRef

from consultations.models import GivenPassword


def with_given_password(users):
    """Annotate users with `has_given_password`, so that requests need no query for it."""
    given = GivenPassword.objects.filter(user=OuterRef("pk"))
    return users.annotate(has_given_password=Exists(given))


def has_given_password(user):
    """Whether a user still has to choose their own password."""
    if not hasattr(user, "has_given_password"):
        user.has_given_password = GivenPassword.objects.filter(user=user.pk).exists()
    return user.has_given_password


def is_exposed(user):
    """Whether others may know the password of `user`, and it was not changed since."""
    return GivenPassword.objects.filter(user=user.pk, is_exposed=True).exists()


def give_password(*, user):
    """Store that somebody else set the password of `user`; the account's history says who."""
    GivenPassword.objects.update_or_create(user=user, defaults={"is_exposed": False})
    user.has_given_password = True


def choose_password(*, user):
    """Store that `user` set their own password."""
    GivenPassword.objects.filter(user=user).delete()
    user.has_given_password = False
