"""Bring the roles of `permissions` to the database."""

from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.utils.translation import gettext as _

from consultations.models.staff import tell_of_account
from consultations.permissions import ROLES


@transaction.atomic
def sync_roles(*, using="default"):
    """Make the groups exactly what ROLES says; return the names of the groups changed.

    Permissions that are not yet in the database (an app still to be migrated) are left for the next
    call, so this is safe after every single migration.
    """
    changed = []
    for name, codenames in ROLES.items():
        group, created = Group.objects.using(using).get_or_create(name=name)
        wanted = _permissions_named(codenames, using)
        if created or wanted != set(group.permissions.values_list("pk", flat=True)):
            group.permissions.set(wanted)
            changed.append(name)
    return changed


def _permissions_named(codenames, using="default"):
    found = Permission.objects.using(using).filter(
        codename__in=codenames, content_type__app_label__in=("consultations", "auth")
    )
    return set(found.values_list("pk", flat=True))


def roles_out_of_step():
    """Return the names of the roles whose permissions in the database differ from ROLES."""
    groups = {one.name: one for one in Group.objects.prefetch_related("permissions")}
    return [
        name
        for name, codenames in ROLES.items()
        if name not in groups
        or {one.pk for one in groups[name].permissions.all()} != _permissions_named(codenames)
    ]


@transaction.atomic
def take_own_permissions(*, using="default"):
    """Take away permissions given to accounts beside their groups; record it in their history.

    Returns what was taken, by the name of the account.
    """
    taken = {}
    for user in User.objects.using(using).exclude(user_permissions=None).order_by("pk"):
        own = user.user_permissions.order_by("codename").values_list("codename", flat=True)
        taken[user.get_username()] = permissions = ", ".join(own)
        user.user_permissions.clear()
        words = _("Permissions beside the roles were taken away: %(permissions)s.")
        tell_of_account(user, words % {"permissions": permissions})
    return taken
