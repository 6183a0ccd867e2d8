"""Command: check the seals over the audit, and everything they seal."""

import sys

from django.core.management.base import BaseCommand, CommandError

from consultations.actions.roles import roles_out_of_step
from consultations.management.running import progress
from consultations.summaries.integrity import (
    keys_of_documents,
    keys_of_photos,
    live_rows,
    thumbnails_without_digest,
)
from consultations.trust.digests import sealed_rows
from consultations.trust.verification import (
    verify,
    verify_documents,
    verify_photos,
    verify_roles,
)
from consultations.trust.verification.tombstones import who_erased


class Command(BaseCommand):
    help = (
        "Check every sealed row of the audit against its seal, the seals against each other, and "
        "every record against its history. Changes nothing; exit 1 where anything is not as it "
        "was recorded."
    )

    def add_arguments(self, parser):
        parser.add_argument("--head", help="a head that seal_audit printed")
        parser.add_argument(
            "--photos",
            action="store_true",
            help="also check the file of every photo and of every issued document",
        )

    def handle(self, *, head, photos, **options):
        if head is not None and not head.strip():
            raise CommandError("--head is empty: give a head that seal_audit printed.")
        with progress(sealed_rows() + live_rows(), "rows") as shown:
            found = verify(head=head or "", step=shown.update)
        verify_roles(found, roles_out_of_step())
        if photos:
            keys = keys_of_photos()
            with progress(len(keys), "photos") as shown:
                verify_photos(found, keys, step=shown.update)
            keys = keys_of_documents()
            with progress(len(keys), "documents") as shown:
                verify_documents(found, keys, step=shown.update)
        for line in (
            *self.problems(found),
            *self.erased(found),
            *self.not_sealed(found),
            *self.end(found, head),
            *self.compared(found, photos),
        ):
            self.stdout.write(line)
        result = f"{found.count} not as sealed" if found.count else "everything is as it was sealed"
        self.stdout.write(f"{found.rows} rows and {found.seals} seals checked: {result}.")
        if found.count:
            sys.exit(1)

    def problems(self, found):
        yield from (problem.words for problem in found.problems)
        if more := found.count - len(found.problems):
            yield f"… and {more} more."

    def erased(self, found):
        for erasure, rows in found.erased.items():
            yield (
                f"{rows} rows changed by lawful erasure {erasure.pk} on {erasure.at:%Y-%m-%d} "
                f"by {who_erased(erasure)}."
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

    def compared(self, found, photos):
        if found.live:
            yield f"{found.live} records compared with their history."
        if photos:
            yield f"The files of {found.photos} photos compared with their records."
            if found.documents:
                yield f"The files of {found.documents} documents compared with their records."
            if left := thumbnails_without_digest().count():
                words = "have no digest yet and are not shown: run renew_thumbnails."
                yield f"{left} thumbnails {words}"
