"""What `manage.py check` says of this installation, beyond what Django says."""

import os
from pathlib import Path

from django.conf import settings
from django.core import checks


def media_can_be_kept(app_configs, **kwargs):
    """Photos need a folder that can be written, or made."""
    place = Path(settings.MEDIA_ROOT)
    while not place.exists() and place != place.parent:
        place = place.parent
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return []
    return [
        checks.Warning(
            f"No photo can be kept: {place} is no folder that can be written.",
            hint="See to MEDIA_ROOT, and to whom its folder belongs.",
            id="turgor.W001",
        )
    ]
