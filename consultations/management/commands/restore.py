"""Command: restore a backup into an empty installation."""

from django.core.management.base import BaseCommand, CommandError

from consultations.management.running import bar, stoppable
from consultations.trust.backup.manifest import BackupError
from consultations.trust.backup.restoring import restore_backup, to_migrate

from .backup import told_of


class Command(BaseCommand):
    help = "Bring a backup back into an empty database and an empty MEDIA_ROOT; all or nothing."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")

    def handle(self, *, file, **options):
        try:
            with stoppable(self):
                manifest = restore_backup(file, bar)
        except BackupError as error:
            raise CommandError(f"Nothing was restored. {error}") from None
        self.stdout.write(f"Restored. {told_of(manifest)}")
        for name in manifest.missing:
            self.stdout.write(f"Was missing already when the backup was made: {name}")
        if to_migrate(manifest):
            self.stdout.write("This program is newer than the backup: run migrate.")
        self.stdout.write(
            "Start it with the SECRET_KEY and AUDIT_KEY of before. Everybody signs in anew. Who "
            "was erased after this backup was made is back in it: erase them again."
        )
