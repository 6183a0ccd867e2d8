"""Command: export the whole clinic in open formats, in a folder."""

from django.core.management.base import BaseCommand, CommandError

from consultations.exchange.clinic_export import ClinicExportError, export_clinic
from consultations.management.running import progress, stoppable
from consultations.management.said import NOT_ENCRYPTED, counted
from consultations.management.staff import from_command, staff_named
from consultations.trust.backup.making import is_open_to_others


class Command(BaseCommand):
    help = (
        "Write everything about every patient and the clinic's tables to a folder: JSON, CSV, "
        "pages to read, photos and documents. Staff can work on meanwhile. It is recorded as an "
        "export."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="a new folder, or an empty one")
        parser.add_argument(
            "--by", metavar="USERNAME", required=True, help="the account of whoever asks for it"
        )
        parser.add_argument("--resume", action="store_true", help="go on where it was stopped")

    def handle(self, *, folder, by, resume, **options):
        user = staff_named(by, "consultations.export_clinic")
        try:
            with (
                stoppable(self, "Stopped. What is whole is kept: go on with --resume."),
                progress(0, "patients") as bar,
            ):

                def step(done, total):
                    bar.total = total
                    bar.update(done)

                told = export_clinic(
                    folder=folder, by=user, resume=resume, way=from_command(), step=step
                )
        except ClinicExportError as error:
            raise CommandError(str(error)) from None
        if told.missing:
            self.stderr.write(
                f"Missing, and so not in the export: {counted(told.missing, 'file')}."
            )
        if is_open_to_others(folder):
            self.stderr.write(f"Others can look into {folder}: chmod 700 it.")
        patients, files = counted(told.patients, "patient"), counted(told.files, "file")
        tables, records = counted(told.tables, "table"), counted(told.records, "record")
        self.stdout.write(
            f"{folder}: {patients}, {tables} with {records}, {files}. Open index.html first: it "
            f"says what is where. {NOT_ENCRYPTED}"
        )
