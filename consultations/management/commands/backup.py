"""Command: back up everything the clinic keeps into one file, while staff work."""

from django.core.management.base import BaseCommand, CommandError

from consultations.management.running import bar, stoppable
from consultations.trust.backup.making import is_open_to_others, make_backup
from consultations.trust.backup.manifest import BackupError


class Command(BaseCommand):
    help = (
        "Write the database and every file it names into one new file in DIR, while staff work. "
        "Old backups are left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="a folder that you alone can read")

    def handle(self, *, folder, **options):
        try:
            with stoppable(self):
                path, manifest = make_backup(folder, bar)
        except BackupError as error:
            raise CommandError(f"No backup was made. {error}") from None
        for name in manifest.missing:
            self.stderr.write(f"Missing, and so not in the backup: {name}")
        if is_open_to_others(folder):
            self.stderr.write(f"Others can look into {folder}: chmod 700 it.")
        self.stdout.write(
            f"{path}\n{told_of(manifest)}\n"
            f"Its digest, for safe keeping elsewhere: {manifest.digest}\n"
            "SECRET_KEY and AUDIT_KEY are not in it: keep them elsewhere. Nobody who is signed in "
            "now is signed in to a copy. The file is not encrypted: encrypt what leaves this "
            "computer."
        )


def told_of(manifest):
    """How much a backup holds, in a line."""
    size = sum(member.size for member in manifest.members) / 1_000_000
    rows, files = sum(manifest.rows.values()), len(manifest.files)
    return (
        f"Made {manifest.made_at} by Turgor {manifest.program} on {manifest.engine}: {rows} rows "
        f"in {len(manifest.rows)} tables, {files} files, {size:.1f} MB; {len(manifest.missing)} "
        "files missing."
    )
