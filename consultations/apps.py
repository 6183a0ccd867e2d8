"""The domain as Django sees it."""

import sys

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from .checks import log_of_postgresql_holds_no_values, media_can_be_kept


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _("Clinic")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        if not getattr(settings, "SIMPLE_HISTORY_ENABLED", True):
            raise ImproperlyConfigured("History cannot be switched off: SIMPLE_HISTORY_ENABLED.")
        checks.register(media_can_be_kept)
        checks.register(log_of_postgresql_holds_no_values, checks.Tags.database)
        # The one receiver of the program: roles follow the code after every migration.
        post_migrate.connect(_sync_roles, sender=self)


def _sync_roles(using="default", verbosity=1, stdout=sys.stdout, **kwargs):
    from consultations.actions.roles import sync_roles, take_own_permissions

    sync_roles(using=using)
    for name, permissions in take_own_permissions(using=using).items():
        if verbosity:
            stdout.write(f"  Taken away from {name}: {permissions}.\n")
