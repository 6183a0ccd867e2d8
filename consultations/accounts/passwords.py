"""Passwords that somebody else set or may have read: they open nothing but the choice of one's
own."""

from django.db.models import Exists, OuterRef

from consultations.models import GivenPassword


def with_given_password(users):
    """Users who carry whether theirs is such a password, so that no request has to ask for it."""
    given = GivenPassword.objects.filter(user=OuterRef("pk"))
    return users.annotate(has_given_password=Exists(given))


def has_given_password(user):
    """Whether somebody has yet to choose their own password."""
    if not hasattr(user, "has_given_password"):
        user.has_given_password = GivenPassword.objects.filter(user=user.pk).exists()
    return user.has_given_password


def is_exposed(user):
    """Whether the password of `user` may be known to others, and was not changed since."""
    return GivenPassword.objects.filter(user=user.pk, is_exposed=True).exists()


def give_password(*, user):
    """Note that somebody else has just set the password of `user`; the account's history says
    who."""
    GivenPassword.objects.update_or_create(user=user, defaults={"is_exposed": False})
    user.has_given_password = True


def choose_password(*, user):
    """Note that `user` has just set their own password."""
    GivenPassword.objects.filter(user=user).delete()
    user.has_given_password = False
