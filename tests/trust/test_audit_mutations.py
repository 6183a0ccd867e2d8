"""Every change to a sealed row is found and named: any column of any audited table, a row taken
away, put in between or swapped with another; and as much for the seals themselves, and for the
live rows that the history is about.

    pytest -m trust -k mutation --seed 7 --rounds 2000
"""

import json
import random
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from consultations.models import AuditSeal, Patient
from consultations.summaries.integrity import with_history
from consultations.trust.digests import audited
from consultations.trust.sealing import entomb, seal
from consultations.trust.verification import verify
from tests.factories import (
    AccessRecordFactory,
    AddendumFactory,
    ClinicSettingsFactory,
    MessageAttemptFactory,
)
from tests.sweeps.world import make_world

pytestmark = pytest.mark.django_db

SEALS = AuditSeal._meta.db_table
# What SQLite keeps in any column, and nobody can read: bytes that are no text, a word, too much.
BAD_VALUES = ("CAST(X'ff41' AS TEXT)", "X'ff41'", "'zz'", "1e999", "2.5")


class GivenBackError(Exception):
    """Takes a mutation back."""


@dataclass
class Mutant:
    """One change, by raw SQL; `named` are the rows or seals of which the first must be told."""

    words: str
    statements: list
    named: set
    head: str = ""


@pytest.fixture
def sealed(clinician, manager):
    """A few rows in every audited table, an erasure among them, sealed in two runs."""
    for _run in range(2):
        for _world in range(2):
            world = make_world(clinician)
            AddendumFactory(by=clinician, consultation=world.consultation)
            MessageAttemptFactory(message__patient=world.patient)
            AccessRecordFactory(user=clinician, patient=world.patient, address="10.0.0.1")
        patient = world.patient
        entomb(
            patient=patient,
            by=manager,
            reason="Asked.",
            rows={Patient.history.model._meta.db_table: {patient.history.first().pk: "changed"}},
        )
        seal()
    ClinicSettingsFactory(by=manager)
    ClinicSettingsFactory._meta.model.objects.get().save(by=manager)
    manager.first_name = "Another"
    manager.save()
    seal()


def test_every_mutation_is_found_and_named(sealed, seed, rounds, figure):
    chance = random.Random(seed)
    assert verify().count == 0
    every = [*of_columns(), *of_rows(), *of_seals(), *of_live_rows(), *of_bad_values()]
    tried = every if rounds(0) >= len(every) else sample(every, rounds(20), chance)
    outcomes = [found_and_named(mutant) for mutant in tried]
    done = [one for one in outcomes if one is not None]
    figure("mutations possible", len(every))
    figure("tried", len(done))
    figure("refused by a constraint", len(tried) - len(done))
    figure("found and named", f"{100 * sum(done) / len(done):.4g} %")
    missed = [mutant.words for mutant, one in zip(tried, outcomes, strict=True) if one is False]
    assert missed == []
    # Of all of them a tenth cannot be made, most of them bad values in a live row.
    assert len(done) > 0.8 * len(tried)
    assert verify().count == 0


def sample(every, count, chance):
    """So many of them, of every table and of every kind at least one."""
    first = {}
    for mutant in chance.sample(every, len(every)):
        first.setdefault(mutant.words.partition(" ")[0], mutant)
    return [*first.values(), *chance.sample(every, min(count, len(every)))]


def found_and_named(mutant):
    """Whether the first problem told is this one; None where the database refuses to make it."""
    found = None
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                for statement, values in mutant.statements:
                    cursor.execute(statement, values)
            found = verify(head=mutant.head)
            raise GivenBackError
    except GivenBackError:
        first = found.problems[:1]
        return any(is_named(mutant, one) for one in first)
    except DatabaseError:
        return None


def is_named(mutant, problem):
    table = mutant.words.partition(" ")[0].partition("-")[0]
    if table == SEALS:
        return problem.key is None and problem.seal in mutant.named
    return problem.table == table and problem.key in mutant.named


# What may be done to a row


def of_columns():
    """Each column of a row of each table, another value in its place."""
    for table, model in audited().items():
        rows = list(model._base_manager.order_by("pk").values())
        assert rows, table
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        for row in (rows[0], rows[-1]):
            for field in fields:
                value = other(row[field.attname], field, row)
                yield Mutant(
                    f"{table} {field.attname} of row {row[model._meta.pk.attname]}",
                    [update(table, field.column, value, model, row)],
                    {row[model._meta.pk.attname]},
                )


def of_rows():
    for table, model in audited().items():
        key = model._meta.pk.column
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        columns = ", ".join(
            quoted(field.column) for field in model._meta.concrete_fields if not field.primary_key
        )
        for one in (keys[0], keys[-1]):
            yield Mutant(
                f"{table}-delete row {one}",
                [(f"DELETE FROM {table} WHERE {key} = %s", [one])],
                {one},
            )
        yield Mutant(
            f"{table}-insert row 0",
            [
                (
                    f"INSERT INTO {table} ({key}, {columns}) SELECT 0, {columns} FROM {table} "
                    f"WHERE {key} = %s",
                    [keys[0]],
                )
            ],
            {0},
        )
        if len(keys) > 1:
            yield Mutant(
                f"{table}-swap rows {keys[0]} and {keys[1]}",
                [
                    (f"UPDATE {table} SET {key} = %s WHERE {key} = %s", values)
                    for values in ([-1, keys[0]], [keys[0], keys[1]], [keys[1], -1])
                ],
                {keys[0], keys[1]},
            )


