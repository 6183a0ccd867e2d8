"""What is evaluated in memory is what the database would say."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import models
from django.utils import timezone

from consultations.models import TreatmentSession
from consultations.models.in_memory import CannotTell, holds

from .promises import constraints

CHECKS = {
    name: (model, constraint.condition)
    for name, (model, constraint) in constraints().items()
    if isinstance(constraint, models.CheckConstraint)
}
NOW = timezone.now()


def value_of(field, chance):
    """A value that this field may hold, NULL among them."""
    if field.null and chance.random() < 0.3:
        return None
    match field:
        case _ if field.choices:
            return chance.choice([value for value, _label in field.flatchoices])
        case models.BooleanField():
            return chance.random() < 0.5
        case models.DateTimeField():
            return NOW + timedelta(hours=chance.randint(-50, 50))
        case models.DateField():
            return date(2025, 1, 1) + timedelta(days=chance.randint(-3, 3))
        case models.DecimalField():
            return Decimal(chance.randint(0, 9)) / 2
        case models.ForeignKey():
            return chance.randint(1, 3)
        case models.IntegerField():
            return chance.randint(0, 12)
        case models.TextField() | models.CharField():
            return chance.choice(["", "x"])


def filled(model, chance):
    record = model()
    for field in model._meta.concrete_fields:
        if not field.generated and not isinstance(field, models.JSONField | models.UUIDField):
            setattr(record, field.attname, value_of(field, chance))
    return record


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(CHECKS))
def test_check_is_told_in_memory_as_by_the_database(name, request):
    model, condition = CHECKS[name]
    chance = random.Random(f"{name} {request.config.getoption('--seed')}")
    told = set()
    for record in (filled(model, chance) for _ in range(40)):
        asked = record._get_field_expression_map(meta=model._meta)
        told.add((holds(condition, record) is not False, models.Q(condition).check(asked)))
    assert told <= {(True, True), (False, False)}


@pytest.mark.parametrize(
    "condition",
    [
        models.Q(day=models.F("day") + 1),
        models.Q(day__year=2025),
        models.Q(notes__gt="a"),
        models.Q(created_at__lt=date(2025, 1, 1)),
        models.Q(findings=[]),
    ],
)
def test_what_only_the_database_can_tell_is_left_to_it(condition):
    with pytest.raises(CannotTell):
        holds(condition, TreatmentSession(day=date(2025, 1, 1), notes="b"))
