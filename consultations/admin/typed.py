"""Reads a half-filled form: what is valid so far, and nothing of what is not."""

from django.core.exceptions import ValidationError


def typed(model, names, data, prefix=""):
    """The valid values among `names` that were posted, by field name; asks no database."""
    values = {}
    for name in names:
        field = model._meta.get_field(name).formfield()
        raw = field.widget.value_from_datadict(data, {}, f"{prefix}{name}")
        try:
            values[name] = field.clean(raw)
        except ValidationError:
            continue
    return {name: value for name, value in values.items() if value not in (None, "")}
