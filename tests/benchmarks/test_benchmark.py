"""The benchmark runs from end to end; how quick the pages are is for people to read."""

import pytest

from consultations.models import Patient
from tests.benchmarks import records
from tests.benchmarks.measure import table
from tests.benchmarks.records import ForeignPatientsError
from tests.benchmarks.run import run
from tests.factories import PatientFactory


def test_a_run_measures_every_page_and_leaves_nothing(db, monkeypatch):
    # Statistics outlive the rollback, and would mislead PostgreSQL in the tests that follow.
    monkeypatch.setattr(records, "analyse", lambda: None)
    lines = run(50, times=1, quiet=True)
    assert len(table(lines).splitlines()) == len(lines) + 1
    assert all(line.ours.milliseconds > 0 for line in lines)
    assert all(line.stock.milliseconds > 0 for line in lines if line.stock)
    assert Patient.objects.count() == 0


def test_it_refuses_where_other_patients_are(db):
    PatientFactory()
    with pytest.raises(ForeignPatientsError):
        run(50, quiet=True)
    assert Patient.objects.count() == 1
