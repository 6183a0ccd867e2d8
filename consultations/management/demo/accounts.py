"""One account for each role, all with the same password: for a demo on this computer only."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from consultations.permissions import CLINICIAN, MANAGER, PRACTITIONER, RECEPTION

PASSWORD = "demo"  # noqa: S105  printed on purpose
ROLES = {
    "reception": RECEPTION,
    "practitioner": PRACTITIONER,
    "clinician": CLINICIAN,
    "manager": MANAGER,
    "admin": "",
}


def keep_accounts():
    """The demo accounts by name; those that exist are left as they are."""
    users = get_user_model().objects
    accounts = {user.username: user for user in users.filter(username__in=ROLES)}
    if missing := [name for name in ROLES if name not in accounts]:
        # Hashing is slow by design, so once for all of them.
        password = make_password(PASSWORD)
        accounts |= {name: _account(name, password) for name in missing}
    return accounts


def _account(name, password):
    role = ROLES[name]
    user, made = get_user_model().objects.get_or_create(
        username=name,
        defaults={
            "first_name": "Demo",
            "last_name": name.title(),
            "password": password,
            "is_staff": True,
            "is_superuser": not role,
        },
    )
    if made and role:
        user.groups.add(Group.objects.get(name=role))
    return user
