"""Files as somebody has them, taken in by the engine."""

import csv
import io

from consultations.exchange.imports import checking, saving, staging
from tests.factories import UserFactory

PATIENTS = "record_number,family_name,given_name,date_of_birth"


def staged(text, name="clients.csv", *, by=None, format="auto", **options):
    """The first batch of a file with this text."""
    content = text.encode() if isinstance(text, str) else text
    by = by or UserFactory(is_superuser=True)
    return staging.stage(io.BytesIO(content), name, format=format, by=by, **options)[0]


def checked(text, name="clients.csv", **options):
    batch = staged(text, name, **options)
    return checking.check(batch, by=batch.made_by)


def saved(text, name="clients.csv", *, decision="", leaves_out=False, **options):
    batch = checked(text, name, **options)
    if decision:
        checking.decide_all(batch, decision)
    assert leaves_out or not problems(batch), problems(batch)
    return saving.save(batch, by=batch.made_by, leaves_out=leaves_out)


def problems(batch):
    """Every problem as the user reads it: row, column, words."""
    rows = batch.rows.exclude(problems=[]).order_by("number")
    return [(row.number, *problem) for row in rows for problem in row.problems]


def table(*rows):
    """Rows (dicts) as CSV text with one column for each key of any."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.DictWriter(written, names)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()
