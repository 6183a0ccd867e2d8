"""Command: export everything about one person as a ZIP of open formats with the photos."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from consultations.management.new_files import new_file
from consultations.management.running import stoppable
from consultations.management.said import NOT_ENCRYPTED, counted
from consultations.management.staff import from_command, patient_numbered, staff_named
from consultations.trust.person_export import export_person


class Command(BaseCommand):
    help = (
        "Write everything about one person to a ZIP: JSON, CSV, a page to read, photos and "
        "documents. It is recorded as an export."
    )

    def add_arguments(self, parser):
        parser.add_argument("record_number", help="such as P-000001")
        parser.add_argument(
            "--output", "--to", metavar="DIR", default=".", help="the folder to write to (this one)"
        )
        parser.add_argument(
            "--by", metavar="USERNAME", required=True, help="the account of whoever asks for it"
        )

    def handle(self, *, record_number, output, by, **options):
        user = staff_named(by, "consultations.export_patient")
        patient = patient_numbered(record_number)
        path = Path(output) / f"{patient.record_number}-{timezone.localtime():%Y%m%d-%H%M%S}.zip"
        with stoppable(self), new_file(path) as file:
            count = export_person(patient=patient, by=user, file=file, way=from_command())
        self.stdout.write(f"{path}: {counted(count, 'record')}. {NOT_ENCRYPTED}")
