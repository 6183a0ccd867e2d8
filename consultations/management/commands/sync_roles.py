"""Command: bring the groups and their permissions in line with the roles in the code."""

from django.core.management.base import BaseCommand

from consultations.actions.roles import sync_roles, take_own_permissions


class Command(BaseCommand):
    help = (
        "Make the groups exactly what the program's roles say, and take away permissions that "
        "accounts were given by themselves. Runs by itself after migrate."
    )

    def handle(self, **options):
        changed, taken = sync_roles(), take_own_permissions()
        for name, permissions in taken.items():
            self.stdout.write(f"Taken away from {name}: {permissions}.")
        self.stdout.write(
            f"Roles changed: {', '.join(changed)}." if changed else "Roles are up to date."
        )
