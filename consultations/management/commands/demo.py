"""Command: load a believable clinic to try the program with, on this computer only."""

import os
import socket
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from consultations.management.demo.accounts import PASSWORD, ROLES
from consultations.management.demo.load import keep_demo
from consultations.models import Patient

ADDRESS = "127.0.0.1"
DONE = {
    "loaded": "The demo clinic is loaded.",
    "moved": "The demo clinic was there already; its dates are moved to today.",
    "": "The demo clinic is there already, and up to date.",
}


class Command(BaseCommand):
    help = (
        "Migrate, load a demo clinic with an account for each role, and serve it on this "
        "computer. Run again, it moves the demo's dates so that today is today."
    )

    def add_arguments(self, parser):
        parser.add_argument("--no-server", action="store_true", help="stop before serving")
        parser.add_argument("--port", default="8000", help="the port to serve on (8000)")

    def handle(self, *, no_server, port, **options):
        try:
            refuse_wider_hosts()
            if not no_server:
                refuse_port(str(port))
            self.prepare()
            if not no_server:
                self.serve(port)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")
            sys.exit(130)

    def prepare(self):
        refuse_other_patients()
        call_command("migrate", interactive=False, verbosity=0)
        done = keep_demo(timezone.localdate())
        self.stdout.write(DONE[done])
        unless = "" if done == "loaded" else ", unless you changed it"
        self.stdout.write(f"Accounts: {', '.join(ROLES)}. Password: {PASSWORD}{unless}.")

    def serve(self, port):
        self.stdout.write(f"Address: http://{ADDRESS}:{port}/admin/ (Ctrl-C stops it)")
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        with open(os.devnull, "w") as banner:
            call_command("runserver", f"{ADDRESS}:{port}", use_reloader=False, stdout=banner)


def refuse_wider_hosts():
    if not settings.LOCAL_ONLY:
        raise CommandError(
            "The demo's password is known to all, and ALLOWED_HOSTS names a host beyond this "
            "computer. Nothing was loaded."
        )


def refuse_other_patients():
    if Patient._meta.db_table not in connection.introspection.table_names():
        return
    # Who tries the demo registers patients of their own; without a demo they are a real clinic's.
    demo = Patient.objects.filter(record_number__startswith="D-")
    if Patient.objects.exists() and not demo.exists():
        raise CommandError(
            "This database holds patients who are not of the demo. Nothing was loaded; name "
            "another database in DATABASE_URL."
        )


def refuse_port(port):
    """Raise CommandError where the server could not start: better said now than after loading."""
    if not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65_536):
        raise CommandError(f'"{port}" is not a port; write a number from 1 to 65535.')
    with socket.socket() as probe:
        # As the server itself does, so that a port just given back counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, int(port)))
        except PermissionError:
            raise CommandError(f"Port {port} needs more rights; choose one above 1023.") from None
        except OSError:
            raise CommandError(f"Port {port} is in use; choose another with --port.") from None
