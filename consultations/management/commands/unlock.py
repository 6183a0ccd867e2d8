"""Command: let an account sign in at once, after too many wrong passwords."""

from django.core.management.base import BaseCommand

from consultations.accounts.lock_out import unlock
from consultations.management.staff import account_named
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind


class Command(BaseCommand):
    help = (
        "Forget the wrong passwords and codes of one account, and those of the addresses they "
        "came from. Managers do this for their colleagues on the staff pages."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = account_named(username)
        unlock(user=user)
        words = "Unlocked by command"
        record_access(by=None, kind=AccessKind.RECORD, address=None, record=user, detail=words)
        self.stdout.write(f"{username} can try again at once.")
