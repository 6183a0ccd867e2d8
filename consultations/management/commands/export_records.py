"""Command: write the clinic's records as files for our own import."""

from django.core.management.base import BaseCommand, CommandError

from consultations.exchange.records_export import RecordsExportError, count, export_records
from consultations.management.running import progress, stoppable
from consultations.management.staff import from_command, staff_named
from consultations.trust.backup.making import is_open_to_others


class Command(BaseCommand):
    help = (
        "Write patients, lasers, consultations with areas, plans with sessions and appointments to "
        "a folder, as the CSV files that import_records takes. Everything else is in "
        "export_clinic. All files or none; staff can work on meanwhile. It is recorded as an "
        "export."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="a new folder, or an empty one")
        parser.add_argument(
            "--by", metavar="USERNAME", required=True, help="the account of whoever asks for it"
        )

    def handle(self, *, folder, by, **options):
        user = staff_named(by, "consultations.export_clinic")
        try:
            with stoppable(self), progress(count(), "rows") as bar:
                told = export_records(folder, by=user, way=from_command(), step=bar.update)
        except RecordsExportError as error:
            raise CommandError(str(error)) from None
        if is_open_to_others(folder):
            self.stderr.write(f"Others can look into {folder}: chmod 700 it.")
        rows = ", ".join(f"{number} {target}" for target, number in told.rows.items())
        self.stdout.write(f"{folder}: {rows or 'no records'}.")
        if left := ", ".join(
            f"{number} {what}" for what, number in told.left_out.items() if number
        ):
            self.stdout.write(f"Left out: {left}.")
        self.stdout.write("It is not encrypted: encrypt what leaves this computer.")
