"""Command: write patients as FHIR R4, one as a Bundle, all as NDJSON."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consultations.exchange.fhir.export import export_bundle, export_everybody
from consultations.exchange.fhir.ndjson import FolderError, everybody
from consultations.management.new_files import new_file
from consultations.management.running import progress, stoppable
from consultations.management.said import NOT_ENCRYPTED, counted
from consultations.management.staff import from_command, patient_numbered, staff_named


class Command(BaseCommand):
    help = (
        "Write one patient as a FHIR R4 Bundle, or all of them as NDJSON, a file for each type of "
        "resource. Stopped half-way, the same command goes on. It is recorded as an export."
    )

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--patient", metavar="NUMBER", help="such as P-000001")
        which.add_argument("--all", action="store_true", help="all patients")
        parser.add_argument(
            "--output", metavar="DIR", help="the folder to write to (for one patient: this one)"
        )
        parser.add_argument(
            "--by", metavar="USERNAME", required=True, help="the account of whoever asks for it"
        )

    def handle(self, *, patient, output, by, **options):
        user = staff_named(by, "consultations.export_fhir")
        if patient:
            self._one(patient_numbered(patient), Path(output or "."), user)
        elif output:
            self._all(output, user)
        else:
            raise CommandError("Say where to: --all --output DIR.")

    def _one(self, patient, folder, user):
        path = folder / f"{patient.record_number}-{timezone.localtime():%Y%m%d-%H%M%S}.fhir.json"
        try:
            with stoppable(self), new_file(path) as file:
                count = export_bundle(patient=patient, by=user, file=file, way=from_command())
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(f"{path}: {counted(count, 'resource')}. {NOT_ENCRYPTED}")

    def _all(self, folder, user):
        stopped = "Stopped. The same command goes on from here."
        with stoppable(self, stopped), progress(everybody().count(), "patients") as bar:
            try:
                state = export_everybody(folder, by=user, way=from_command(), step=bar.update)
            except FolderError as error:
                raise CommandError(str(error)) from None
        count = sum(state.resources.values())
        left = ", ".join(f"{number} {why}" for why, number in state.left_out.items() if number)
        told = f"{counted(state.patients, 'patient')}, {counted(count, 'resource')}"
        self.stdout.write(f"{folder}: {told}.")
        if left:
            self.stdout.write(f"Left out: {left}.")
        self.stdout.write(NOT_ENCRYPTED)
