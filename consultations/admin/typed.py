"""Reads a half-filled form: what is valid so far, and nothing of what is not."""

from django.core.exceptions import ValidationError


def refused(model, names, data, prefix=""):
    """The labels of the fields among `names` whose value cannot be right."""
    labels = []
    for name in names:
        field = model._meta.get_field(name).formfield()
        try:
            field.clean(field.widget.value_from_datadict(data, {}, f"{prefix}{name}"))
        except ValidationError as error:
            if error.code != "required":
                labels.append(str(field.label))
    return labels


def typed(model, names, data, prefix=""):
    """The valid values among `names` that were posted, by field name; a blank is left out."""
    values = {}
    for name in names:
        field = model._meta.get_field(name).formfield()
        raw = field.widget.value_from_datadict(data, {}, f"{prefix}{name}")
        try:
            values[name] = field.clean(raw)
        except ValidationError:
            continue
    return {name: value for name, value in values.items() if value not in (None, "")}
