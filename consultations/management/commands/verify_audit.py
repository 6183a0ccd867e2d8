"""Command: check the seals over the audit, and everything they seal."""

import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from consultations.summaries.seals import sealed_rows, verify

from .seal_audit import PROGRESS


class Command(BaseCommand):
    help = (
        "Check every sealed row of the audit against its seal, and the seals against each other. "
        "Changes nothing; exit 1 on the first thing that is not as it was sealed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--head", default="", help="a head that seal_audit printed")

    def handle(self, *, head, **options):
        with tqdm(total=sealed_rows(), **PROGRESS) as progress:
            found = verify(head=head, step=progress.update)
        for problem in found.problems:
            self.stdout.write(problem.words)
        if more := found.count - len(found.problems):
            self.stdout.write(f"… and {more} more.")
        for line in (*self.erased(found), *self.not_sealed(found), *self.end(found, head)):
            self.stdout.write(line)
        if found.count:
            self.stdout.write(
                f"{found.rows} rows and {found.seals} seals checked: {found.count} not as sealed."
            )
            sys.exit(1)
        self.stdout.write(
            f"{found.rows} rows and {found.seals} seals checked: everything is as it was sealed."
        )

    def erased(self, found):
        for erasure, rows in found.erased.items():
            yield (
                f"{rows} rows changed by lawful erasure {erasure.pk} on {erasure.at:%Y-%m-%d} "
                f"by {erasure.by.get_username()}."
            )

    def not_sealed(self, found):
        for one in found.unsealed:
            yield f"Not sealed yet: {one.rows} rows of {one.name} since {one.since:%Y-%m-%d %H:%M}."

    def end(self, found, head):
        if found.given is not None:
            later = found.seals - found.given
            yield f"The head given is that of seal {found.given}; {later} seals follow it."
        elif not head:
            yield (
                "No head was given: that seals were cut off at the end of the chain cannot be "
                "ruled out."
            )
        if found.head:
            yield f"Head now: {found.head}"
