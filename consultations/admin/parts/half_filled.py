"""Reads a half-filled form: what is valid so far, and nothing of what is not."""

from django.core.exceptions import ValidationError
from django.db import models

from .days import DayField


def typed(model, names, data, prefix=""):
    """The valid values among `names` that were posted, by field name; a blank is left out."""
    return typed_and_refused(model, names, data, prefix)[0]


def typed_and_refused(model, names, data, prefix=""):
    """As `typed`, and the labels of the fields whose value cannot be right."""
    values, refused = {}, []
    for name in names:
        field = _form_field(model._meta.get_field(name))
        raw = field.widget.value_from_datadict(data, {}, f"{prefix}{name}")
        try:
            value = field.clean(raw)
        except ValidationError as error:
            if any(one.code != "required" for one in error.error_list):
                refused.append(str(field.label))
            continue
        if value not in (None, ""):
            values[name] = value
    return values, refused


def _form_field(db_field):
    """The field as the forms have it: days are read as people type them."""
    if type(db_field) is models.DateField:
        return db_field.formfield(form_class=DayField)
    return db_field.formfield()
