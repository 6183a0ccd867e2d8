"""Command: check whether a backup can be relied on; it changes and unpacks nothing."""

import sys

from django.core.management.base import BaseCommand

from consultations.management.running import bar
from consultations.trust.backup.checking import check_backup, opened

from .backup import told_of


class Command(BaseCommand):
    help = "Check a backup: digests, completeness, its database. Says what is wrong; exit 1."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--digest", help="what backup printed for safe keeping")

    def handle(self, *, file, digest, **options):
        wrong = check_backup(file, bar)
        if digest is not None and not wrong:
            wrong = another_than(file, digest)
        for one in wrong:
            self.stderr.write(one)
        if wrong:
            sys.exit(1)
        with opened(file) as (_stream, _places, manifest):
            self.stdout.write(f"This backup is whole. {told_of(manifest)}")
            for name in manifest.missing:
                self.stdout.write(f"Was missing already when it was made: {name}")


def another_than(file, digest):
    """A whole backup, but perhaps not the one whose digest was kept."""
    with opened(file) as (_stream, _places, manifest):
        if manifest.digest == digest.strip().lower():
            return []
    return ["This is not the backup whose digest you gave: it was altered, or is another one."]
