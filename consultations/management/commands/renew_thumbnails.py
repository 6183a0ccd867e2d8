"""Command: make thumbnails that have no digest again, from the photos themselves."""

import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from consultations.actions.photos import renew_thumbnail
from consultations.management.running import progress
from consultations.management.staff import staff_named
from consultations.summaries.integrity import thumbnails_without_digest


class Command(BaseCommand):
    help = (
        "Make the thumbnails of photos that were stored before thumbnails had digests anew. Until "
        "then the photos themselves are sent in their place, which takes longer."
    )

    def add_arguments(self, parser):
        parser.add_argument("--by", required=True, help="the account of whoever asks for it")

    def handle(self, *, by, **options):
        user = staff_named(by, "consultations.change_photo")
        photos = list(thumbnails_without_digest().order_by("pk"))
        refused = 0
        with progress(len(photos), "photos") as shown:
            for photo in photos:
                try:
                    renew_thumbnail(photo=photo, by=user)
                except ValidationError as refusal:
                    refused += 1
                    self.stdout.write(f"Photo {photo.pk}: {' '.join(refusal.messages)}")
                shown.update()
        self.stdout.write(f"{len(photos) - refused} thumbnails made anew.")
        if refused:
            sys.exit(1)
