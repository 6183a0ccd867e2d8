"""How a test breaks a promise by name: the form says where, and the database refuses the row."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint

from consultations.models import Addendum, Discount, IssuedDocument, Payment


def constraints():
    """Every named constraint of every record, with its model."""
    return {
        constraint.name: (model, constraint)
        for model in apps.get_app_config("consultations").get_models()
        for constraint in model._meta.constraints
    }


def breaks(name, record, **changes):
    """Fail unless `changes` break the constraint `name`, and no other, in the form and in the
    database."""
    model, constraint = constraints()[name]
    assert type(record) is model
    for field, value in changes.items():
        setattr(record, field, value)
    with pytest.raises(ValidationError) as told:
        record.validate_constraints()
    assert told.value.message_dict == {
        constraint.violation_error_code or "__all__": [constraint.violation_error_message]
    }
    # What is never edited may still be corrected as a whole.
    written_once = Addendum | Discount | IssuedDocument | Payment
    options = {"correcting": True} if isinstance(record, written_once) else {}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        record.save(by=record.created_by, **options)
    assert how_told(model, constraint) in str(refused.value)


def keeps(record, **changes):
    """Fail unless the database takes the record with `changes`."""
    for field, value in changes.items():
        setattr(record, field, value)
    record.validate_constraints()
    record.save(by=record.created_by)


def how_told(model, constraint):
    """What the database says of a broken constraint: SQLite tells uniqueness by its columns."""
    if connection.vendor != "sqlite" or not isinstance(constraint, UniqueConstraint):
        return constraint.name
    columns = [model._meta.get_field(field).column for field in constraint.fields]
    return ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
