"""Puts the clinic's admin site in the place of Django's own."""

from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import ImproperlyConfigured


class ClinicAdminConfig(AdminConfig):
    default_site = "clinic.admin_site.ClinicAdminSite"

    def ready(self):
        super().ready()
        from consultations.actions.roles import ROLES

        refuse_unknown_roles(settings.SECOND_FACTOR, ROLES)


def refuse_unknown_roles(names, roles):
    """A misspelt role must not quietly sign in without its second factor."""
    known = {"all", "none", *(role.lower() for role in roles)}
    if wrong := [name for name in names if name.lower() not in known]:
        raise ImproperlyConfigured(
            f"SECOND_FACTOR {wrong[0]!r} is no role; write all, none or some of {', '.join(roles)}."
        )
