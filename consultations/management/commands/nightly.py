"""Command: run everything a clinic runs at night, with nothing to type."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from consultations.models import AuditSeal
from consultations.trust.backup.making import refuse_place
from consultations.trust.backup.manifest import BackupError

HEADS = "heads.txt"


class Command(BaseCommand):
    help = (
        "Seal the audit, verify it against the head of the last night, make a backup in DIR, and "
        f"clear old drafts and sessions. Each night adds its head to DIR/{HEADS}. One step that "
        "fails does not stop the others; exit 1 where any did."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="the folder of the backups")

    def handle(self, *, folder, **options):
        try:
            refuse_place(Path(folder))
        except BackupError as error:
            raise CommandError(str(error)) from None
        heads = Path(folder) / HEADS
        before = self.last_head(heads)
        steps = [
            ("seal_audit",),
            ("verify_audit", "--photos", *(["--head", before] if before else [])),
            ("backup", folder),
            ("clear_drafts",),
            ("clearsessions",),
        ]
        failed = [step[0] for step in steps if not self.succeeds(*step)]
        self.keep_head(heads)
        if failed:
            raise CommandError(f"Look into this: {', '.join(failed)} failed.")

    def succeeds(self, name, *arguments):
        self.stdout.write(f"== {name}")
        try:
            call_command(name, *arguments, stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            self.stderr.write(str(error))
            return False
        except SystemExit as ended:
            if ended.code == 130:  # somebody stopped it
                raise
            return not ended.code
        return True

    def last_head(self, heads):
        """The head that the last night left, "" where there was none."""
        try:
            lines = heads.read_text().splitlines()
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{heads} cannot be read: {error}.") from None
        return lines[-1].split()[-1] if lines else ""

    def keep_head(self, heads):
        last = AuditSeal.objects.order_by("-number").first()
        if last is None:
            return
        try:
            with open(heads, "a") as file:
                file.write(f"{last.sealed_at:%Y-%m-%d %H:%M} seal {last.number} {last.head}\n")
        except OSError as error:
            raise CommandError(f"The head was not kept in {heads}: {error.strerror}.") from None
