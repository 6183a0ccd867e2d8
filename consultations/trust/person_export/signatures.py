"""The drawn signatures of a person's export, as pictures."""

import zipfile

from django.utils import timezone

from consultations.models.signature import as_svg


def add_signatures(archive, consents):
    """Add a picture of each signature that was drawn; its points stand with the record."""
    for consent in consents:
        if not consent.points:
            continue
        name = f"signatures/consent-{consent.pk}.svg"
        made = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
        archive.writestr(made, as_svg(consent.points))
