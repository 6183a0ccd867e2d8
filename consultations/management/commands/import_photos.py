"""Command: bring in the photos of another system from a ZIP."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from consultations.exchange.imports.photos import import_photos
from consultations.exchange.reading.base import UnreadableFileError
from consultations.management.running import progress, stoppable
from consultations.management.staff import staff_named
from consultations.vocabulary import Area, PhotoView


class Command(BaseCommand):
    help = (
        "Import photos from a ZIP. The name of each, or of its folder, holds the record number of "
        "the patient, and may hold area, view and day: “P-000012/face front 2025-03-04.jpg”. "
        "Those of patients who have not agreed to photos stay hidden. To undo it: import_records "
        "--undo."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.zip")
        parser.add_argument("--by", required=True, help="the account of whoever imports")
        parser.add_argument("--area", choices=Area.values, help="of photos that name none")
        parser.add_argument("--view", choices=PhotoView.values, help="of photos that name none")
        parser.add_argument("--dry-run", action="store_true", help="check and show, save nothing")

    def handle(self, *, file, by, area, view, dry_run, **options):
        user, path = staff_named(by, "consultations.import_records"), Path(file)
        stopped = "Stopped. What was stored stays; the same command goes on."
        try:
            with (
                open(path, "rb") as source,
                progress(None, "photos") as bar,
                stoppable(self, stopped),
            ):
                taken = import_photos(
                    source,
                    path.name,
                    by=user,
                    area=area or "",
                    view=view or "",
                    dry_run=dry_run,
                    step=bar.update,
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except (UnreadableFileError, ValidationError) as refusal:
            raise CommandError(" ".join(getattr(refusal, "messages", [str(refusal)]))) from None
        for number, words in taken.problems:
            self.stdout.write(f"Photo {number}: {words}")
        if taken.problems and not dry_run:
            self.stdout.write("Mend what is wrong and run it again: what is here stays as it is.")
        if dry_run:
            self.stdout.write("Nothing was saved: this was a dry run.")
        elif taken.batch is None:
            self.stdout.write("No photo came in.")
        else:
            count = len(taken.photos)
            self.stdout.write(f"Import {taken.batch.pk} is saved: {count} photos.")
        if taken.known:
            self.stdout.write(f"Here already, from the same ZIP: {taken.known} photos.")
