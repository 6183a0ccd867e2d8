"""A believable clinic in bulk: patients, their consultations, courses and sessions, with history.

Every patient's number begins with PREFIX, which is how the loader knows its own again.
"""

import random
from datetime import datetime, time, timedelta

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from consultations.models import (
    AccessRecord,
    Appointment,
    AreaAssessment,
    Laser,
    LaserMode,
    Patient,
    SearchKey,
)

from .writer import PREFIX, TREATED, Writer, number_of

PATIENTS_A_BATCH = 500
BLOCK = 2000


class ForeignPatientsError(Exception):
    """The database holds patients that the benchmark did not make."""


def refuse_foreign_patients():
    if Patient.objects.exclude(record_number__startswith=PREFIX).exists():
        raise ForeignPatientsError(
            "There are patients here that this benchmark did not make. "
            "Give it a database of its own in DATABASE_URL."
        )


def load(patients, *, by, seed=1, quiet=False):
    """Write so many patients with all that belongs to them, in the name of `by`.

    Names, numbers and search keys are each patient's own. What happened to them is made up for a
    block of patients and copied to the other blocks inside the database, which is much quicker.
    """
    refuse_foreign_patients()
    writer = Writer(by, random.Random(seed), timezone.localdate())
    rest = patients % BLOCK if patients > BLOCK else 0
    with tqdm(total=patients, desc="Patients", disable=quiet) as bar, transaction.atomic():
        first = Patient.objects.count() + 1
        for start in range(first, first + patients, PATIENTS_A_BATCH):
            numbers = range(start, min(start + PATIENTS_A_BATCH, first + patients))
            writer.register(numbers)
            bar.update(len(numbers))
    people = Patient.objects.filter(record_number__gte=number_of(first)).order_by("pk")
    keys = list(people.values_list("pk", flat=True))
    with tqdm(total=patients, desc="Courses", disable=quiet) as bar, transaction.atomic():
        writer.treat(keys[:rest])
        bar.update(rest)
        block = keys[rest : rest + BLOCK]
        spans = writer.treat(block)
        bar.update(len(block))
        for copy in range(1, len(keys[rest:]) // BLOCK):
            copy_block(spans, copy)
            bar.update(BLOCK)
        write_history(by)
        reset_sequences()


def full_day():
    """A Monday so far off that nothing else is booked on it."""
    day = timezone.localdate() + timedelta(days=400)
    return day + timedelta(days=-day.weekday() % 7)


def fill_day(practitioners, *, by, appointments=200):
    """Book that day from nine on in half hours, if it is not: so many practitioners side by side,
    with as many patients."""
    if Appointment.objects.on(full_day()).exists():
        return
    patients = list(Patient.objects.order_by("pk").values_list("pk", flat=True)[:appointments])
    nine = timezone.make_aware(datetime.combine(full_day(), time(9)))
    booked = []
    for number in range(appointments):
        start = nine + timedelta(minutes=30) * (number // len(practitioners))
        booked.append(
            Appointment(
                patient_id=patients[number % len(patients)],
                practitioner=practitioners[number % len(practitioners)],
                starts_at=start,
                ends_at=start + timedelta(minutes=30),
                created_by=by,
                changed_by=by,
            )
        )
    Appointment._base_manager.bulk_create(booked)


def columns_of(model):
    return [field for field in model._meta.concrete_fields if not field.generated]


NEW_UID = "lower(hex(randomblob(16)))"


def copy_block(spans, copy):
    """Copy the block's records for the patients `copy` blocks further on."""
    quote = connection.ops.quote_name
    steps = {model: last - first + 1 for model, (first, last) in spans.items()}
    steps[Patient] = BLOCK

    # Each copy is known to calendars by a name of its own.
    new_uid = "gen_random_uuid()" if connection.vendor == "postgresql" else NEW_UID

    def value(model, field):
        if field.name == "uid":
            return new_uid
        step = steps.get(model if field.primary_key else field.related_model)
        return quote(field.column) + (f" + {step * copy}" if step else "")

    with connection.cursor() as cursor:
        for model, (first, last) in spans.items():
            fields, table = columns_of(model), quote(model._meta.db_table)
            names = ", ".join(quote(field.column) for field in fields)
            values = ", ".join(value(model, field) for field in fields)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} "
                f"WHERE id BETWEEN {first} AND {last}"
            )


def write_history(by):
    """The first version of every record that has no history yet."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in (Patient, *TREATED):
            kept, past = model._meta, model.history.model._meta
            names = [one.column for one in model.history.model.tracked_fields if not one.generated]
            listed = ", ".join(quote(name) for name in names)
            cursor.execute(
                f"INSERT INTO {quote(past.db_table)} "
                f"({listed}, history_date, history_type, history_user_id) "
                f"SELECT {listed}, changed_at, '+', {by.pk} FROM {quote(kept.db_table)} "
                f"WHERE id NOT IN (SELECT id FROM {quote(past.db_table)}) ORDER BY id"
            )


def reset_sequences():
    """Rows were copied with their keys; what is written next must not take one of those."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Patient, *TREATED]):
            cursor.execute(sql)


def remove():
    """Remove every record of a database that holds the benchmark's alone."""
    refuse_foreign_patients()
    models = [AccessRecord, *reversed(TREATED), SearchKey, Patient, LaserMode, Laser]
    with transaction.atomic():
        AreaAssessment.objects.update(follows_referral=None)
        for model in models:
            if hasattr(model, "history"):
                model.history.all()._raw_delete(connection.alias)
            model._base_manager.all()._raw_delete(connection.alias)


def analyse():
    """What PostgreSQL does by itself in time; SQLite is never told its sizes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
