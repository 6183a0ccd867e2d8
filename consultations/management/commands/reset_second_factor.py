"""Command: reset an account's second factor, if nobody is left who can do it on a page."""

from django.core.management.base import BaseCommand

from consultations.accounts.lock_out import unlock
from consultations.accounts.second_factor import reset
from consultations.management.staff import account_named
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind


class Command(BaseCommand):
    help = (
        "Take away the sign-in codes of one account and unlock it: for a superuser whose phone is "
        "lost. The password stays. Managers do this for their colleagues on the staff pages."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = account_named(username)
        unlock(user=user)
        reset(user=user)
        words = "Sign-in codes reset by command"
        record_access(by=None, kind=AccessKind.RECORD, address=None, record=user, detail=words)
        self.stdout.write(f"{username} signs in by password now, and can set up new codes.")
