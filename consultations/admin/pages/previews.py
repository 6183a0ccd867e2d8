"""What previews share: each thing that stands in the way, with links to where it is dealt with."""

from consultations.admin.parts.displays import admin_url


def linked(obstacles):
    """Each obstacle in words, and an address and a name for each of its records."""
    return [
        (obstacle.words, [(_url(record), record) for record in obstacle.records])
        for obstacle in obstacles
    ]


def _url(record):
    return admin_url(record._meta.model_name, "change", record.pk)
