"""Command: bring in the patients of another system's FHIR files, through the engine of imports."""

from .import_records import Command as ImportRecords


class Command(ImportRecords):
    help = (
        "Import the patients of FHIR R4 bundles or NDJSON of another system, as a whole or not at "
        "all; allergies, medicines, prescriptions that are not over and conditions come in as "
        "text. Begin with --dry-run, which checks everybody and saves nothing. Whoever may be "
        "known already is asked about. It is import_records --from fhir: to go on or to undo, use "
        "that."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(format="fhir")
