"""Command: list the records whose retention period is over, by record number."""

from django.core.management.base import BaseCommand

from consultations.trust.retention import due_for_erasure


class Command(BaseCommand):
    help = (
        "List the records past the clinic's retention period: record number, last contact, due "
        "since. No name is printed unless asked for. Nothing is erased."
    )

    def add_arguments(self, parser):
        parser.add_argument("--names", action="store_true", help="print names too")

    def handle(self, *, names, **options):
        count, after = 0, 0
        while after is not None:
            due, after = due_for_erasure(after=after)
            count += len(due)
            for one in due:
                name = f" {one.patient.full_name}" if names else ""
                self.stdout.write(
                    f"{one.patient.record_number}{name}: last contact {one.last_contact}, "
                    f"due since {one.ends_on}"
                )
        self.stdout.write("1 record is due." if count == 1 else f"{count} records are due.")
