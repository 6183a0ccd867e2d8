"""Passwords that somebody else set: they open nothing but the choice of one's own."""

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


def give_password(*, user):
    """Keep that somebody else has just set the password of `user`; who, the account's history
    tells."""
    GivenPassword.objects.get_or_create(user=user)
    user.has_given_password = True


def choose_password(*, user):
    """Keep that `user` has just set their own password."""
    GivenPassword.objects.filter(user=user).delete()
    user.has_given_password = False
