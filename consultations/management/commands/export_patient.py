"""Command: export everything about one person as a ZIP of open formats with the photos."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consultations.management.staff import from_command, patient_numbered, staff_named
from consultations.trust.person_export import export_person


class Command(BaseCommand):
    help = (
        "Write everything about one person to a ZIP: JSON, CSV, a page to read, and the photos. "
        "It is recorded as an export."
    )

    def add_arguments(self, parser):
        parser.add_argument("record_number", help="such as P-000001")
        parser.add_argument("--to", default=".", help="the folder to write to (this one)")
        parser.add_argument("--by", required=True, help="the account of whoever asks for it")

    def handle(self, *, record_number, to, by, **options):
        user = staff_named(by, "consultations.export_patient")
        patient = patient_numbered(record_number)
        path = Path(to) / f"{patient.record_number}-{timezone.localtime():%Y%m%d-%H%M%S}.zip"
        try:
            file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        try:
            with os.fdopen(file, "wb+") as file:
                count = export_person(patient=patient, by=user, file=file, way=from_command())
        except BaseException as error:
            # Half an archive would be taken for a whole one.
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
            raise
        self.stdout.write(f"{path}: {count} records.")
