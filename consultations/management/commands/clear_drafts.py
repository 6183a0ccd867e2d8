"""Command: delete abandoned drafts, and those about erased people; run it nightly."""

from django.core.management.base import BaseCommand

from consultations.actions.drafts import clear_drafts
from consultations.exchange.imports.staging import clear_expired
from consultations.models.draft import KEPT_DAYS


class Command(BaseCommand):
    help = (
        f"Delete the drafts that nobody has touched for {KEPT_DAYS} days, and those about people "
        "who were erased; give up imports as old as that. Run it every night."
    )

    def handle(self, **options):
        count = clear_drafts()
        self.stdout.write("1 draft deleted." if count == 1 else f"{count} drafts deleted.")
        if given_up := clear_expired():
            self.stdout.write(f"Imports given up: {given_up}.")
