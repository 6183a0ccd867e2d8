"""Command: bring the groups and their permissions in line with the roles in the code."""

from django.core.management.base import BaseCommand

from consultations.actions.roles import sync_roles


class Command(BaseCommand):
    help = "Make the groups exactly what the program's roles say. Runs by itself after migrate."

    def handle(self, **options):
        changed = sync_roles()
        self.stdout.write(
            f"Roles changed: {', '.join(changed)}." if changed else "Roles are up to date."
        )
