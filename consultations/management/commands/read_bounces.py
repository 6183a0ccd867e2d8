"""Command: note which messages came back, from a mail on standard input or from a Maildir."""

import mailbox
import sys
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from consultations.actions.bounces import Came, read_bounce

SEEN = "S"


class Command(BaseCommand):
    help = (
        "Note which messages to patients came back: one mail on standard input, as a mail server "
        "hands it to a program, or every unread mail in a Maildir. Bounces in a Maildir are marked "
        "as read; all other mail is left as it is."
    )

    def add_arguments(self, parser):
        parser.add_argument("--maildir", metavar="DIR", help="a folder with cur, new and tmp")

    def handle(self, *, maildir, **options):
        if maildir is None:
            counts = Counter([read_bounce(sys.stdin.buffer.read())])
        else:
            counts = Counter(self.read_all(Path(maildir)))
        for came, count in counts.items():
            self.stdout.write(f"{came.value} {count}" if maildir else came.value)

    def read_all(self, folder):
        if not all((folder / name).is_dir() for name in ("cur", "new", "tmp")):
            raise CommandError(f"{folder} is no Maildir: it lacks cur, new or tmp.")
        box = mailbox.Maildir(folder, factory=None, create=False)
        for key in sorted(box.keys()):
            if SEEN in box.get_message(key).get_flags():
                continue
            came = read_bounce(box.get_bytes(key))
            if came in (Came.BOUNCED, Came.RETURNED, Came.KNOWN):
                self.mark(box, key)
            yield came

    def mark(self, box, key):
        mail = box.get_message(key)
        mail.set_subdir("cur")
        mail.add_flag(SEEN)
        box[key] = mail
