"""Command: export a patient's photos as DICOM files, for the archive of a hospital."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consultations.exchange.dicom import export_dicom
from consultations.management.new_files import new_folder
from consultations.management.running import progress, stoppable
from consultations.management.said import NOT_ENCRYPTED, counted
from consultations.management.staff import from_command, patient_numbered, staff_named


class Command(BaseCommand):
    help = (
        "Write the photos of a patient that may be shown to a new folder, as DICOM files (VL "
        "Photographic Image). All files or none. It is recorded as an export."
    )

    def add_arguments(self, parser):
        parser.add_argument("--patient", metavar="NUMBER", required=True, help="such as P-000001")
        parser.add_argument(
            "--output", metavar="DIR", default=".", help="the folder to make the new one in (here)"
        )
        parser.add_argument(
            "--by", metavar="USERNAME", required=True, help="the account of whoever asks for it"
        )

    def handle(self, *, patient, output, by, **options):
        user = staff_named(by, "consultations.export_patient")
        patient = patient_numbered(patient)
        stamp = f"{timezone.localtime():%Y%m%d-%H%M%S}"
        folder = Path(output) / f"{patient.record_number}-dicom-{stamp}"
        names = []
        with stoppable(self), new_folder(folder), progress(None, "photos") as bar:

            def take(file):
                (folder / file.name).write_bytes(file.content)
                names.append(file.name)
                bar.update()

            try:
                left_out = export_dicom(patient=patient, by=user, take=take, way=from_command())
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from None
        for line in left_out:
            self.stderr.write(f"Left out. {line}")
        if not names:
            raise CommandError("No photo could be exported.")
        self.stdout.write(f"{folder}: {counted(len(names), 'file')}. {NOT_ENCRYPTED}")
