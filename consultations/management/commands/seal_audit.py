"""Command: seal everything that was recorded since the last seal."""

from django.core.management.base import BaseCommand, CommandError

from consultations.management.running import progress
from consultations.models import AuditSeal
from consultations.trust.digests import unsealed
from consultations.trust.sealing import SealingError, seal


class Command(BaseCommand):
    help = (
        "Chain keyed digests over all history, openings and erasures recorded since the last "
        "seal, and print the head of the chain. Keep the head where nobody can change it who can "
        "change the database: verify_audit --head then proves that nothing was taken away."
    )

    def handle(self, **options):
        with progress(sum(one.rows for one in unsealed()), "rows") as shown:
            try:
                made = seal(step=shown.update)
            except SealingError as error:
                raise CommandError(str(error)) from None
        rows = sum(one.rows for one in made)
        last = AuditSeal.objects.order_by("-number").first()
        if last is None:
            self.stdout.write("There is nothing to seal yet.")
            return
        self.stdout.write(f"{rows} rows sealed by {len(made)} seals.")
        self.stdout.write(f"Head after seal {last.number}: {last.head}")
