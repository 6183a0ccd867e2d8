"""Who may do what: the roles of the clinic, kept in code and brought to the database."""

from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.utils.translation import gettext as _

from consultations.models.staff import tell_of_account
from consultations.vocabulary import CLINICIAN, MANAGER, PRACTITIONER, RECEPTION

_READ_LISTS = {
    "view_patient",
    "view_treatmentplan",
    "view_treatmentsession",
}
_RECEPTION = _READ_LISTS | {
    "add_patient",
    "change_patient",
    "add_treatmentsession",
    "change_treatmentsession",
}
_READ_CLINICAL = _READ_LISTS | {
    "view_clinical",
    "view_consultation",
    "view_areaassessment",
    "view_surgicalreferral",
    "view_laser",
    "view_lasermode",
    "view_adverseevent",
    "view_followup",
    "view_photo",
    "view_consent",
    "view_consentwording",
    "view_addendum",
}
_PRACTITIONER = (
    _RECEPTION
    | _READ_CLINICAL
    | {
        "sign_treatmentsession",
        "add_adverseevent",
        "change_adverseevent",
        "add_followup",
        "change_followup",
        "add_photo",
        "change_photo",
        "add_consent",
        "change_consent",
        "add_addendum",
    }
)
_CLINICIAN = _PRACTITIONER | {
    "add_consultation",
    "change_consultation",
    "sign_consultation",
    "add_areaassessment",
    "change_areaassessment",
    "add_surgicalreferral",
    "change_surgicalreferral",
    "add_treatmentplan",
    "change_treatmentplan",
    "override_treatmentsession",
    "clear_adverseevent",
    "enter_in_error",
    "move_consultation",
    "merge_patient",
}
_MANAGER = _READ_CLINICAL | {
    "add_laser",
    "change_laser",
    "add_lasermode",
    "change_lasermode",
    "add_consentwording",
    "change_consentwording",
    "view_user",
    "add_user",
    "change_user",
    "view_accessrecord",
    "view_clinicsettings",
    "add_clinicsettings",
    "change_clinicsettings",
    "export_patient",
    "erase_patient",
}

ROLES = {
    RECEPTION: frozenset(_RECEPTION),
    PRACTITIONER: frozenset(_PRACTITIONER),
    CLINICIAN: frozenset(_CLINICIAN),
    MANAGER: frozenset(_MANAGER),
}


def sees_clinical(user):
    """Whether somebody may read health answers, verdicts, settings and what came of them."""
    return user.has_perm("consultations.view_clinical")


def writes_clinical(user):
    """Whether somebody may write them: who treats, and so signs. To read what somebody else
    wrote and to book is not that, even where one person may do both."""
    return sees_clinical(user) and user.has_perm("consultations.sign_treatmentsession")


@transaction.atomic
def sync_roles(*, using="default"):
    """Make the groups exactly what ROLES says; returns the names of the groups changed.

    Permissions that are not yet in the database (an app still to be migrated) are left for the
    next call, so this is safe after every single migration.
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
    """The names of the roles whose permissions in the database are not those of ROLES."""
    groups = {one.name: one for one in Group.objects.prefetch_related("permissions")}
    return [
        name
        for name, codenames in ROLES.items()
        if name not in groups
        or {one.pk for one in groups[name].permissions.all()} != _permissions_named(codenames)
    ]


@transaction.atomic
def take_own_permissions(*, using="default"):
    """Take away the permissions that accounts were given beside their groups, and say so in their
    history; returns what was taken, by the name of the account."""
    taken = {}
    for user in User.objects.using(using).exclude(user_permissions=None).order_by("pk"):
        own = user.user_permissions.order_by("codename").values_list("codename", flat=True)
        taken[user.get_username()] = permissions = ", ".join(own)
        user.user_permissions.clear()
        words = _("Permissions beside the roles were taken away: %(permissions)s.")
        tell_of_account(user, words % {"permissions": permissions})
    return taken
