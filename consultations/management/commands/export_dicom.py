"""Command: export a patient's photos as DICOM files, for the archive of a hospital."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consultations.exchange.dicom import export_dicom
from consultations.management.running import progress
from consultations.management.staff import from_command, patient_numbered, staff_named
from consultations.trust.backup.archive import private


class Command(BaseCommand):
    help = (
        "Write the photos of a patient that may be shown to a new folder, as DICOM files (VL "
        "Photographic Image). It is recorded as an export."
    )

    def add_arguments(self, parser):
        parser.add_argument("record_number", help="such as P-000001")
        parser.add_argument("--to", default=".", help="the folder to write to (this one)")
        parser.add_argument("--by", required=True, help="the account of whoever asks for it")

    def handle(self, *, record_number, to, by, **options):
        user = staff_named(by, "consultations.export_patient")
        patient = patient_numbered(record_number)
        stamp = f"{timezone.localtime():%Y%m%d-%H%M%S}"
        folder = Path(to) / f"{patient.record_number}-dicom-{stamp}"
        names = []
        try:
            with private(), progress(None, "photos") as bar:

                def take(file):
                    folder.mkdir(exist_ok=True)
                    (folder / file.name).write_bytes(file.content)
                    names.append(file.name)
                    bar.update()

                left_out = export_dicom(patient=patient, by=user, take=take, way=from_command())
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from None
        for line in left_out:
            self.stderr.write(f"Left out. {line}")
        self.stdout.write(f"{folder}: {len(names)} files.")
