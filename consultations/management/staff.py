"""The account behind a command: one that may do in the program what the command does."""

import getpass

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from consultations.models import Patient


def account_named(username):
    """The account of that name, active or not. Raises CommandError where there is none."""
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no account {username!r}.")
    return user


def staff_named(username, permission):
    """The active account of that name. Raises CommandError where it may not do this."""
    user = get_user_model().objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f'There is no active account "{username}".')
    if not user.has_perm(permission):
        raise CommandError(f'The account "{username}" may not do this: it lacks {permission}.')
    return user


def from_command():
    """Who ran the command, as the computer knows them: whoever `--by` names need not."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"
    return _("By command, system user %(user)s.") % {"user": user[:60]}


def patient_numbered(record_number):
    """The patient with that record number. Raises CommandError where there is none."""
    patient = Patient.objects.filter(record_number=record_number.strip().upper()).first()
    if patient is None:
        raise CommandError(f'There is no record "{record_number}".')
    return patient
