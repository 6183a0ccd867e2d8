"""The benchmark runs from end to end; how quick the pages are is for people to read."""

import pytest

from consultations.models import Patient
from consultations.summaries.clinic_figures import clinic_figures
from tests.benchmarks import records
from tests.benchmarks.__main__ import main
from tests.benchmarks.figures import counts_by_hand, counts_of, figures_table, spans
from tests.benchmarks.growth import growth_table
from tests.benchmarks.measure import Cost, Line, table
from tests.benchmarks.records import ForeignPatientsError
from tests.benchmarks.run import run, run_figures, run_growth
from tests.factories import PatientFactory


def test_a_run_measures_every_page_and_leaves_nothing(db, monkeypatch):
    # Statistics outlive the rollback, and would mislead PostgreSQL in the tests that follow.
    monkeypatch.setattr(records, "analyse", lambda: None)
    lines = run(50, times=1, quiet=True)
    assert len(table(lines).splitlines()) == len(lines) + 1
    assert all(line.ours.milliseconds > 0 for line in lines)
    assert all(line.stock.milliseconds > 0 for line in lines if line.stock)
    assert Patient.objects.count() == 0


def test_growth_is_told_of_every_page(db, monkeypatch):
    monkeypatch.setattr(records, "analyse", lambda: None)
    measured = run_growth([60, 50], times=1, quiet=True)
    assert list(measured) == [50, 60]
    head, *rows = growth_table(measured).splitlines()
    assert len(rows) == len(measured[50]) == len(measured[60])
    assert {len(row) for row in rows} == {len(head)}
    assert Patient.objects.count() == 0


def test_figures_are_those_counted_by_hand(db, clinician):
    records.load(60, by=clinician, quiet=True)
    counted = {name: counts_of(clinic_figures(span)) for name, span in spans().items()}
    assert counted == {name: counts_by_hand(span) for name, span in spans().items()}
    assert min(counted["all days"].values()) > 0


def test_figures_are_measured_of_every_span(db, monkeypatch):
    monkeypatch.setattr(records, "analyse", lambda: None)
    measured = run_figures(30, times=1, quiet=True)
    assert [one.name for one in measured] == ["month", "quarter", "year", "all days"]
    head, *rows = figures_table(measured).splitlines()
    assert {len(row) for row in rows} == {len(head)}
    assert Patient.objects.count() == 0


@pytest.mark.parametrize(("costs", "ratio", "exponent"), [((10, 10), 1, 0), ((10, 100), 10, 0.5)])
def test_growth_is_a_ratio_and_an_exponent(costs, ratio, exponent):
    sizes = dict(zip((100, 10_000), costs, strict=True))
    measured = {size: [Line("today", Cost(cost, 9), None)] for size, cost in sizes.items()}
    [_head, row] = growth_table(measured).splitlines()
    assert [float(one) for one in row.split()[-2:]] == [ratio, exponent]


def test_it_refuses_where_other_patients_are(db):
    PatientFactory()
    with pytest.raises(ForeignPatientsError):
        run(50, quiet=True)
    assert Patient.objects.count() == 1


@pytest.mark.parametrize("options", [["--patients", "0"], ["--growth", "50", "0"]])
def test_nothing_to_load_is_refused(monkeypatch, capsys, options):
    monkeypatch.setattr("sys.argv", ["benchmarks", *options])
    with pytest.raises(SystemExit):
        main()
    assert "give at least one patient" in capsys.readouterr().err