def of_seals():
    chain = list(AuditSeal.objects.order_by("number"))
    for one in chain:
        row = vars(one)
        for field in AuditSeal._meta.concrete_fields:
            value = other(row[field.attname], field, row)
            statement = f"UPDATE {SEALS} SET {quoted(field.column)} = %s WHERE number = %s"
            yield Mutant(
                f"{SEALS} {field.attname} of seal {one.number}",
                [(statement, [value, one.number])],
                {one.number, value},
            )
        statement = (f"DELETE FROM {SEALS} WHERE number = %s", [one.number])
        kept = chain[-1].head if one is chain[-1] else ""
        named = {None} if one is chain[-1] else {one.number}
        yield Mutant(f"{SEALS}-delete seal {one.number}", [statement], named, kept)
    for one, next_ in pairwise(chain):
        swap = [
            (f"UPDATE {SEALS} SET number = %s, id = %s WHERE number = %s", [new, new, old])
            for new, old in ((0, one.number), (one.number, next_.number), (next_.number, 0))
        ]
        yield Mutant(f"{SEALS}-swap seal {one.number}", swap, {one.number, next_.number})


def of_live_rows():
    """As of the history: a column of a live row changed, a row taken away or put in."""
    for model, history in with_history():
        table, key = model._meta.db_table, model._meta.pk.column
        row = model._base_manager.order_by("pk").values().last()
        kept = {field.attname for field in history._meta.concrete_fields}
        fields = [one for one in model._meta.concrete_fields if not one.generated]
        for field in fields:
            if field.attname in kept and not field.primary_key:
                statement = update(
                    table, field.column, other(row[field.attname], field, row), model, row
                )
                yield Mutant(
                    f"{table} {field.attname} of row {row['id']}", [statement], {row["id"]}
                )
        taken = (f"DELETE FROM {table} WHERE {key} = %s", [row["id"]])
        yield Mutant(f"{table}-delete row {row['id']}", [taken], {row["id"]})
        moved = (f"UPDATE {table} SET {key} = 0 WHERE {key} = %s", [row["id"]])
        yield Mutant(f"{table}-move row {row['id']}", [moved], {0, row["id"]})


def of_bad_values():
    """Values that no program of ours has written, in each column of a row of each table."""
    if connection.vendor != "sqlite":
        return
    live = {model._meta.db_table: model for model, _history in with_history()}
    for table, model in (audited() | live | {SEALS: AuditSeal}).items():
        row = model._base_manager.order_by("pk").values().last()
        key = row[model._meta.pk.attname]
        unkept = {"form_token", "password", "last_login"} if table in live else set()
        for field in model._meta.concrete_fields:
            if field.primary_key or field.name in unkept:
                continue
            # Django reads what is no day as none, and what is no yes as no: as they were sealed.
            if table in audited() and not row[field.attname] and reads_anything(field):
                continue
            for value in BAD_VALUES:
                statement = (
                    f"UPDATE {table} SET {quoted(field.column)} = {value} "
                    f"WHERE {model._meta.pk.column} = %s"
                )
                words = f"{table}-bad {value} as {field.attname} of row {key}"
                yield Mutant(words, [(statement, [key])], {key})


def reads_anything(field):
    return field.get_internal_type() in {"BooleanField", "DateField", "DateTimeField"}


def quoted(name):
    return connection.ops.quote_name(name)


def update(table, column, value, model, row):
    key = model._meta.pk
    return (
        f"UPDATE {table} SET {quoted(column)} = %s WHERE {quoted(key.column)} = %s",
        [value, row[key.attname]],
    )


def other(value, field, row):
    """A value that the column can hold and that is not the one it holds."""
    kind = field.get_internal_type()
    if kind == "JSONField":
        return json.dumps([value, "other"])
    if kind in {"BooleanField", "NullBooleanField"}:
        return not value
    if kind == "DateTimeField":
        return (value or timezone.now()).replace(
            microsecond=1 if value is None else value.microsecond ^ 1
        )
    if kind == "DateField":
        return date(1999, 12, 31) if value is None else value.replace(year=value.year - 1)
    if kind == "TimeField":
        return time(12, 1) if value is None else value.replace(minute=value.minute ^ 1)
    if kind == "DecimalField":
        return (value or Decimal(0)) + Decimal(1).scaleb(-field.decimal_places)
    if kind == "BinaryField":
        flipped = bytearray(bytes(value))
        flipped[-1] ^= 1
        return bytes(flipped)
    if kind == "GenericIPAddressField":
        return "10.0.0.2"
    if kind in {"CharField", "TextField", "EmailField", "FileField"}:
        return changed_text(value, field)
    if isinstance(value, UUID):
        return uuid4().hex
    return (value or 0) + 1 if field.name != "number" else value + 1000


def changed_text(value, field):
    """One letter more, or another where there is no room."""
    if not value:
        return "x"
    if field.max_length and len(value) >= field.max_length:
        return value[:-1] + ("y" if value[-1] == "x" else "x")
    return f"{value}x"
